"""Draws an item on a tinted, patterned backdrop with a soft shadow beneath: the picture of a demo listing."""

from functools import cache
from math import cos, pi, sin
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from .colours import BACKDROPS, TONES
from .pen import HEIGHT, WIDTH, Pen
from .shapes import SHAPES

MASTER = (960, 720)
DRAWN_LARGER = 2
FAINT = "#ffffff14"


class Drawing(NamedTuple):
    shape: str
    tone: str
    backdrop: str
    pattern: str

    def render(self) -> Image.Image:
        image = _backdrop(self.backdrop)
        PATTERNS[self.pattern](image)
        _shadow(image)
        SHAPES[self.shape](Pen(image), TONES[self.tone])
        return image.reduce(DRAWN_LARGER)


def _backdrop(name):
    size = (MASTER[0] * DRAWN_LARGER, MASTER[1] * DRAWN_LARGER)
    centre, edge = BACKDROPS[name]
    # The gradient is 0 in the middle and 255 on a circle within the square: stretched so that corners stay inside it.
    glow = Image.radial_gradient("L").crop((28, 28, 228, 228)).resize(size, Image.Resampling.BILINEAR)
    return ImageOps.colorize(glow, centre, edge)


def _shadow(image):
    unit = image.width / WIDTH
    mask = _soft_ellipse().resize((round(160 * unit), round(28 * unit)), Image.Resampling.BILINEAR)
    image.paste("#0a0d12", (round(120 * unit), round(258 * unit)), mask)


@cache
def _soft_ellipse():
    sheet = Image.new("L", (160, 28), 0)
    ImageDraw.Draw(sheet).ellipse((8, 7, 152, 21), fill=115)
    return sheet.filter(ImageFilter.GaussianBlur(1.6))


def _rays(image):
    draw, unit = _on(image)
    for i in range(14):
        start = i * 2 * pi / 14 + 0.2
        sides = [(200 + 320 * cos(start + turn), 140 + 320 * sin(start + turn)) for turn in (0, 0.2)]
        draw.polygon([(x * unit, y * unit) for x, y in ((200, 140), *sides)], fill=FAINT)


def _stripes(image):
    draw, unit = _on(image)
    for x in range(-320, 420, 40):
        draw.polygon([(a * unit, b * unit) for a, b in ((x, 300), (x + 18, 300), (x + 318, 0), (x + 300, 0))], fill=FAINT)


def _rings(image):
    draw, unit = _on(image)
    for radius in range(48, 270, 42):
        box = [(200 - radius) * unit, (140 - radius) * unit, (200 + radius) * unit, (140 + radius) * unit]
        draw.ellipse(box, outline="#ffffff1c", width=round(1.5 * unit))


def _dots(image):
    draw, unit = _on(image)
    for row, y in enumerate(range(12, HEIGHT, 24)):
        for x in range(12 + 14 * (row % 2), WIDTH, 28):
            draw.ellipse([(x - 1.4) * unit, (y - 1.4) * unit, (x + 1.4) * unit, (y + 1.4) * unit], fill="#ffffff2c")


def _hexagons(image):
    draw, unit = _on(image)
    radius = 30
    for row in range(-1, 8):
        for column in range(-1, 9):
            cx = column * radius * 1.732 + (radius * 0.866 if row % 2 else 0)
            cy = row * radius * 1.5
            path = [((cx + radius * sin(t * pi / 3)) * unit, (cy + radius * cos(t * pi / 3)) * unit) for t in range(4)]
            draw.line(path, fill="#ffffff16", width=round(1.4 * unit))


def _on(image):
    return ImageDraw.Draw(image, "RGBA"), image.width / WIDTH


PATTERNS = {"rays": _rays, "stripes": _stripes, "rings": _rings, "dots": _dots, "hexagons": _hexagons}
