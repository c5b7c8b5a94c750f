"""Knives, swords, axes and bows."""

from ..colours import DARK, GOLD, IVORY, SHADE, STEEL, WOOD, Tone
from ..pen import Pen, curve


def karambit(pen: Pen, tone: Tone):
    pen = pen.at(-2, -4, turn=24, size=1.08)
    back = curve((4, -19), (-42, -34), (-90, -8), (-98, 52))
    edge = curve((-98, 52), (-78, 14), (-44, 10), (4, 18))
    pen.poly(tone.main, *back, *edge)
    pen.poly(tone.light, *back, *reversed(curve((4, -5), (-42, -18), (-82, 4), (-98, 52))))
    pen.poly(tone.dark, *edge, *curve((4, 9), (-40, 0), (-76, 12), (-98, 52)))
    pen.band("#b9b3a6", 104, 5, 23, 14)
    pen.band("#8e8879", 104, 5, 23, 14, start=0, end=120)
    pen.poly(DARK.main, (2, -21), (58, -18), (84, -12), (86, 16), (58, 21), (2, 20))
    pen.poly(DARK.dark, (2, 4), (85, 6), (86, 16), (58, 21), (2, 20))
    for x in (18, 32, 46, 60):
        pen.line(DARK.light, 3, (x, -12), (x + 4, 12))


def dagger(pen: Pen, tone: Tone):
    pen = pen.at(0, -2, turn=48)
    pen.poly(tone.light, (0, -104), (-17, -58), (-13, 22), (0, 22))
    pen.poly(tone.main, (0, -104), (17, -58), (13, 22), (0, 22))
    pen.poly(tone.dark, (0, -82), (4, -54), (4, 16), (-4, 16), (-4, -54))
    pen.rounded(GOLD.main, -30, 22, 30, 32, 5)
    pen.rounded(GOLD.dark, 0, 22, 30, 32, 5)
    pen.poly(DARK.main, (-10, 32), (10, 32), (12, 84), (-12, 84))
    pen.poly(DARK.dark, (0, 32), (10, 32), (12, 84), (0, 84))
    for y in (42, 54, 66):
        pen.line(DARK.light, 3, (-9, y), (9, y + 5))
    pen.oval(GOLD.main, 0, 90, 15, 11)
    pen.oval(GOLD.dark, 0, 90, 15, 11, start=-90, end=90)


def sword(pen: Pen, tone: Tone):
    pen = pen.at(4, 2, turn=41)
    pen.poly(tone.light, (0, -122), (-13, -96), (-13, 44), (0, 44))
    pen.poly(tone.main, (0, -122), (13, -96), (13, 44), (0, 44))
    pen.poly(tone.dark, (-3, -84), (3, -84), (3, 44), (-3, 44))
    pen.box(WOOD.main, -7, 52, 7, 92)
    pen.box(WOOD.dark, 0, 52, 7, 92)
    pen.poly(GOLD.main, (-50, 34), (-36, 56), (0, 56), (0, 40))
    pen.poly(GOLD.dark, (50, 34), (36, 56), (0, 56), (0, 40))
    pen.poly(GOLD.light, (-50, 34), (0, 40), (0, 45))
    pen.poly(GOLD.main, (0, 88), (-15, 102), (0, 117))
    pen.poly(GOLD.dark, (0, 88), (15, 102), (0, 117))


