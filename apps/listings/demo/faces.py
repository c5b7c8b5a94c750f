"""Drawn avatars: a face on a plain ground, one of a few animals and machines, in one of the tones."""

from PIL import Image

from .colours import BACKDROPS, DARK, IVORY, STEEL, TONES, Tone
from .pen import Pen, arc, curve

SIDE = 384
DRAWN_LARGER = 2


def draw_face(face: str, tone: str, ground: str) -> Image.Image:
    side = SIDE * DRAWN_LARGER
    # The pen's sheet is 4:3; the square is its middle.
    sheet = Image.new("RGB", (side * 4 // 3, side), BACKDROPS[ground].centre)
    pen = Pen(sheet).at(0, 16, size=1.02)
    FACES[face](pen, TONES[tone])
    left = (sheet.width - side) // 2
    return sheet.crop((left, 0, left + side, side)).reduce(DRAWN_LARGER)


def fox(pen: Pen, tone: Tone):
    for side in (-1, 1):
        pen.poly(tone.main, (side * 88, -96), (side * 96, -6), (side * 20, -52))
        pen.poly(DARK.main, (side * 80, -76), (side * 84, -26), (side * 42, -52))
    pen.mirrored(tone.main, (0, -66), (70, -50), (104, 14), (0, 92))
    pen.mirrored(IVORY.light, (36, 14), (104, 14), (0, 92), (0, 56))
    pen.oval(DARK.dark, 0, 82, 15, 11)
    _eyes(pen, 40, 4, 10)


def cat(pen: Pen, tone: Tone):
    for side in (-1, 1):
        pen.poly(tone.dark, (side * 92, -100), (side * 94, 4), (side * 18, -58))
        pen.poly("#ffb8c6", (side * 80, -74), (side * 82, -20), (side * 42, -52))
    pen.oval(tone.main, 0, 14, 98, 82)
    pen.poly(tone.dark, *arc(0, 14, 98, 82, start=-70, end=-110), (0, -30))
    pen.oval(tone.light, -22, 48, 26, 22)
    pen.oval(tone.light, 22, 48, 26, 22)
    pen.poly("#f0719b", (-10, 30), (10, 30), (0, 42))
    for side in (-1, 1):
        for tilt in (-8, 4, 16):
            pen.line("#ffffffaa", 2.5, (side * 46, 44 + tilt / 3), (side * 104, 40 + tilt))
    _eyes(pen, 42, 0, 14, "#d9f5a0")


def bear(pen: Pen, tone: Tone):
    for side in (-1, 1):
        pen.oval(tone.dark, side * 72, -62, 34)
        pen.oval(tone.light, side * 72, -62, 18)
    pen.oval(tone.main, 0, 12, 100, 90)
    pen.oval(tone.light, 0, 46, 46, 38)
    pen.oval(DARK.dark, 0, 30, 18, 13)
    pen.line(DARK.dark, 4, (0, 40), (0, 56))
    pen.line(DARK.dark, 4, *arc(0, 46, 20, 14, start=20, end=160))
    _eyes(pen, 42, -8, 11)


def robot(pen: Pen, tone: Tone):
    pen.line(STEEL.dark, 7, (0, -76), (0, -104))
    pen.oval("#f2664b", 0, -108, 12)
    for side in (-1, 1):
        pen.rounded(STEEL.dark, side * 98 - 14, -16, side * 98 + 14, 44, 8)
    pen.rounded(tone.main, -92, -76, 92, 92, 26)
    pen.poly(tone.dark, (40, 92), (92, 40), *arc(66, 66, 26, start=0, end=90))
    pen.rounded(DARK.dark, -72, -48, 72, 20, 20)
    for x in (-34, 34):
        pen.oval("#8ff0c8", x, -14, 17)
        pen.oval("#ffffff", x - 5, -19, 5)
    pen.rounded(tone.light, -44, 42, 44, 66, 8)
    for x in (-22, 0, 22):
        pen.line(tone.dark, 4, (x, 44), (x, 64))


def owl(pen: Pen, tone: Tone):
    pen.mirrored(tone.dark, (0, -50), (86, -104), (92, -10), (70, 70), (0, 98))
    pen.mirrored(tone.main, (0, -34), (66, -60), (74, 20), (48, 74), (0, 88))
    for side in (-1, 1):
        pen.oval(IVORY.light, side * 39, -18, 38)
        pen.oval("#f0b342", side * 37, -18, 25)
        pen.oval(DARK.dark, side * 35, -18, 14)
        pen.oval("#ffffff", side * 35 - 5, -24, 5)
    pen.poly("#e0902a", (-13, 6), (13, 6), (0, 36))
    for row, y in enumerate((46, 62)):
        for x in (-20, 0, 20) if row == 0 else (-10, 10):
            pen.poly(tone.light, (x - 8, y), (x + 8, y), (x, y + 11))


def ghost(pen: Pen, tone: Tone):
    pen.poly(
        tone.light,
        *curve((-84, 84), (-96, -130), (96, -130), (84, 84)),
        *((84 - 28 * i, 62 if i % 2 else 96) for i in range(7)),
    )
    for x in (-32, 28):
        pen.oval(DARK.dark, x, -16, 14, 19)
        pen.oval("#ffffff", x - 4, -24, 5)
    pen.oval(DARK.dark, -2, 28, 12, 15)
    for x in (-56, 52):
        pen.oval("#f0719b88", x, 12, 13, 8)


def frog(pen: Pen, tone: Tone):
    for side in (-1, 1):
        pen.oval(tone.main, side * 54, -54, 36)
        pen.oval(IVORY.light, side * 54, -56, 25)
        pen.oval(DARK.dark, side * 50, -54, 13)
    pen.oval(tone.main, 0, 20, 108, 76)
    pen.oval(tone.light, 0, 56, 74, 40)
    pen.line(tone.dark, 6, *arc(0, 4, 76, 42, start=14, end=166))
    for x in (-12, 12):
        pen.oval(tone.dark, x, 4, 4)
    for x in (-76, 76):
        pen.oval("#ffffff44", x, 34, 14, 9)


def _eyes(pen, apart, y, size, iris=None):
    for side in (-1, 1):
        if iris:
            pen.oval(iris, side * apart, y, size * 1.35, size * 1.2)
        pen.oval(DARK.dark, side * apart, y, size * (0.6 if iris else 1), size)
        pen.oval("#ffffff", side * apart - size * 0.3, y - size * 0.4, size * 0.3)


FACES = {face.__name__: face for face in (fox, cat, bear, robot, owl, ghost, frog)}
