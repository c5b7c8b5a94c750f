"""Parameters of the address → a page of listings. What can't be understood is named and ignored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import DecimalField, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.paging import number_of
from apps.live.compiled import Compiled, Given

from . import cards, guess, picked, words
from .matching import MOST, newest, relevant
from .models import Game, Listing, Stock

SORTS = {
    "-created_at": gettext_lazy("Сначала новые"),
    "created_at": gettext_lazy("Сначала старые"),
    "price": gettext_lazy("Сначала дешёвые"),
    "-price": gettext_lazy("Сначала дорогие"),
}
ORDERS = {
    "-created_at": ("-created_at", "-id"),
    "created_at": ("created_at", "id"),
    "price": ("price", "-id"),
    "-price": ("-price", "id"),
}
SEARCH_LENGTH = 100  # characters
COUNTED = 10_000  # listings of a range of prices
_PRICE = re.compile(r"[0-9]{1,12}([.,][0-9]{1,2})?")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass
class Result:
    """`values` is what was typed, to be shown back; `guessed` is what was searched for instead, when nothing had these words;
    `capped` says that there is more than `total`; `games` have their totals."""

    values: dict[str, str]
    game: Game | None = None
    problems: list[str] = field(default_factory=list)
    games: list[Stock] = field(default_factory=list)
    guessed: str = ""
    capped: bool = False
    page: Page | None = None

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def cards(self) -> tuple[cards.Card, ...]:
        return tuple(self.page)

    @property
    def ages(self) -> tuple[int, ...]:
        """Of the cards, which say how old they are."""
        return cards.ages(self.page)

    @property
    def is_filtered(self) -> bool:
        return any(self.values[name] for name in ("game", "min_price", "max_price", "search"))

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What narrows the list, each as (parameter, how it reads)."""
        values = self.values
        prices = {name: {"price": written(price_of(values[name]) or Decimal())} for name in ("min_price", "max_price")}
        said = {
            "search": f"«{values['search']}»",
            "game": self.game.name if self.game else "",
            "min_price": _("от %(price)s ₽") % prices["min_price"],
            "max_price": _("до %(price)s ₽") % prices["max_price"],
        }
        return [(name, words) for name, words in said.items() if values[name]]


def find(params: Mapping[str, str], game: Game | None = None) -> Result:
    """Public listings by the parameters of the address, inside `game` where it is given. Few queries, however many there are."""
    names = ("game", "min_price", "max_price", "search", "sort", "page")
    result = Result({name: params.get(name, "").replace("\0", " ").strip() for name in names}, game)
    if game:
        result.values["game"] = ""
    result.games = Game.stocks(game and game.pk)
    filters = _filters(result)
    sort = result.values["sort"] or "-created_at"
    if result.values["search"]:
        ids = _sought(result, _narrowed(filters))
        paginator, number, first, last = _place(result, len(ids))
        shown = picked.in_order(ids[first:last])
    else:
        paginator, number, first, last = _place(result, _count(result, filters))
        ends = (first, last, False) if first <= paginator.count // 2 else (paginator.count - last, paginator.count - first, True)
        shown = cards.made(_PAGE.all(tuple(filters), sort, *ends, **filters))
    result.page = Page(shown, number, paginator)
    return result


def _place(result: Result, count: int) -> tuple[Paginator, int, int, int]:
    """The paginator, the number of the page asked for, and between which listings it lies."""
    paginator = Paginator(range(count), settings.PAGE_SIZE)
    number = min(number_of(result.values["page"]), paginator.num_pages)
    first = (number - 1) * settings.PAGE_SIZE
    return paginator, number, first, min(first + settings.PAGE_SIZE, count)


def _page(filters: tuple[str, ...], sort: str, first: int, last: int, backwards: bool) -> QuerySet:
    """Of ids alone, for which the database reads its index up to the page; from the nearer end."""
    ordered = _narrowed({name: _GIVEN[name] for name in filters}).order_by(*ORDERS[sort]).values("pk")
    ids = (ordered.reverse() if backwards else ordered)[first:last]
    return cards.rows(Listing.objects.filter(pk__in=ids).order_by(*ORDERS[sort]))


