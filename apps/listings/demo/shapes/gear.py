"""What is worn: helmets, shields, rings, crowns, gloves, boots."""

from math import cos, radians, sin

from ..colours import DARK, GOLD, SHADE, SHINE, STEEL, WOOD, Tone
from ..pen import Pen, curve


def star_points(cx, cy, outer, inner, points=5):
    turns = [radians(-90 + 180 * i / points) for i in range(points * 2)]
    return [(cx + (inner if i % 2 else outer) * cos(t), cy + (inner if i % 2 else outer) * sin(t)) for i, t in enumerate(turns)]


def helmet(pen: Pen, tone: Tone):
    pen = pen.at(0, 6)
    plume = (*curve((-6, -84), (-4, -124), (36, -128), (78, -110)), *curve((78, -110), (46, -108), (20, -100), (12, -78)))
    pen.poly("#e5513f", *plume)
    pen.poly("#b23a33", *curve((0, -80), (8, -112), (40, -116), (78, -110)), (12, -78))
    half = (*curve((0, -96), (42, -96), (66, -66), (66, -26)), *curve((66, -26), (66, 20), (54, 50), (34, 82)), (0, 88))
    pen.mirrored(STEEL.main, *half)
    pen.poly(STEEL.dark, *half)
    pen.poly(STEEL.light, *((-x, y) for x, y in curve((40, -78), (56, -60), (60, -46), (60, -30))), (-48, -30), (-42, -66))
    pen.mirrored(DARK.dark, (0, -8), (58, -22), (54, 0), (0, 12))
    for x in (16, 30, 44):
        pen.line(DARK.main, 5, (x, 40), (x - 2, 66 - x / 4))
        pen.line(DARK.main, 5, (-x, 40), (-x + 2, 66 - x / 4))
    pen.poly(tone.main, (-7, -96), (7, -96), (7, 86), (-7, 86))
    pen.poly(tone.dark, (0, -96), (7, -96), (7, 86), (0, 86))


def shield(pen: Pen, tone: Tone):
    pen = pen.at(0, 2)
    pen.mirrored(GOLD.main, *_shield(1))
    pen.poly(GOLD.dark, *_shield(1))
    pen.mirrored(tone.main, *_shield(0.86))
    pen.poly(tone.dark, *_shield(0.86))
    star = star_points(0, -6, 46, 19)
    pen.poly(GOLD.light, *star)
    for i in range(0, 10, 2):
        pen.poly(GOLD.main, (0, -6), star[i], star[(i + 1) % 10])


def _shield(size):
    half = (
        (0, -100),
        *curve((0, -100), (24, -84), (54, -78), (78, -78)),
        *curve((78, -78), (80, 0), (66, 56), (0, 100)),
    )
    return [(x * size, y * size) for x, y in half]


def ring(pen: Pen, tone: Tone):
    pen = pen.at(0, 10)
    pen.band(GOLD.main, 0, 38, 62, 46)
    pen.band(GOLD.dark, 0, 38, 62, 46, start=-10, end=110)
    pen.band(GOLD.light, 0, 38, 60, 54, start=170, end=255)
    pen.poly(tone.main, (-40, -74), (-24, -98), (24, -98), (40, -74), (0, -20))
    pen.poly(tone.light, (-40, -74), (-24, -98), (-10, -74))
    pen.poly(tone.light, (-24, -98), (24, -98), (10, -74), (-10, -74))
    pen.poly(tone.dark, (24, -98), (40, -74), (10, -74))
    pen.poly(tone.dark, (40, -74), (10, -74), (0, -20))
    pen.poly(SHINE, (-24, -98), (0, -98), (-10, -74))


def crown(pen: Pen, tone: Tone):
    pen = pen.at(0, 12)
    outline = ((-92, 52), (-104, -46), (-56, 0), (0, -86), (56, 0), (104, -46), (92, 52))
    pen.poly(GOLD.main, *outline)
    pen.poly(GOLD.dark, (0, 52), (0, -86), (56, 0), (104, -46), (92, 52))
    pen.poly(GOLD.light, (-92, 30), (-104, -46), (-56, 0), (-66, 20))
    pen.poly("#00000022", (-56, 0), (0, -86), (0, 40), (-40, 30))
    for x, y in ((-104, -52), (0, -92), (104, -52)):
        pen.oval(GOLD.light, x, y, 11)
        pen.oval(GOLD.dark, x, y, 11, start=-40, end=140)
    pen.box(GOLD.light, -92, 52, 0, 74)
    pen.box(GOLD.main, 0, 52, 92, 74)
    for x in (-58, 0, 58):
        pen.poly(tone.light, (x, 50), (x - 13, 63), (x, 76))
        pen.poly(tone.dark, (x, 50), (x + 13, 63), (x, 76))
    pen.poly(tone.main, (0, -30), (16, -4), (0, 24), (-16, -4))
    pen.poly(tone.light, (0, -30), (0, 24), (-16, -4))


