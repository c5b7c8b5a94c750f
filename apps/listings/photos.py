"""Uploaded pictures: judged by content, stored anew as WebP in a few sizes under a name of our own; the original is not kept."""

import struct
import threading
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from typing import NamedTuple

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from prometheus_client import Counter

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
STRIP = 64  # rows of the smaller picture
LARGE = 4_000_000  # points; of those that have more a worker decodes one at a time
_large = threading.Lock()
refused = Counter("lootlink_uploads_refused", "Pictures not taken", ["why"])

# Pillow's decoders answer a malformed file with any of these.
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
STORAGE_AWAY = (OSError, BotoCoreError, ClientError, Boto3Error)


class Size(NamedTuple):
    """In pixels; a cropped one is filled from the middle of the picture. Nothing is enlarged."""

    width: int
    height: int
    cropped: bool


SIZES = {
    "listings": {"card": Size(480, 360, True), "card2x": Size(960, 720, True), "large": Size(1280, 1280, False)},
    "avatars": {"small": Size(64, 64, True), "large": Size(192, 192, True)},
}


class Photo:
    """A stored picture's addresses by size: `photo.card`, `photo.large`. False, and every address "", where there is none."""

    def __init__(self, name: str):
        self.name = name

    def __bool__(self):
        return bool(self.name)

    def __eq__(self, other):
        return isinstance(other, Photo) and self.name == other.name

    def __hash__(self):
        return hash(self.name)

    def __getattr__(self, size: str) -> str:
        if size.startswith("_"):
            raise AttributeError(size)
        return url(self.name, size)


def sizes(kind: str) -> dict[str, Size]:
    return SIZES[kind]


def url(name: str, size: str) -> str:
    """The address of one size of a stored picture; "" for the name of none."""
    return default_storage.url(_path(name, size)) if name else ""


def store(upload, kind: str) -> str:
    """Check an uploaded file and store it; returns its name. Raises ValidationError that says the limit."""
    return store_image(opened(upload), kind)


def store_image(image: Image.Image, kind: str) -> str:
    """Store a picture in every size of its kind under one server-made name. Raises ValidationError."""
    return store_encoded(encoded(image, kind), kind)


def encoded(image: Image.Image, kind: str) -> dict[str, bytes]:
    """The files of a picture, by size, stored nowhere yet. Raises ValidationError."""
    files, made = {}, {}
    try:
        for size, shape in SIZES[kind].items():
            fitted = _fitted(image, *shape)
            # The same sides are the same picture: a crop that keeps the proportions cuts nothing off.
            if fitted.size not in made:
                made[fitted.size] = _webp(fitted)
            files[size] = made[fitted.size]
    except BROKEN as error:
        raise _broken() from error
    return files


def store_encoded(files: dict[str, bytes], kind: str) -> str:
    """Store what encoded() made under a new name of its own. Raises ValidationError."""
    name = f"{kind}/{uuid.uuid4().hex}"
    try:
        for size, content in files.items():
            file = ContentFile(content)
            file.content_type = "image/webp"
            default_storage.save(_path(name, size), file)
    except STORAGE_AWAY as error:
        delete(name)
        refused.labels("storage").inc()
        raise ValidationError(
            _("Сейчас картинку не сохранить: хранилище не отвечает. Попробуйте позже."), code="storage"
        ) from error
    return name


@contextmanager
def kept(image: Image.Image | None, kind: str) -> Iterator[str]:
    """The picture stored under the name that this yields, "" for none; gone again when what follows fails."""
    name = store_image(image, kind) if image else ""
    try:
        yield name
    except BaseException:
        delete(name)
        raise


def delete(name: str) -> None:
    """Remove every size of a stored picture; what can't be removed now only takes up room."""
    for size in SIZES[name.partition("/")[0]] if name else ():
        try:
            default_storage.delete(_path(name, size))
        except STORAGE_AWAY:
            return


def opened(upload) -> Image.Image:
    """The picture of an uploaded file, upright and decoded, after every check of its header. Raises ValidationError."""
    try:
        if upload.size > settings.IMAGE_BYTES:
            raise ValidationError(_("Файл больше %(n)s МБ.") % {"n": settings.IMAGE_BYTES // 2**20}, code="size")
        upload.seek(0)
        image = Image.open(BytesIO(upload.read()), formats=FORMATS)
        _check_header(image)
        return _decoded(image)
    except ValidationError as refusal:
        refused.labels(refusal.code).inc()
        raise
    except BROKEN as error:
        refused.labels("broken").inc()
        raise _broken() from error


def _check_header(image: Image.Image) -> None:
    low, high = settings.IMAGE_SIDE
    if not all(low <= side <= high for side in image.size):
        limits = {"low": low, "high": f"{high:,}".replace(",", "\u00a0")}
        raise ValidationError(_("Стороны картинки должны быть от %(low)s до %(high)s точек.") % limits, code="sides")
    if image.width * image.height > settings.IMAGE_PIXELS:
        raise ValidationError(_("В картинке больше %(n)s мегапикселей.") % {"n": settings.IMAGE_PIXELS // 10**6}, code="pixels")
    if getattr(image, "n_frames", 1) != 1:
        raise ValidationError(_("Картинка с движением не подойдёт: нужен один кадр."), code="frames")


def _decoded(image: Image.Image) -> Image.Image:
    """In RGB or RGBA, turned as its EXIF says, and no larger than the sizes need: 25 megapixels take 100 MB."""
    image.draft("RGB", (1920, 1920))
    with _large if image.width * image.height > LARGE else nullcontext():
        image.load()
        orientation = image.getexif().get(0x0112)
        image = _reduced(image, max(1, min(image.size) // 1440))
    image.getexif()[0x0112] = orientation or 1
    return ImageOps.exif_transpose(image)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """A new picture without metadata. By strips: converted as a whole it would be there twice."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    smaller = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, STRIP * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP * factor, image.height)))
        if strip.mode.startswith("I"):
            strip = strip.convert("I").point(lambda level: level / 256).convert("L")
        smaller.paste(strip.convert(mode).reduce(factor), (0, top // factor))
    return smaller


def _fitted(image: Image.Image, width: int, height: int, cropped: bool) -> Image.Image:
    if cropped:
        scale = min(1, image.width / width, image.height / height)
        return ImageOps.fit(image, (max(1, round(width * scale)), max(1, round(height * scale))))
    image = image.copy()
    image.thumbnail((width, height))
    return image


def _webp(image: Image.Image) -> bytes:
    image.info = {}
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def _path(name: str, size: str) -> str:
    return f"{name}-{size}.webp"


def _broken() -> ValidationError:
    return ValidationError(_("Файл не открывается как картинка. Подойдут JPEG, PNG и WebP."), code="broken")
