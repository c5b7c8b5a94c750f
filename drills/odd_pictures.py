"""Files that claim to be pictures: good ones torn and changed, bombs, two formats in one, things that move, other formats."""

import io
import random
import struct
import time
import zlib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PIL import Image


class Upload(NamedTuple):
    """`good`: nothing is wrong with it."""

    what: str
    name: str
    type: str
    content: bytes
    good: bool = False


NAMES = [
    "a.png",
    "a.jpg",
    "a.webp",
    "a.gif",
    "a.php.jpg",
    "../../a.png",
    "a",
    ".png",
    "x" * 200 + ".png",
    "ы.png",
    "a\u202egnp.exe",
]
TYPES = ["image/png", "image/jpeg", "image/webp", "image/svg+xml", "text/html", "application/octet-stream", "", "x"]


def uploads(seed: int) -> Iterator[Upload]:
    """Without end."""
    choice = random.Random(seed)
    makers = (
        [_torn] * 4
        + [_flipped] * 8
        + [_spliced] * 4
        + [_sized] * 3
        + [_foreign] * 2
        + [_special] * 2
        + [_two_in_one] * 2
        + [_good]
    )
    while True:
        maker = choice.choice(makers)
        what, content = maker(choice)
        name, type_ = choice.choice(NAMES), choice.choice(TYPES)
        yield Upload(what, name, type_, content, good=maker is _good)