_PRICE_GIVEN = DecimalField(max_digits=14, decimal_places=2)
_GIVEN = {
    "game": Given("game"),
    "price__gte": Given("price__gte", _PRICE_GIVEN),
    "price__lte": Given("price__lte", _PRICE_GIVEN),
}
_PAGE = Compiled(_page)


def _count(result: Result, filters: dict) -> int:
    """Kept by the database but for a range of prices, which is counted as far as anybody turns pages."""
    if not result.values["min_price"] and not result.values["max_price"]:
        return sum(stock.total for stock in result.games if not result.game or stock.pk == result.game.pk)
    count = _narrowed(filters)[: COUNTED + 1].count()
    result.capped = count > COUNTED
    return min(count, COUNTED)


def _sought(result: Result, listings: QuerySet) -> list[int]:
    """What has the words asked for or, where nothing has, those that were probably meant; in the order asked for."""
    query = result.values["search"]
    ids = _matches(result, listings, words.sought(query))
    if not ids:
        for meant in guess.meant(listings, query, result.game):
            if ids := _matches(result, listings, meant):
                result.guessed = " ".join(meant)
                break
    result.capped = len(ids) > MOST
    if result.capped and result.values["sort"]:
        ids.remove(min(ids))
    return ids[:MOST]


def _matches(result: Result, listings: QuerySet, asked: list[str]) -> list[int]:
    """More than MOST where there are more. Those with all words in the title come first, unless the visitor asks for an order."""
    if not asked:
        return []
    sort = result.values["sort"]
    if sort:
        return newest(listings, asked, game=result.game, most=MOST + 1, order=ORDERS[sort])
    return relevant(listings, asked, game=result.game, most=MOST + 1)


def reindex(slice_size: int = 500) -> None:
    """Make every listing findable that was written past `save()`."""
    rows = Listing.objects.order_by("pk").values_list("pk", "title", "description")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:slice_size]):
        words.index_all(some)
        last = some[-1][0]


def _narrowed(filters: dict) -> QuerySet:
    return Listing.objects.public().filter(**filters)


def _filters(result: Result) -> dict:
    """What narrows the list but for the words asked for; what is wrong is added to the problems."""
    values, filters = result.values, {}
    if values["game"]:
        result.game = Game.objects.filter(pk=values["game"]).first() if _NUMBER.fullmatch(values["game"]) else None
        if not result.game:
            _name_problem(result, "game", _("Такой игры нет: «%(value)s». Показаны все игры."))
    if result.game:
        filters["game"] = result.game.pk
    for name, lookup in (("min_price", "price__gte"), ("max_price", "price__lte")):
        if values[name]:
            price = price_of(values[name])
            if price is None:
                _name_problem(result, name, _("Цена «%(value)s» не похожа на число и не учтена."))
            else:
                filters[lookup] = price
    if values["sort"] and values["sort"] not in ORDERS:
        _name_problem(result, "sort", _("Такого порядка нет: «%(value)s». Показаны сначала новые."))
    if len(values["search"]) > SEARCH_LENGTH:
        _name_problem(result, "search", _("Запрос «%(value)s» длиннее %(limit)s знаков и не учтён."))
    return filters


def _name_problem(result: Result, name: str, sentence: str) -> None:
    value = result.values[name]
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    result.problems.append(sentence % {"value": shown, "limit": SEARCH_LENGTH})
    result.values[name] = ""


def price_of(text: str) -> Decimal | None:
    """«1 234,50 ₽» → 1234.50; None for what is not a price."""
    plain = "".join(text.removesuffix("₽").split())
    return Decimal(plain.replace(",", ".")) if _PRICE.fullmatch(plain) else None


def written(price: Decimal) -> str:
    """As people write it: «12 490», «12 490,50»."""
    return f"{price:,.2f}".replace(",", "\u00a0").replace(".", ",").removesuffix(",00")
