"""The demo market's games and goods, read from the hand-written catalogue beside this file."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

CATALOGUE = Path(__file__).parent / "catalogue"


class Good(NamedTuple):
    game: str
    slug: str
    price: Decimal
    kind: str
    shape: str
    tone: str
    title: str


def catalogue() -> Iterator[Good]:
    """Every good of every game; a line is `price kind shape.tone title` under its game's `= name | slug`."""
    for path in sorted(CATALOGUE.glob("*.txt")):
        game = slug = ""
        for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
            if line.startswith("="):
                game, slug = line.removeprefix("= ").split(" | ")
            else:
                price, kind, drawing, title = line.split(" ", 3)
                yield Good(game, slug, Decimal(price), kind, *drawing.split("."), title)
