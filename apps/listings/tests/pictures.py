"""Files that people upload, good and bad."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(width=640, height=480, format="PNG", name="sword.png", mode="RGB", tail=b"", **options):
    image = Image.effect_mandelbrot((width, height), (-2, -1.5, 1, 1.5), 20).convert(mode)
    out = BytesIO()
    image.save(out, format, **options)
    return upload(out.getvalue() + tail, name)


def upload(content, name="sword.png"):
    return SimpleUploadedFile(name, content, "image/png")


def animated(format):
    out = BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, format, save_all=True, append_images=frames[1:])
    return upload(out.getvalue())
