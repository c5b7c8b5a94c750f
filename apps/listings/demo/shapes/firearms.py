"""Rifles and pistols."""

from ..colours import DARK, SHADE, STEEL, WOOD, Tone
from ..pen import Pen


def sniper(pen: Pen, tone: Tone):
    pen = pen.at(2, 2, turn=-14)
    pen.line(DARK.main, 6, (-138, -2), (-40, -2))
    pen.box(DARK.dark, -146, -7, -126, 3)
    pen.poly(
        tone.main, (-52, -14), (46, -14), (70, -10), (122, -12), (132, -6), (132, 24), (116, 26), (84, 10), (-20, 12), (-46, 8)
    )
    pen.poly(tone.light, (-52, -14), (46, -14), (70, -10), (122, -12), (132, -6), (70, -4), (46, -8), (-50, -8))
    pen.poly(tone.dark, (-46, 8), (-20, 12), (84, 10), (116, 26), (132, 24), (132, 12), (84, 2), (-48, 2))
    pen.poly(DARK.main, (34, 10), (56, 10), (66, 44), (46, 46))
    pen.poly(DARK.light, (4, 11), (28, 11), (30, 36), (8, 36))
    pen.box(DARK.main, -8, -26, 0, -12)
    pen.box(DARK.main, 30, -26, 38, -12)
    pen.rounded(DARK.main, -26, -42, 56, -24, 6)
    pen.rounded(DARK.light, -26, -42, 56, -36, 3)
    pen.rounded(DARK.dark, -36, -46, -18, -20, 4)
    pen.rounded(DARK.dark, 48, -44, 64, -22, 4)


def rifle(pen: Pen, tone: Tone):
    pen = pen.at(4, -4, turn=-14)
    pen.line(STEEL.dark, 6, (-134, -6), (-60, -6))
    pen.poly(DARK.main, (-118, -8), (-112, -26), (-106, -8))
    pen.poly(WOOD.light, (-72, -14), (-22, -16), (-22, 10), (-70, 6))
    pen.poly(WOOD.main, (-72, -2), (-22, -2), (-22, 10), (-70, 6))
    pen.poly(tone.main, (-26, -22), (48, -22), (58, -14), (58, 12), (-26, 12))
    pen.poly(tone.light, (-26, -22), (48, -22), (58, -14), (-26, -14))
    pen.poly(tone.dark, (-26, 4), (58, 4), (58, 12), (-26, 12))
    pen.poly(DARK.main, *_magazine(0))
    pen.poly(DARK.light, *_magazine(14))
    pen.poly(WOOD.main, (34, 12), (54, 12), (66, 50), (46, 52))
    pen.poly(tone.main, (58, -12), (134, -4), (136, 34), (120, 34), (58, 8))
    pen.poly(tone.dark, (58, 0), (135, 18), (136, 34), (120, 34), (58, 8))
    pen.box(SHADE, 0, -10, 30, -4)


def _magazine(inset):
    return (-16, 12), (16 - inset, 12), (8 - inset, 40), (-12 - inset, 66), (-40, 54), (-22, 36)


def pistol(pen: Pen, tone: Tone):
    pen = pen.at(4, -14, turn=-8, size=1.1)
    pen.poly(DARK.main, (22, 12), (70, 12), (88, 84), (44, 86))
    pen.poly(DARK.dark, (54, 12), (70, 12), (88, 84), (68, 85))
    for y in (30, 44, 58):
        pen.line(DARK.light, 3, (36 + y / 6, y), (58 + y / 5, y - 3))
    pen.band(DARK.main, 4, 28, 24, 17, start=-20, end=150)
    pen.line(DARK.light, 5, (8, 14), (2, 32))
    pen.poly(tone.dark, (-84, -4), (72, -4), (76, 16), (-78, 16))
    pen.poly(tone.main, (-90, -38), (68, -38), (80, -28), (80, -2), (-90, -2))
    pen.poly(tone.light, (-90, -38), (68, -38), (80, -28), (-90, -28))
    for x in (36, 46, 56):
        pen.line(tone.dark, 4, (x, -24), (x - 4, -8))
    pen.poly(DARK.main, (-84, -38), (-80, -46), (-72, -46), (-70, -38))
    pen.box(DARK.dark, -94, -26, -88, -10)


def smg(pen: Pen, tone: Tone):
    pen = pen.at(0, -6, turn=-10, size=1.08)
    pen.line(STEEL.dark, 8, (-104, -6), (-64, -6))
    pen.poly(tone.main, (-72, -24), (60, -24), (72, -12), (72, 14), (-66, 14))
    pen.poly(tone.light, (-72, -24), (60, -24), (72, -12), (-71, -12))
    pen.poly(tone.dark, (-68, 6), (72, 6), (72, 14), (-66, 14))
    pen.poly(DARK.light, (-44, 14), (-18, 14), (-12, 74), (-36, 74))
    pen.poly(DARK.main, (-30, 14), (-18, 14), (-12, 74), (-24, 74))
    pen.poly(DARK.main, (24, 14), (46, 14), (58, 54), (38, 56))
    pen.line(DARK.main, 7, (72, -4), (118, -4), (118, 24), (104, 26))
    pen.rounded(DARK.main, -20, -38, 24, -24, 4)
    pen.box(SHADE, -50, -8, -10, -2)


DRAWN = (sniper, rifle, pistol, smg)
