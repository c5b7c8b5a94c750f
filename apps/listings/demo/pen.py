"""A pen for flat drawings: shapes in a 400 × 300 space, turned and scaled, drawn large and reduced."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import cos, hypot, radians, sin

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 400, 300

Point = tuple[float, float]


def arc(cx, cy, rx, ry=None, start=0, end=360, steps=48) -> list[Point]:
    """Points along an ellipse, degrees clockwise from three o'clock."""
    ry = rx if ry is None else ry
    turns = (radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(cx + rx * cos(t), cy + ry * sin(t)) for t in turns]


def curve(*points: Point, steps=24) -> list[Point]:
    """Points along a cubic curve; every three further points prolong it."""
    path = []
    for first in range(0, len(points) - 1, 3):
        a, b, c, d = points[first : first + 4]
        for i in range(steps + 1):
            t = i / steps
            u = 1 - t
            path.append(tuple(u**3 * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t**3 * d[k] for k in (0, 1)))
    return path


class Pen:
    def __init__(self, image: Image.Image, x=WIDTH / 2, y=138.0, turn=0.0, size=1.0):
        self.image = image
        self._draw = ImageDraw.Draw(image, "RGBA")
        self._unit = image.width / WIDTH
        self._x, self._y, self._size = x, y, size
        self._cos, self._sin = cos(radians(turn)), sin(radians(turn))

    def at(self, x=0.0, y=0.0, turn=0.0, size=1.0) -> "Pen":
        """The same sheet, with the origin moved to the middle of the picture plus (x, y)."""
        return Pen(self.image, WIDTH / 2 + x, 138 + y, turn, size)

    def poly(self, fill, *points: Point):
        self._draw.polygon([self._place(p) for p in points], fill=fill)

    def mirrored(self, fill, *points: Point):
        """One half of an upright outline, top to bottom, and its reflection."""
        self.poly(fill, *points, *((-x, y) for x, y in reversed(points)))

    def oval(self, fill, cx, cy, rx, ry=None, start=0, end=360):
        self.poly(fill, *arc(cx, cy, rx, ry, start, end))

    def band(self, fill, cx, cy, outer, inner, start=0, end=360):
        """A ring, or a part of one; a thick line rather than a polygon with a hole."""
        self.line(fill, outer - inner, *arc(cx, cy, (outer + inner) / 2, start=start, end=end), round_ends=False)

    def box(self, fill, left, top, right, bottom):
        self.poly(fill, (left, top), (right, top), (right, bottom), (left, bottom))

    def rounded(self, fill, left, top, right, bottom, radius):
        corners = ((right, top, -90), (right, bottom, 0), (left, bottom, 90), (left, top, 180))
        path = []
        for x, y, start in corners:
            cx = x - radius if x == right else x + radius
            cy = y + radius if y == top else y - radius
            path += arc(cx, cy, radius, start=start, end=start + 90, steps=10)
        self.poly(fill, *path)

    def line(self, fill, width, *points: Point, round_ends=True):
        half = width / 2
        for (ax, ay), (bx, by) in pairwise(points):
            length = hypot(bx - ax, by - ay) or 1
            nx, ny = (ay - by) / length * half, (bx - ax) / length * half
            self.poly(fill, (ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny))
        joints = points if round_ends else points[1:-1]
        for x, y in joints:
            self.poly(fill, *arc(x, y, half, steps=16))

    @contextmanager
    def clip(self, *outline: Point) -> Iterator[None]:
        """What is drawn inside the block stays within the outline."""
        before = self.image.copy()
        yield
        outside = Image.new("L", self.image.size, 255)
        ImageDraw.Draw(outside).polygon([self._place(p) for p in outline], fill=0)
        self.image.paste(before, mask=outside)

    def _place(self, point: Point) -> Point:
        x, y = point[0] * self._size, point[1] * self._size
        return (
            (self._x + x * self._cos - y * self._sin) * self._unit,
            (self._y + x * self._sin + y * self._cos) * self._unit,
        )
