"""The demo logins' own stories: a sword asked for, a ring set aside, a greatsword sold after a long talk."""

from datetime import datetime, timedelta

from apps.accounts.models import CustomUser
from apps.listings.demo.people import BUYER
from apps.listings.demo.stock import LEGION, RING, SWORD, Lot
from apps.transactions.flow import Step

from . import stories
from .play import Deal, Talk

RIVALS = {"Гром_Орда": 190, "nox": 75}  # how many minutes ago they asked for the sword too


def tell_stories(lots: list[Lot], traders: dict[str, CustomUser], now: datetime) -> list[list[Deal]]:
    listings = {lot.listing.title: lot.listing for lot in lots if not lot.was_sold}
    buyer = traders[BUYER]
    return [
        _sword(listings[SWORD], buyer, [(traders[name], ago) for name, ago in RIVALS.items()], now),
        [_ring(listings[RING], buyer, now)],
        [_legion(listings[LEGION], buyer, now)],
    ]


def _sword(listing, buyer, rivals, now):
    talk = Talk(listing, buyer, unread_by_seller=2)
    talk.say(now - timedelta(hours=19), stories.TOLD_OF_SWORD)
    talk.say(now - timedelta(minutes=11), stories.STILL_UNREAD_OF_SWORD)
    deals = [Deal(talk, [(now - timedelta(minutes=26), Step.CREATE)], stories.ASKED_FOR_SWORD)]
    for rival, ago in rivals:
        deals.append(Deal(Talk(listing, rival), [(now - timedelta(minutes=ago), Step.CREATE)]))
    return deals


def _ring(listing, buyer, now):
    talk = Talk(listing, buyer, unread_by_buyer=2)
    asked = talk.say(now - timedelta(hours=5), stories.TOLD_OF_RING) + timedelta(minutes=3)
    talk.say(now - timedelta(minutes=43), stories.STILL_UNREAD_OF_RING)
    steps = [(asked, Step.CREATE), (asked + timedelta(minutes=48), Step.ACCEPT)]
    return Deal(talk, steps, stories.ASKED_FOR_RING)


def _legion(listing, buyer, now):
    talk = Talk(listing, buyer)
    asked = talk.say(now - timedelta(days=8), stories.LONG_TALK) + timedelta(minutes=1)
    accepted = asked + timedelta(minutes=2)
    completed = talk.say(accepted + timedelta(minutes=1), stories.AFTER_LEGION) + timedelta(minutes=1)
    talk.say(completed + timedelta(minutes=1), stories.THANKED_FOR_LEGION)
    steps = [(asked, Step.CREATE), (accepted, Step.ACCEPT), (completed, Step.COMPLETE)]
    return Deal(talk, steps, stories.ASKED_FOR_LEGION)