def gloves(pen: Pen, tone: Tone):
    pen = pen.at(0, 8, size=1.04)
    for side in (-1, 1):
        _glove(pen, tone, side)


def _glove(pen, tone, side):
    def at(points):
        return [(side * (x + 46), y) for x, y in points]

    for x, top in ((-26, -72), (-9, -86), (8, -82), (25, -66)):
        pen.line(tone.main, 17, *at([(x, -10), (x + (x / 9), top)]))
        pen.line(tone.dark, 5, *at([(x + 5, -10), (x + 5 + (x / 9), top)]))
    pen.line(tone.main, 19, *at([(-28, 26), (-42, -6), (-40, -22)]))
    pen.poly(tone.main, *at([(-36, -14), (36, -14), (34, 36), (26, 52), (-24, 52), (-36, 30)]))
    pen.poly(tone.dark, *at([(10, -14), (36, -14), (34, 36), (26, 52), (6, 52)]))
    pen.poly(tone.light, *at([(-20, -2), (16, -2), (12, 24), (-16, 24)]))
    pen.poly(DARK.main, *at([(-28, 52), (28, 52), (32, 84), (-32, 84)]))
    pen.line(DARK.light, 4, *at([(-28, 62), (28, 62)]))
    pen.poly(GOLD.main, *at([(-8, 56), (10, 56), (10, 68), (-8, 68)]))


def boots(pen: Pen, tone: Tone):
    for x, y, size in ((26, -4, 0.94), (-18, 8, 1.06)):
        boot = pen.at(x, y, size=size)
        boot.poly(tone.main, (-34, -96), (28, -96), (26, 16), *curve((26, 16), (60, 22), (84, 36), (86, 62)), (-40, 62), (-30, 0))
        boot.poly(tone.dark, (6, -96), (28, -96), (26, 16), *curve((26, 16), (60, 22), (84, 36), (86, 62)), (20, 62), (0, 10))
        boot.rounded(WOOD.dark, -44, 58, 90, 74, 6)
        boot.poly(tone.light, (-38, -104), (32, -104), (32, -80), (-38, -80))
        boot.poly(SHADE, (6, -104), (32, -104), (32, -80), (6, -80))
        boot.line(GOLD.main, 6, (-30, -10), (25, -4))
        boot.oval(GOLD.light, -2, -8, 8)
        boot.poly(STEEL.main, *curve((52, 26), (74, 32), (86, 46), (86, 60)), (56, 60))


def armour(pen: Pen, tone: Tone):
    pen = pen.at(0, 2)
    half = (
        (0, -68),
        (22, -82),
        (54, -86),
        (86, -62),
        (92, -22),
        (62, -18),
        (58, 12),
        (66, 46),
        (54, 82),
        (0, 96),
    )
    pen.mirrored(tone.main, *half)
    pen.poly(tone.dark, *half)
    pen.poly(tone.light, (-22, -82), (-54, -86), (-86, -62), (-60, -54), (-30, -62))
    pen.mirrored(DARK.dark, (0, -58), (24, -84), (0, -92))
    pen.mirrored(GOLD.main, (0, -58), (20, -82), (26, -78), (0, -46))
    pen.line(SHADE, 4, (-50, 16), (-20, 26), (0, 28), (20, 26), (50, 16))
    pen.line(SHADE, 4, (-52, 46), (-20, 58), (0, 60), (20, 58), (52, 46))
    pen.line(SHADE, 4, (0, -46), (0, 92))
    pen.poly(GOLD.main, *star_points(0, -10, 24, 10, 4))
    pen.poly(GOLD.dark, (0, -34), (7, -17), (24, -10), (7, -3), (0, 14))


DRAWN = (helmet, shield, ring, crown, gloves, boots, armour)