@cache
def _bases() -> dict[str, bytes]:
    """Good pictures of every kind that is taken."""
    picture = Image.effect_mandelbrot((320, 240), (-2, -1.5, 1, 1.5), 20)
    colour = Image.merge("RGB", [picture, picture.rotate(90, expand=False), picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    clear = colour.copy()
    clear.putalpha(picture)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "LootLink"
    kinds = {
        "jpeg": (colour, "JPEG", {"exif": exif}),
        "progressive jpeg": (colour, "JPEG", {"progressive": True, "quality": 95}),
        "grey jpeg": (picture, "JPEG", {}),
        "cmyk jpeg": (colour.convert("CMYK"), "JPEG", {}),
        "png": (colour, "PNG", {}),
        "clear png": (clear, "PNG", {}),
        "palette png": (colour.convert("P"), "PNG", {"transparency": 3}),
        "black and white png": (picture.convert("1"), "PNG", {}),
        "deep png": (picture.convert("I;16"), "PNG", {}),
        "webp": (colour, "WEBP", {"exif": exif}),
        "lossless webp": (clear, "WEBP", {"lossless": True}),
    }
    return {name: _saved(*how) for name, how in kinds.items()}


def _saved(image: Image.Image, format: str, options: dict) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _base(choice: random.Random) -> tuple[str, bytearray]:
    name, content = choice.choice(list(_bases().items()))
    return name, bytearray(content)


def _good(choice: random.Random) -> tuple[str, bytes]:
    name, content = _base(choice)
    return name, bytes(content)


def _torn(choice: random.Random) -> tuple[str, bytes]:
    name, content = _base(choice)
    return f"torn {name}", bytes(content[: choice.choice([choice.randrange(64), choice.randrange(len(content))])])


def _flipped(choice: random.Random) -> tuple[str, bytes]:
    """Some bits changed; half of the time in the first bytes, where the shape of the file is told."""
    name, content = _base(choice)
    reach = choice.choice([256, len(content)])
    for _ in range(choice.choice([1, 1, 2, 5, 20, 200])):
        content[choice.randrange(min(reach, len(content)))] ^= 1 << choice.randrange(8)
    return f"flipped {name}", bytes(content)


def _spliced(choice: random.Random) -> tuple[str, bytes]:
    """A piece taken out, doubled, put elsewhere, emptied, or taken from another picture."""
    name, content = _base(choice)
    start = choice.randrange(len(content))
    end = min(len(content), start + choice.choice([1, 4, 16, 1_000]))
    piece = content[start:end]
    match choice.randrange(5):
        case 0:
            del content[start:end]
        case 1:
            content[start:start] = piece * choice.randint(1, 50)
        case 2:
            at = choice.randrange(len(content))
            content[at:at] = piece
        case 3:
            content[start:end] = bytes([choice.choice([0, 255])]) * len(piece)
        case _:
            other, stranger = _base(choice)
            return f"{name} going on as {other}", bytes(content[:start] + stranger[choice.randrange(len(stranger)) :])
    return f"spliced {name}", bytes(content)


def _sized(choice: random.Random) -> tuple[str, bytes]:
    """Says sides that it does not have, or has sides that it says: huge, tiny, none."""
    sides = [0, 1, 31, 32, 33, 240, 4_999, 8_000, 8_001, 65_535, 2**31 - 1, 2**32 - 1]
    width, height = choice.choice(sides), choice.choice(sides)
    match choice.randrange(4):
        case 0:
            return f"png that says {width} x {height}", png(width, height, _idat(_bases()["png"]))
        case 1:
            content = bytearray(_bases()["jpeg"])
            at = content.find(b"\xff\xc0")
            content[at + 5 : at + 9] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
            return f"jpeg that says {width} x {height}", bytes(content)
        case 2:
            frame = struct.pack("<I", (width - 1) & 0xFFFFFF)[:3] + struct.pack("<I", (height - 1) & 0xFFFFFF)[:3]
            chunk = b"VP8X" + struct.pack("<I", 10) + bytes([0, 0, 0, 0]) + frame
            body = b"WEBP" + chunk + _bases()["webp"][12:]
            return f"webp that says {width} x {height}", b"RIFF" + struct.pack("<I", len(body)) + body
        case _:
            width, height = choice.choice(
                [(1, 1), (31, 400), (8_000, 33), (4_999, 5_000), (8_000, 8_000), (30_000, 30_000), (60_000, 60_000)]
            )
            return f"black png of {width} x {height}", _black(width, height)


@cache
def _black(width: int, height: int) -> bytes:
    """A few kilobytes however large: one bit a point, all of them 0."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(height // 100)) + packer.compress(row * (height % 100))
    return png(width, height, data + packer.flush(), depth=1, colour=0)


def png(width: int, height: int, data: bytes, *extra: bytes, depth=8, colour=2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _idat(content: bytes) -> bytes:
    start = content.find(b"IDAT")
    return content[start + 4 : start + 4 + struct.unpack(">I", content[start - 4 : start])[0]]


def _special(choice: random.Random) -> tuple[str, bytes]:
    """Bombs of texts and profiles, and pictures that move."""
    return choice.choice(_specials())


@cache
def _specials() -> list[tuple[str, bytes]]:
    zeros = zlib.compress(bytes(50_000_000), 9)
    data = _idat(_bases()["png"])
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    noise = Image.frombytes("L", (3_000, 2_500), random.Random(1).randbytes(3_000 * 2_500))
    moving = {"save_all": True, "append_images": frames[1:]}
    texts = {
        "zTXt": b"a\0\0" + zeros,
        "iTXt": b"a\0\1\0\0\0" + zeros,
        "iCCP": b"a\0\0" + zeros,
        "tEXt": b"a\0" + bytes(1_000_000),
    }
    return [
        *((f"png with {kind} that swells", png(320, 240, data, chunk(kind.encode(), text))) for kind, text in texts.items()),
        ("png with 5,000 texts", png(320, 240, data, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(60_000))) * 5_000)),
        ("png whose data swell", png(320, 240, zeros)),
        ("png with its end alone", png(320, 240, b"")),
        *((f"moving {kind}", _saved(frames[0], kind, moving)) for kind in ("PNG", "WEBP", "GIF")),
        ("two pictures in one jpeg", _saved(frames[0], "MPO", moving)),
        ("jpeg with a scan for every bit", _bases()["progressive jpeg"][:-2] + _scans()),
        ("large and noisy jpeg", _saved(noise, "JPEG", {"quality": 90})),
        ("as large as may be", _saved(Image.new("RGBA", (4_999, 4_999), (1, 2, 3, 4)), "PNG", {})),
        ("deep and large", _saved(Image.new("I;16", (4_999, 4_999), 9_999), "PNG", {})),
        ("as large as may be, jpeg", _saved(Image.new("CMYK", (4_999, 4_999)), "JPEG", {"progressive": True})),
        ("more than 8 MB", _bases()["png"] + bytes(9_000_000)),
    ]


def _scans() -> bytes:
    content = _bases()["progressive jpeg"]
    start = content.rfind(b"\xff\xda")
    return content[start:-2] * 300 + b"\xff\xd9"


def _foreign(choice: random.Random) -> tuple[str, bytes]:
    """Other formats, of which Pillow knows some."""
    kind = choice.choice(["GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "PDF", "EPS", "SGI", "JPEG2000", "ICNS", "DDS"])
    dates = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)} if kind == "PDF" else {}
    return kind, _saved(Image.new("RGB", (64, 64), "red"), kind, dates)


def _two_in_one(choice: random.Random) -> tuple[str, bytes]:
    """A picture that is something else as well."""
    name, content = _base(choice)
    page = b"<html><script>alert(1)</script></html>"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    other = choice.choice(
        [page, svg, b"<?php system($_GET[0]); ?>", b"PK\3\4" + bytes(60), b"%PDF-1.7\n", b"GIF89a", b"%!PS\n", b"MZ"]
    )
    if choice.random() < 0.5:
        return f"{name} with a tail", bytes(content) + other * choice.choice([1, 1_000])
    return f"{name} behind {other[:5]!r}", other + bytes(content)
