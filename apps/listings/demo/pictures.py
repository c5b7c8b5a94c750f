"""Gives each demo good its drawing, a few variants a shape, and stores them as an upload would be."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from apps.listings import photos

from .colours import BACKDROPS
from .drawings import PATTERNS, Drawing
from .goods import Good

VARIANTS = 3
# On these a thing of that tone would be lost.
DROWNED = {
    "rose": "plum",
    "fire": "rust",
    "amber": "brown",
    "lime": "green",
    "jade": "teal",
    "azure": "navy",
    "violet": "violet",
    "steel": "slate",
}


class Album:
    """Hands out drawings, the same for the same order of goods."""

    def __init__(self):
        self._by_shape: dict[str, list[Drawing]] = {}
        self._given = 0

    def choose(self, good: Good) -> Drawing:
        self._given += 1
        made = self._by_shape.setdefault(good.shape, [])
        if len(made) < VARIANTS:
            made.append(self._draw(good, avoid={drawing.backdrop for drawing in made}))
            return made[-1]
        alike = [drawing for drawing in made if drawing.tone == good.tone] or made
        return alike[self._given % len(alike)]

    def _draw(self, good, avoid):
        grounds = [name for name in BACKDROPS if name != DROWNED[good.tone] and name not in avoid]
        patterns = list(PATTERNS)
        ground, pattern = grounds[self._given * 5 % len(grounds)], patterns[self._given * 3 % len(patterns)]
        return Drawing(good.shape, good.tone, ground, pattern)


def draw_all(drawings: Iterable[Drawing]) -> dict[Drawing, dict[str, bytes]]:
    """The files of each drawing; on every core, as most of the work is done outside of Python's lock."""
    wanted = list(dict.fromkeys(drawings))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(wanted, pool.map(_files, wanted), strict=True))


def _files(drawing: Drawing) -> dict[str, bytes]:
    return photos.encoded(drawing.render(), "listings")
