"""Potions, staffs, books, scrolls and blocks."""

from ..colours import DARK, GOLD, IVORY, SHADE, SHINE, WOOD, Tone
from ..pen import Pen, arc, curve
from .gear import star_points


def potion(pen: Pen, tone: Tone):
    pen = pen.at(0, 16)
    pen.oval("#ffffff38", 0, 20, 68)
    pen.box("#ffffff38", -17, -92, 17, -44)
    with pen.clip(*arc(0, 20, 61)):
        pen.box(tone.main, -70, 12, 70, 90)
        pen.box(tone.dark, 8, 12, 70, 90)
        pen.oval(tone.light, 0, 12, 61, 7)
    for x, y, radius in ((-24, 44, 8), (4, 58, 5), (16, 34, 6), (-8, 28, 4)):
        pen.oval(tone.light, x, y, radius)
    pen.line(SHINE, 6, *arc(0, 20, 56, start=195, end=250))
    pen.box(SHINE, -11, -84, -6, -48)
    pen.rounded("#ffffff77", -23, -98, 23, -86, 5)
    pen.rounded(WOOD.light, -15, -124, 15, -96, 4)
    pen.box(WOOD.main, 0, -122, 15, -96)


def staff(pen: Pen, tone: Tone):
    pen = pen.at(2, 2, turn=34)
    pen.line(WOOD.main, 10, (0, -40), (0, 122))
    pen.line(WOOD.dark, 4, (3, -40), (3, 122))
    for side in (-1, 1):
        horn = [(side * x, y) for x, y in curve((4, -36), (54, -48), (52, -104), (14, -118))]
        pen.line(GOLD.dark if side > 0 else GOLD.main, 10, *horn)
    pen.oval(tone.main, 0, -78, 25)
    pen.oval(tone.dark, 0, -78, 25, start=-50, end=130)
    pen.oval(tone.light, -8, -86, 9)
    pen.rounded(GOLD.main, -13, -44, 13, -28, 5)
    pen.rounded(GOLD.dark, 0, -44, 13, -28, 5)
    for y in (16, 30, 44):
        pen.line(GOLD.main, 4, (-5, y), (5, y + 5))


def book(pen: Pen, tone: Tone):
    pen = pen.at(0, 2, turn=-9)
    pen.rounded(tone.dark, -66, -92, 78, 98, 8)
    pen.box(IVORY.main, -60, 76, 72, 94)
    for y in (80, 86):
        pen.line(IVORY.dark, 1.6, (-58, y), (72, y))
    pen.rounded(tone.main, -72, -98, 72, 80, 8)
    pen.rounded(tone.dark, -72, -98, -46, 80, 8)
    pen.poly("#ffffff22", (-46, -98), (60, -98), (-46, 30))
    for x, y in ((60, -86), (60, 68)):
        pen.poly(GOLD.main, (x + 12, y - 12), (x + 12, y + 12), (x - 12, y - 12 if y < 0 else y + 12))
    pen.oval(GOLD.main, 13, -10, 38)
    pen.oval(GOLD.dark, 13, -10, 38, start=-45, end=135)
    pen.poly(tone.light, *star_points(13, -10, 30, 9, 4))


def scroll(pen: Pen, tone: Tone):
    pen = pen.at(0, 2, turn=-8)
    pen.poly(IVORY.main, *curve((-62, -78), (-50, -30), (-72, 30), (-60, 78)), *curve((60, 78), (72, 30), (50, -30), (62, -78)))
    pen.poly("#00000014", *curve((20, -78), (12, -30), (30, 30), (22, 78)), *curve((60, 78), (72, 30), (50, -30), (62, -78)))
    for y in (-84, 84):
        pen.rounded(WOOD.main, -92, y - 9, 92, y + 9, 8)
        pen.rounded(IVORY.light, -70, y - 15, 70, y + 15, 13)
        pen.rounded(IVORY.dark, -70, y + 2, 70, y + 15, 7)
    for y, width in ((-44, 36), (-26, 42), (-8, 30)):
        pen.line(IVORY.dark, 5, (-width, y), (width, y))
    pen.oval(tone.main, 22, 36, 23)
    pen.oval(tone.dark, 22, 36, 23, start=-45, end=135)
    pen.poly(tone.light, *star_points(22, 36, 14, 6))


def block(pen: Pen, tone: Tone):
    """A cube of little squares: the top in the tone, earth at the sides."""
    pen = pen.at(0, 4)
    earth = Tone("#8f6242", "#6f4a31", "#523522")
    cells = 6
    for i in range(cells):
        for j in range(cells):
            mark = (i * 7 + j * 11 + i * j * 5) % 4
            top = (tone.main, tone.light, tone.main, tone.dark)[mark]
            pen.poly(top, *_cell(i, j, cells, (0, -94), (92, 46), (-92, 46)))
            left = (earth.main, earth.light, earth.main, earth.dark)[mark] if j > (i * 5) % 3 else tone.dark
            pen.poly(left, *_cell(i, j, cells, (-92, -48), (92, 46), (0, 98)))
            right = (earth.dark, earth.main, earth.dark, "#432b1b")[mark] if j > (i * 3 + 1) % 3 else tone.dark
            pen.poly(right, *_cell(i, j, cells, (0, -2), (92, -46), (0, 98)))
    pen.poly("#00000026", (0, -2), (92, -48), (92, 50), (0, 96))


def _cell(i, j, cells, origin, across, down):
    def corner(a, b):
        return origin[0] + (across[0] * a + down[0] * b) / cells, origin[1] + (across[1] * a + down[1] * b) / cells

    return corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)


def orb(pen: Pen, tone: Tone):
    pen = pen.at(0, -6)
    pen.oval(tone.main, 0, 0, 76)
    with pen.clip(*arc(0, 0, 76)):
        pen.oval(tone.dark, 26, 24, 84)
        pen.oval(tone.main, -10, -10, 74)
        pen.line(tone.light, 5, *curve((-70, 20), (-30, -30), (20, 50), (76, -6)))
        pen.line("#ffffff55", 3, *curve((-60, 48), (-20, 0), (30, 66), (76, 26)))
    pen.oval(SHINE, -28, -34, 20, 14)
    pen.poly("#ffffffcc", *star_points(24, -28, 20, 4, 4))
    pen.mirrored(GOLD.main, (0, 66), (44, 62), (66, 96), (0, 104))
    pen.poly(GOLD.dark, (0, 66), (44, 62), (66, 96), (0, 104))
    pen.line(SHADE, 3, (-54, 84), (54, 84))


def skull(pen: Pen, tone: Tone):
    pen = pen.at(0, 0)
    half = (*curve((0, -96), (56, -96), (84, -56), (80, -10)), (64, 30), (44, 38), (42, 78), (0, 84))
    pen.mirrored(IVORY.light, *half)
    pen.poly(IVORY.main, *half)
    for side in (-1, 1):
        pen.oval(DARK.dark, side * 34, -6, 24, 22)
        pen.oval(tone.main, side * 34, -4, 12)
        pen.oval(tone.light, side * 34 - 3, -8, 5)
    pen.poly(DARK.main, (0, 20), (11, 42), (-11, 42))
    for x in (-26, -9, 9, 26):
        pen.line(IVORY.dark, 4, (x, 54), (x, 80))


DRAWN = (potion, staff, book, scroll, block, orb, skull)
