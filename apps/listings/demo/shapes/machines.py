"""Tanks, cars, planes, ships, wheels, balls and gamepads."""

from math import cos, radians, sin

from ..colours import DARK, GOLD, IVORY, SHADE, SHINE, STEEL, WOOD, Tone
from ..pen import Pen, arc, curve
from .gear import star_points


def tank(pen: Pen, tone: Tone):
    pen = pen.at(4, 8)
    pen.poly(tone.dark, (-126, -34), (-20, -34), (-20, -22), (-126, -24))
    pen.box(tone.dark, -132, -38, -116, -20)
    pen.poly(tone.main, (-34, -8), (-24, -48), (-4, -56), (42, -56), (56, -8))
    pen.poly(tone.light, (-24, -48), (-4, -56), (42, -56), (46, -44), (-26, -40))
    pen.poly(tone.dark, (20, -56), (42, -56), (56, -8), (26, -8))
    pen.rounded(tone.dark, 2, -66, 30, -54, 4)
    pen.poly(tone.main, (-104, 14), (-84, -12), (100, -12), (112, 14), (104, 28), (-96, 28))
    pen.poly(tone.light, (-104, 14), (-84, -12), (100, -12), (104, -4), (-80, 0), (-94, 16))
    pen.rounded(DARK.dark, -112, 18, 116, 68, 25)
    pen.rounded(DARK.main, -106, 24, 110, 62, 19)
    for x in range(-84, 100, 29):
        pen.oval(tone.main, x, 43, 13)
        pen.oval(tone.dark, x, 43, 13, start=-30, end=150)
        pen.oval(DARK.dark, x, 43, 5)
    pen.poly("#f0d9a0", *star_points(8, -30, 10, 4))


def wheel(pen: Pen, tone: Tone):
    pen = pen.at(0, 0)
    for i in range(28):
        turn = radians(i * 360 / 28)
        pen.oval(DARK.dark, 100 * cos(turn), 100 * sin(turn), 9)
    pen.oval(DARK.dark, 0, 0, 100)
    pen.band(DARK.light, 0, 0, 90, 86)
    pen.oval(tone.dark, 0, 0, 72)
    pen.oval("#241a18", 0, 0, 64)
    for i in range(5):
        spoke = pen.at(0, 0, turn=i * 72)
        spoke.poly(tone.main, (-9, 0), (-22, -66), (0, -70), (0, 0))
        spoke.poly(tone.dark, (9, 0), (22, -66), (0, -70), (0, 0))
    pen.band(tone.light, 0, 0, 74, 67)
    pen.oval(tone.light, 0, 0, 19)
    pen.oval(DARK.main, 0, 0, 9)


def car(pen: Pen, tone: Tone):
    pen = pen.at(0, 12)
    body = (
        *curve((-134, 34), (-138, 2), (-110, -2), (-76, -8)),
        *curve((-76, -8), (-46, -46), (-16, -52), (16, -52), (54, -52), (74, -30), (92, -10)),
        *curve((92, -10), (124, -4), (136, 6), (134, 36)),
    )
    pen.poly(tone.main, *body)
    pen.poly(tone.dark, (-134, 34), (-132, 16), (134, 16), (134, 36))
    pen.poly(tone.light, *curve((-134, 10), (-120, -2), (-100, -4), (-76, -8)), (92, -10), (110, -4), (-110, 6))
    pen.poly(DARK.dark, *curve((-60, -10), (-40, -38), (-20, -42), (2, -42)), (2, -10))
    pen.poly(DARK.dark, (10, -10), *curve((10, -42), (44, -42), (58, -28), (74, -10)))
    pen.poly(SHINE, (-40, -12), (-18, -40), (-6, -40), (-26, -12))
    pen.poly("#ffe9a8", (-132, 10), (-112, 8), (-112, 18), (-134, 18))
    pen.poly("#ff6b5e", (132, 8), (116, 6), (116, 16), (134, 16))
    for x in (-82, 82):
        pen.oval(DARK.dark, x, 36, 31)
        pen.oval(STEEL.main, x, 36, 19)
        pen.oval(STEEL.dark, x, 36, 19, start=-30, end=150)
        pen.oval(DARK.main, x, 36, 7)


def plane(pen: Pen, tone: Tone):
    pen = pen.at(0, -2, turn=40)
    pen.mirrored(tone.main, (0, -36), (16, -30), (116, 8), (116, 26), (16, 22), (0, 22))
    pen.poly(tone.dark, (0, -10), (116, 16), (116, 26), (16, 22), (0, 22))
    pen.mirrored(tone.main, (0, 70), (44, 88), (44, 100), (0, 96))
    body = (*curve((0, -108), (18, -104), (22, -70), (20, -20)), *curve((20, -20), (16, 40), (8, 80), (4, 106)), (0, 108))
    pen.mirrored(tone.light, *body)
    pen.poly(tone.main, *body)
    pen.oval(DARK.main, 0, -44, 10, 22)
    pen.oval("#9fd4f2", -2, -48, 6, 15)
    for x in (-80, 80):
        pen.oval("#e5513f", x, 6, 12, 10)
        pen.poly(IVORY.light, *star_points(x, 6, 8, 3.4))
    pen.rounded(DARK.main, -42, -114, 42, -108, 3)
    pen.oval(GOLD.main, 0, -108, 8)


