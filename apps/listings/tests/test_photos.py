"""Uploaded pictures are judged by their content and stored anew."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import Image

from apps.listings import photos

from .pictures import animated, picture, upload


def stored(name, size):
    with default_storage.open(f"{name}-{size}.webp") as file:
        content = file.read()
    return content, Image.open(BytesIO(content))


def refusal(file):
    with pytest.raises(ValidationError) as caught:
        photos.store(file, "listings")
    return caught.value.code


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_stored_in_every_size(format):
    name = photos.store(picture(2000, 1500, format), "listings")
    shapes = {size: stored(name, size)[1] for size in photos.sizes("listings")}
    assert {size: image.size for size, image in shapes.items()} == {
        "card": (480, 360),
        "card2x": (960, 720),
        "large": (1280, 960),
    }
    assert {image.format for image in shapes.values()} == {"WEBP"}


def test_nothing_is_enlarged():
    name = photos.store(picture(100, 40), "listings")
    assert stored(name, "large")[1].size == (100, 40)
    assert stored(name, "card")[1].size == (53, 40)


def test_an_avatar_is_square():
    name = photos.store(picture(300, 200), "avatars")
    assert [stored(name, size)[1].size for size in ("small", "large")] == [(64, 64), (192, 192)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_colour_mode_is_understood(mode):
    image = Image.new("L", (64, 48), 255).convert(mode) if mode != "I;16" else Image.new("I;16", (64, 48), 255 * 256)
    out = BytesIO()
    image.save(out, "PNG")
    pixel = stored(photos.store(upload(out.getvalue()), "listings"), "large")[1].convert("RGB").getpixel((30, 20))
    assert min(pixel) > 240


def test_the_orientation_is_applied_and_no_metadata_is_left():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 0.0)
    file = picture(600, 400, "JPEG", exif=exif)
    assert b"SECRET-CAMERA" in file.read()
    name = photos.store(file, "listings")
    for size in photos.sizes("listings"):
        content, image = stored(name, size)
        assert b"SECRET-CAMERA" not in content
        assert not image.getexif()
    assert stored(name, "large")[1].size == (400, 600)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_tail_is_gone(format):
    payload = b"<script>alert(document.domain)</script><?php system($_GET[0]);"
    name = photos.store(picture(format=format, tail=payload), "listings")
    assert all(b"<script>" not in stored(name, size)[0] for size in photos.sizes("listings"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.php.jpg", "x" * 300 + ".png", "меч.html", "a\0b.png"])
def test_the_client_does_not_name_the_file(name):
    stored_as = photos.store(picture(name=name), "listings")
    assert stored_as.startswith("listings/")
    assert len(stored_as) == len("listings/") + 32


@pytest.mark.parametrize("format", ["GIF", "TIFF", "BMP", "ICO", "EPS", "PPM"])
def test_other_formats_are_refused_whatever_their_name(format):
    assert refusal(picture(64, 64, format, name="sword.png")) == "broken"


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_picture_is_refused(content):
    assert refusal(upload(content)) == "broken"


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(format):
    assert refusal(animated(format)) == "frames"


@pytest.mark.parametrize(("width", "height", "code"), [(31, 64, "sides"), (64, 8001, "sides"), (5001, 5000, "pixels")])
def test_sides_and_pixels_are_limited(width, height, code):
    assert refusal(picture(width, height, mode="1")) == code


@pytest.mark.parametrize(("width", "height"), [(32, 32), (8000, 33), (33, 8000)])
def test_the_limits_themselves_are_allowed(width, height):
    assert photos.store(picture(width, height), "listings")


def test_a_file_over_eight_megabytes_is_refused(settings):
    settings.IMAGE_BYTES = 2**20
    assert photos.store(picture(64, 64, tail=b"0" * 900_000), "listings")
    assert refusal(picture(64, 64, tail=b"0" * 2**20)) == "size"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [60_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header(side):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 100_000, 9))
    assert refusal(upload(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b""))) in {"broken", "sides"}


def test_a_text_that_swells_is_refused_or_dropped():
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0))
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 80_000_000, 9))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 65 * 64, 9))
    assert refusal(upload(b"\x89PNG\r\n\x1a\n" + header + text + pixels + chunk(b"IEND", b""))) == "broken"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_file_is_stored_or_refused_and_never_fails(format):
    choice = random.Random(7)
    whole = bytearray(picture(96, 64, format).read())
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole[: choice.randrange(len(whole))] if choice.random() < 0.3 else whole)
        for _ in range(choice.randint(1, 12)):
            if damaged:
                damaged[choice.randrange(len(damaged))] = choice.randrange(256)
        try:
            photos.store(upload(bytes(damaged)), "listings")
        except ValidationError:
            refused += 1
    assert refused > 20


def test_a_picture_that_was_half_stored_leaves_nothing(monkeypatch):
    saved = []
    save = FileSystemStorage._save

    def failing(storage, name, content):
        if saved:
            raise OSError("no space left")
        saved.append(save(storage, name, content))
        return saved[0]

    monkeypatch.setattr(FileSystemStorage, "_save", failing)
    assert refusal(picture()) == "storage"
    assert saved
    assert not default_storage.exists(saved[0])


def test_deleting_removes_every_size():
    name = photos.store(picture(), "listings")
    photos.delete(name)
    assert not any(default_storage.exists(f"{name}-{size}.webp") for size in photos.sizes("listings"))
    photos.delete("")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_made_smaller_in_strips_it_is_the_same_picture(mode):
    """Its sides are no multiples of anything, and each strip but the last has the same height."""
    file = picture(2_891, 2_885, mode=mode)
    with Image.open(file) as whole:
        wanted = whole.convert("RGBA" if mode == "RGBA" else "RGB").reduce(2)
    file.seek(0)
    assert photos.opened(file).tobytes() == wanted.tobytes()
