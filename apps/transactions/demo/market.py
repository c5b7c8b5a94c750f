"""The whole demo market: planned and drawn first, then written in one transaction."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from apps.listings import photos, search
from apps.listings.demo.pictures import draw_all
from apps.listings.demo.stock import plan_stock
from apps.listings.demo.traders import draw_avatars, plan_traders, save_traders
from apps.listings.models import Game, Listing

from .logins import tell_stories
from .play import Play, Talk
from .praise import save_ratings, save_reviews
from .records import BATCH, save_bells, save_deals, save_presence, save_talks
from .trade import Trade

SEED = 2007
UNREAD_FOR = timedelta(hours=6)


def open_market(say: Callable[[str], None]) -> None:
    """Fill an empty database; everything but the pictures' names and the time of day is the same each time."""
    choice, now = Random(SEED), timezone.now()  # noqa: S311  -- the same market every time is the point
    traders = plan_traders(now, choice)
    lots = plan_stock(traders, now, choice)

    say("Drawing the pictures")
    drawn = draw_all(lot.drawing for lot in lots)
    for lot in lots:
        lot.listing.image = photos.store_encoded(drawn[lot.drawing], "listings")
    avatars = draw_avatars()

    say("Writing traders, listings, deals and talks")
    plays, talks = _trade(lots, traders, now, choice)
    with transaction.atomic():
        save_traders(traders, avatars)
        Game.objects.bulk_create(
            sorted({lot.listing.game.slug: lot.listing.game for lot in lots}.values(), key=lambda game: game.name)
        )
        Listing.objects.bulk_create([lot.listing for lot in lots], batch_size=BATCH)
        deals = save_deals([deal for play in plays for deal in play.deals], [step for play in plays for step in play.history])
        completed = [deal for deal in deals if deal.completed_at]
        save_talks(talks)
        save_presence(talks, traders.values())
        praise = save_reviews(completed, now, choice)
        save_ratings(traders.values(), completed)
        save_bells([*praise, *(bell for play in plays for bell in play.bells)], traders.values(), now - UNREAD_FOR)
        search.reindex()
    say(f"{len(lots)} listings, {len(traders)} traders, {len(deals)} deals, {len(talks)} talks")


def _trade(lots, traders, now, choice) -> tuple[list[Play], list[Talk]]:
    trade = Trade(traders, now, choice)
    cases = [
        *trade.of_the_past([lot for lot in lots if lot.was_sold]),
        *trade.of_today([lot for lot in lots if not lot.was_sold]),
        *tell_stories(lots, traders, now),
    ]
    plays = [Play(deals[0].talk.listing, deals).run() for deals in cases if deals]
    talks = {id(talk): talk for talk in [*trade.talks, *(deal.talk for play in plays for deal in play.deals)]}
    return plays, list(talks.values())