def ship(pen: Pen, tone: Tone):
    pen = pen.at(0, 6)
    for x, top, width in ((-46, -72, 42), (14, -98, 54), (64, -58, 34)):
        pen.line(WOOD.main, 6, (x, top - 10), (x, 44))
        for y, wide in ((top, width * 0.8), (top + 50, width)):
            pen.poly(
                IVORY.light,
                (x - wide / 2, y),
                (x + wide / 2, y),
                *curve((x + wide / 2, y), (x + wide / 2 + 16, y + 16), (x + wide / 2 + 16, y + 30), (x + wide / 2, y + 44)),
                (x - wide / 2, y + 44),
                *curve((x - wide / 2, y + 44), (x - wide / 2 + 14, y + 28), (x - wide / 2 + 14, y + 16), (x - wide / 2, y)),
            )
            pen.poly(
                "#00000018",
                (x + 2, y),
                (x + wide / 2, y),
                *curve((x + wide / 2, y), (x + wide / 2 + 16, y + 16), (x + wide / 2 + 16, y + 30), (x + wide / 2, y + 44)),
                (x + 8, y + 44),
            )
    pen.poly(tone.main, (14, -108), (44, -116), (14, -122))
    pen.poly(
        WOOD.light,
        *curve((-118, 24), (-100, 84), (-70, 92), (-40, 92)),
        (58, 92),
        *curve((58, 92), (92, 90), (104, 60), (110, 16)),
        (84, 30),
        (-60, 36),
    )
    pen.poly(
        WOOD.main, *curve((-108, 56), (-96, 86), (-66, 92), (-40, 92)), (58, 92), *curve((58, 92), (88, 90), (98, 72), (104, 50))
    )
    pen.line(tone.main, 6, (-112, 38), (-60, 46), (84, 42), (108, 28))
    for x in (-52, -22, 8, 38, 66):
        pen.box(DARK.dark, x - 6, 56, x + 6, 67)


def ball(pen: Pen, tone: Tone):
    pen = pen.at(0, 0)
    pen.oval(IVORY.light, 0, 0, 90)
    with pen.clip(*arc(0, 0, 90)):
        centre = [(34 * cos(radians(t)), 34 * sin(radians(t))) for t in range(-90, 270, 72)]
        for x, y in centre:
            pen.line(DARK.main, 3.5, (x, y), (x * 2.1, y * 2.1))
            length, across = 34, (-y / 34, x / 34)
            mid = (x / length * 92, y / length * 92)
            inner = (x / length * 68, y / length * 68)
            pen.poly(
                tone.dark,
                (inner[0] + across[0] * 18, inner[1] + across[1] * 18),
                (mid[0] + across[0] * 34, mid[1] + across[1] * 34),
                (mid[0] - across[0] * 34, mid[1] - across[1] * 34),
                (inner[0] - across[0] * 18, inner[1] - across[1] * 18),
            )
        pen.poly(tone.main, *centre)
        pen.poly("#00000024", *arc(0, 0, 92, start=-40, end=140), *reversed(arc(-22, -22, 92, start=-40, end=140)))
    pen.oval("#ffffff88", -34, -44, 18, 12)


def gamepad(pen: Pen, tone: Tone):
    pen = pen.at(0, 0, turn=-6)
    half = (
        (0, -52),
        (50, -58),
        *curve((50, -58), (100, -60), (128, 60), (108, 76)),
        *curve((108, 76), (84, 84), (72, 34), (44, 30)),
        (0, 30),
    )
    pen.mirrored(tone.main, *half)
    pen.poly(tone.dark, *half)
    pen.poly(
        tone.light, (0, -52), (-50, -58), *curve((-50, -58), (-74, -58), (-90, -30), (-98, -6)), (-84, -34), (-50, -46), (0, -42)
    )
    pen.box(DARK.main, -72, -22, -36, -10)
    pen.box(DARK.main, -60, -34, -48, 2)
    for x, y, fill in ((56, -34, "#f0b342"), (74, -16, "#f2664b"), (38, -16, "#6bbcf2"), (56, 2, "#7dbb4b")):
        pen.oval(fill, x, y, 8)
    for x in (-28, 24):
        pen.oval(DARK.dark, x, 12, 16)
        pen.oval(DARK.light, x - 2, 10, 11)
    pen.rounded(DARK.main, -14, -36, 14, -24, 5)
    pen.oval(SHADE, 0, -4, 6)


DRAWN = (tank, wheel, car, plane, ship, ball, gamepad)