def greatsword(pen: Pen, tone: Tone):
    pen = pen.at(6, 2, turn=-38)
    pen.poly(tone.main, (-10, -120), (22, -104), (24, 38), (0, 46), (-24, 38), (-22, -84))
    pen.poly(tone.light, (-10, -120), (-22, -84), (-24, 38), (-10, 42), (-10, -80), (4, -113))
    pen.poly(tone.dark, (-2, -66), (7, -66), (7, 30), (-2, 30))
    for y in (-40, -8):
        pen.oval(tone.light, 2, y, 7)
        pen.oval(SHADE, 2, y, 4)
    pen.box(WOOD.main, -7, 54, 7, 104)
    pen.box(WOOD.dark, 0, 54, 7, 104)
    for y in (64, 76, 88):
        pen.line(WOOD.light, 3, (-7, y), (7, y + 5))
    pen.mirrored(DARK.main, (0, 36), (40, 30), (46, 46), (22, 58), (0, 58))
    pen.poly(DARK.light, (-40, 30), (0, 36), (0, 44), (-44, 40))
    pen.oval(GOLD.main, 0, 112, 13)
    pen.oval(GOLD.dark, 0, 112, 13, start=-45, end=135)


def axe(pen: Pen, tone: Tone):
    pen = pen.at(4, 0, turn=32)
    pen.line(WOOD.main, 11, (0, -92), (0, 112))
    pen.line(WOOD.dark, 5, (3, -92), (3, 112))
    blade = (
        *curve((-6, -74), (-30, -76), (-52, -92), (-62, -108)),
        *curve((-62, -108), (-96, -72), (-96, -18), (-62, 16)),
        *curve((-62, 16), (-50, -4), (-30, -18), (-6, -24)),
    )
    pen.poly(tone.main, *blade)
    edge = curve((-62, -108), (-96, -72), (-96, -18), (-62, 16))
    pen.poly(tone.light, *edge, *reversed(curve((-62, -108), (-78, -70), (-78, -20), (-62, 16))))
    pen.poly(tone.dark, (6, -70), (52, -84), (36, -48), (54, -14), (6, -28))
    pen.box(DARK.main, -9, -80, 9, -18)
    pen.oval(tone.light, 0, -49, 8)
    pen.oval(SHADE, 0, -49, 8, start=-30, end=150)
    for y in (78, 90, 102):
        pen.line(WOOD.light, 3, (-5, y), (5, y + 4))


def bow(pen: Pen, tone: Tone):
    pen = pen.at(-6, -2, turn=-32)
    pen.line(IVORY.light, 1.6, (8, -112), (-34, 0), (8, 112))
    outer = curve((8, -114), (40, -60), (52, -30), (46, 0), (52, 30), (40, 60), (8, 114))
    pen.line(tone.dark, 11, *outer)
    pen.line(tone.main, 6, *outer)
    pen.line(tone.light, 2.5, *outer[4:22])
    pen.line(WOOD.main, 14, (46, -16), (46, 16))
    pen.line(IVORY.dark, 4, (-34, 0), (92, 0))
    pen.poly(STEEL.light, (116, 0), (86, -12), (92, 0))
    pen.poly(STEEL.main, (116, 0), (86, 12), (92, 0))
    pen.poly("#f2664b", (-34, 0), (-52, -14), (-34, -12), (-14, -2), (-14, 2), (-34, 12), (-52, 14))
    pen.poly("#b83a35", (-34, 0), (-14, 2), (-34, 12), (-52, 14))


def scythe(pen: Pen, tone: Tone):
    pen = pen.at(6, 0, turn=22)
    pen.line(WOOD.main, 9, (0, -96), (0, 116))
    pen.line(WOOD.dark, 4, (2.5, -96), (2.5, 116))
    back = curve((8, -104), (-40, -122), (-92, -96), (-112, -28))
    edge = curve((-112, -28), (-84, -72), (-40, -80), (8, -70))
    pen.poly(tone.main, *back, *edge)
    pen.poly(tone.light, *edge, *curve((8, -78), (-40, -90), (-88, -78), (-112, -28)))
    pen.poly(tone.dark, *back, *reversed(curve((8, -94), (-40, -110), (-88, -88), (-112, -28))))
    pen.rounded(DARK.main, -11, -108, 13, -66, 5)
    pen.oval(GOLD.main, 1, -87, 6)
    pen.line(WOOD.light, 7, (0, 24), (20, 18))


DRAWN = (karambit, dagger, sword, greatsword, axe, bow, scythe)
