"""Coins, gems, chests, keys and other riches."""

from ..colours import DARK, GOLD, IVORY, SHADE, SHINE, WOOD, Tone
from ..pen import Pen, arc, curve
from .gear import star_points


def coins(pen: Pen, tone: Tone):
    pen = pen.at(0, 4)
    _stack(pen, -46, 58, 44, 5)
    _stack(pen, 50, 66, 44, 7)
    _stack(pen, 0, 90, 42, 2)


def _stack(pen, x, bottom, radius, count):
    high, flat = 17, 0.3
    for level in range(count):
        top = bottom - high * (level + 1)
        side = (*arc(x, top + high, radius, radius * flat, 0, 180), (x - radius, top), (x + radius, top))
        pen.poly(GOLD.main, *side)
        pen.poly(GOLD.dark, *arc(x, top + high, radius, radius * flat, 0, 80), (x, top), (x + radius, top))
        pen.line("#8c5d14", 1.8, *arc(x, top + high, radius, radius * flat, 0, 180), round_ends=False)
        pen.oval(GOLD.light, x, top, radius, radius * flat)
    pen.oval(GOLD.main, x, top, radius * 0.78, radius * flat * 0.78)
    pen.oval("#f4cd62", x, top + 1.5, radius * 0.7, radius * flat * 0.66)


def gem(pen: Pen, tone: Tone):
    pen = pen.at(0, 4)
    left, right, top, girdle, tip = -84, 84, -72, -30, 92
    pen.poly(tone.main, (left, girdle), (-50, top), (50, top), (right, girdle), (0, tip))
    pen.poly(tone.dark, (50, top), (right, girdle), (0, tip), (32, girdle))
    pen.poly(tone.light, (-50, top), (0, top), (-32, girdle))
    pen.poly(SHINE, (0, top), (50, top), (32, girdle))
    pen.poly(tone.light, (0, top), (-32, girdle), (32, girdle))
    pen.poly(SHADE, (50, top), (right, girdle), (32, girdle))
    pen.poly(SHINE, (left, girdle), (-32, girdle), (0, tip))
    pen.poly(SHADE, (right, girdle), (32, girdle), (0, tip))
    pen.poly(tone.light, (left, girdle), (-50, top), (-32, girdle))


def crystals(pen: Pen, tone: Tone):
    for x, y, turn, size in ((-38, 30, -30, 0.7), (40, 32, 28, 0.74), (0, 4, 2, 1.1)):
        shard = pen.at(x, y, turn=turn, size=size)
        shard.poly(tone.main, (-26, 76), (-32, -46), (0, -96), (30, -46), (24, 76))
        shard.poly(tone.light, (-32, -46), (0, -96), (-4, -34), (-4, 76), (-26, 76))
        shard.poly(tone.dark, (30, -46), (0, -96), (-4, -34), (12, -30), (12, 76), (24, 76))
        shard.poly(SHINE, (-22, -40), (-14, -52), (-14, 60), (-20, 60))
    rock = pen.at(0, 92)
    rock.poly(DARK.light, (-88, 10), (-66, -16), (-30, -22), (0, -12), (34, -24), (70, -14), (90, 10), (64, 22), (-60, 22))
    rock.poly(DARK.main, (-88, 10), (-40, 4), (0, -12), (20, 6), (90, 10), (64, 22), (-60, 22))
    rock.poly(DARK.dark, (20, 6), (0, -12), (34, -24), (70, -14), (90, 10), (64, 22))


def chest(pen: Pen, tone: Tone):
    pen = pen.at(0, 6)
    pen.poly(tone.light, (0, -92), (88, -48), (0, -4), (-88, -48))
    pen.poly(tone.main, (-88, -48), (0, -4), (0, 92), (-88, 48))
    pen.poly(tone.dark, (88, -48), (0, -4), (0, 92), (88, 48))
    pen.poly(SHINE, (-56, -64), (-34, -75), (54, -31), (32, -20))
    pen.poly("#ffffff40", (32, -20), (54, -31), (54, 65), (32, 76))
    pen.line(SHADE, 5, (-88, -22), (0, 22), (88, -22), round_ends=False)
    pen.poly(GOLD.main, (-24, 2), (0, 14), (0, 50), (-24, 38))
    pen.poly(GOLD.dark, (0, 14), (20, 4), (20, 38), (0, 50))
    pen.oval(DARK.dark, -8, 28, 4, 6)


def treasure_chest(pen: Pen, tone: Tone):
    pen = pen.at(0, 8)
    lid = (*curve((-92, -22), (-92, -84), (92, -84), (92, -22)),)
    pen.poly(WOOD.light, *lid)
    pen.poly(WOOD.main, *curve((0, -69), (66, -68), (92, -46), (92, -22)), (0, -22))
    pen.box(WOOD.main, -92, -14, 92, 76)
    pen.box(WOOD.dark, 0, -14, 92, 76)
    pen.box("#2a1a0f", -92, -24, 92, -12)
    for x in (-74, 58):
        pen.box(GOLD.main if x < 0 else GOLD.dark, x, -14, x + 16, 76)
        pen.poly(GOLD.light if x < 0 else GOLD.main, (x, -24), (x, -58), (x + 16, -63), (x + 16, -24))
    pen.line(SHADE, 3, (-92, 30), (92, 30), round_ends=False)
    pen.rounded(GOLD.light, -20, -32, 20, 18, 6)
    pen.rounded(GOLD.main, 0, -32, 20, 18, 6)
    pen.poly(tone.main, (0, -26), (12, -8), (0, 12), (-12, -8))
    pen.poly(tone.light, (0, -26), (0, 12), (-12, -8))


def key(pen: Pen, tone: Tone):
    pen = pen.at(0, 0, turn=-34)
    pen.box(GOLD.main, -34, -8, 104, 8)
    pen.box(GOLD.dark, -34, 1, 104, 8)
    pen.poly(GOLD.main, (60, 8), (74, 8), (74, 34), (60, 34))
    pen.poly(GOLD.dark, (84, 8), (104, 8), (104, 40), (84, 40))
    pen.rounded(GOLD.light, -42, -15, -28, 15, 5)
    pen.band(GOLD.main, -70, 0, 42, 24)
    pen.band(GOLD.dark, -70, 0, 42, 24, start=10, end=150)
    pen.band(GOLD.light, -70, 0, 40, 33, start=180, end=290)
    pen.poly(tone.light, (-70, -16), (-82, 0), (-70, 16))
    pen.poly(tone.dark, (-70, -16), (-58, 0), (-70, 16))


def trophy(pen: Pen, tone: Tone):
    pen = pen.at(0, 2)
    for side in (-1, 1):
        handle = [(side * x, y) for x, y in curve((54, -72), (106, -80), (98, 2), (38, 6))]
        pen.line(GOLD.dark if side > 0 else GOLD.main, 11, *handle)
    half = ((0, -94), (60, -94), *curve((60, -94), (62, -30), (42, 10), (8, 26)), (8, 58), (0, 58))
    pen.mirrored(GOLD.main, *half)
    pen.poly(GOLD.dark, *half)
    pen.poly(GOLD.light, (-60, -94), (-40, -94), (-34, -30), (-22, 4), (-44, -20))
    pen.mirrored(DARK.main, (0, 56), (34, 60), (42, 92), (0, 92))
    pen.poly(DARK.dark, (0, 56), (34, 60), (42, 92), (0, 92))
    pen.box(tone.main, -24, 70, 24, 82)
    pen.poly(tone.light, *star_points(0, -46, 28, 12))


def egg(pen: Pen, tone: Tone):
    pen = pen.at(0, 0)
    half = (*curve((0, -106), (44, -106), (76, -20), (76, 28)), *curve((76, 28), (76, 76), (42, 104), (0, 104)))
    shell = [*half, *((-x, y) for x, y in reversed(half))]
    with pen.clip(*shell):
        pen.box(tone.dark, -80, -110, 80, 110)
        for row in range(9, -1, -1):
            y = row * 22 - 106
            for column in range(-3, 4):
                x = column * 32 + (16 if row % 2 else 0)
                pen.rounded(SHADE, x - 15, y - 8, x + 15, y + 28, 13)
                pen.rounded(tone.main, x - 15, y - 12, x + 15, y + 24, 13)
                if x < 0:
                    pen.line(tone.light, 3.5, *arc(x, y + 11, 10, start=60, end=150))
        pen.poly(
            "#00000038",
            *curve((0, -106), (44, -106), (76, -20), (76, 28)),
            (76, 104),
            (8, 104),
            *curve((8, 104), (56, 60), (44, -50), (0, -106)),
        )
        pen.oval("#ffffff3c", -32, -38, 13, 30)


def star(pen: Pen, tone: Tone):
    pen = pen.at(0, 0)
    tips, notches = ((0, -112), (112, 0), (0, 112), (-112, 0)), ((22, -22), (22, 22), (-22, 22), (-22, -22))
    shades = ((tone.main, tone.light), (tone.dark, tone.main), (tone.dark, tone.main), (tone.light, "#ffffff"))
    for i, tip in enumerate(tips):
        after, before = notches[i], notches[i - 1]
        pen.poly(shades[i][0], (0, 0), tip, after)
        pen.poly(shades[i][1], (0, 0), tip, before)
    for x, y, size in ((70, -66, 15), (-64, 70, 11)):
        pen.poly(tone.light, *star_points(x, y, size, size / 4, 4))


def card(pen: Pen, tone: Tone):
    for x, turn, fill in ((-30, -18, tone.dark), (26, 14, tone.main)):
        back = pen.at(x, 4, turn=turn)
        back.rounded(IVORY.dark, -54, -84, 54, 84, 10)
        back.rounded(fill, -47, -77, 47, 77, 7)
    pen = pen.at(0, 2)
    pen.rounded(IVORY.light, -58, -90, 58, 90, 10)
    pen.rounded(tone.main, -50, -82, 50, 82, 7)
    pen.poly(tone.dark, (50, -82), (50, 82), (-50, 82))
    pen.oval(GOLD.main, 0, -2, 38)
    pen.oval(GOLD.dark, 0, -2, 38, start=-45, end=135)
    pen.poly(IVORY.light, *star_points(0, -2, 27, 11))
    for x, y in ((-36, -68), (36, 68)):
        pen.poly(GOLD.light, (x, y - 9), (x + 7, y), (x, y + 9), (x - 7, y))


DRAWN = (coins, gem, crystals, chest, treasure_chest, key, trophy, egg, star, card)
