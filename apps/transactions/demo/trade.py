"""A year of trade: which listings were asked for, by whom, and how each of these deals went."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from apps.accounts.models import CustomUser
from apps.listings.demo.people import BUYER, SELLER
from apps.listings.demo.stock import IN_STORIES, Lot
from apps.listings.models import Listing
from apps.transactions.flow import Step

from . import words
from .play import Deal, Talk

PLANS = {
    "waiting": 26,
    "accepted": 9,
    "refused": 11,
    "withdrawn": 9,
    "stepped back by buyer": 5,
    "stepped back by seller": 4,
    "only talk": 12,
}
WITH_RIVALS = {"waiting", "accepted", "stepped back by buyer", "stepped back by seller"}
# Which of every twelve past sales went to a demo login.
PURCHASES_OF_LOGINS = {1: BUYER, 5: BUYER, 9: SELLER}


class Trade:
    def __init__(self, traders: dict[str, CustomUser], now: datetime, choice: Random):
        self.talks: list[Talk] = []
        self._traders, self._now, self._choice = traders, now, choice

    def of_the_past(self, lots: Iterable[Lot]) -> list[list[Deal]]:
        """For every lot that was sold: the deal that took it and, now and then, one that came too late or went back."""
        return [self._sale(lot, number) for number, lot in enumerate(lots)]

    def of_today(self, lots: Iterable[Lot]) -> list[list[Deal]]:
        """For some active lots: deals in every state, and talks without one."""
        free = [lot for lot in lots if lot.good.title not in IN_STORIES and lot.listing.status == Listing.Status.ACTIVE]
        free = [lot for lot in free if self._now - lot.listing.created_at > timedelta(hours=5)]
        of_others = [lot for lot in free if lot.listing.seller.username not in (SELLER, BUYER)]
        plans = [plan for plan, times in PLANS.items() for _ in range(times)]
        asked = self._choice.sample(of_others, len(plans))
        deals = [self._talked(lot, plan) for lot, plan in zip(asked, plans, strict=True)]
        return deals + self._of_the_logins([lot for lot in free if lot not in asked])

    def _of_the_logins(self, free):
        """What the two logins find beside their stories: other people's answers, and work of their own."""
        seller, buyer = self._traders[SELLER], self._traders[BUYER]
        theirs = [lot for lot in free if lot.listing.seller not in (seller, buyer)]
        sellers = [lot for lot in free if lot.listing.seller == seller]
        buyers = [lot for lot in free if lot.listing.seller == buyer]
        return [
            *(self._talked(theirs[i], plan, buyer) for i, plan in enumerate(("refused", "withdrawn", "waiting"))),
            *(self._talked(theirs[i + 3], plan, seller) for i, plan in enumerate(("waiting", "accepted"))),
            *(self._talked(lot, plan) for lot, plan in zip(sellers, ("waiting", "refused", "only talk"), strict=False)),
            *(self._talked(lot, "waiting") for lot in buyers[:1]),
        ]

    def _sale(self, lot, number):
        choice, listing = self._choice, lot.listing
        bought = self._traders.get(PURCHASES_OF_LOGINS.get(number % 12))
        first, second, third = self._buyers(listing, 3, bought)
        asked = listing.created_at + timedelta(hours=choice.uniform(6, 60))
        accepted = asked + timedelta(minutes=choice.uniform(4, 500))
        completed = min(accepted + timedelta(minutes=choice.uniform(25, 900)), self._now - timedelta(hours=2))
        talk = self._asking(lot, first, asked)
        talk.say(accepted + timedelta(minutes=1), choice.choice(words.MEETINGS))
        talk.say(completed + timedelta(minutes=2), choice.choice(words.THANKS))
        deals = [Deal(talk, [(asked, Step.CREATE), (accepted, Step.ACCEPT), (completed, Step.COMPLETE)], self._request())]
        if choice.random() < 0.15:
            late = Talk(listing, second)
            self.talks.append(late)
            deals.append(Deal(late, [(asked + (accepted - asked) * choice.random(), Step.CREATE)], self._request()))
        if choice.random() < 0.08:
            early = Talk(listing, third)
            self.talks.append(early)
            begun = listing.created_at + timedelta(hours=1)
            early.say(begun + timedelta(hours=3), (choice.choice(words.SECOND_THOUGHTS),))
            deals.append(Deal(early, [(begun, Step.CREATE), (begun + timedelta(hours=3.2), Step.CANCEL)], self._request()))
        return deals

    def _talked(self, lot, plan, buyer=None):
        choice, listing = self._choice, lot.listing
        buyer, second, third = self._buyers(listing, 3, buyer)
        age = min(self._now - listing.created_at, timedelta(days=4))
        asked = self._now - age * choice.uniform(0.45, 0.75)
        middle, later = asked + (self._now - asked) * 0.4, asked + (self._now - asked) * 0.7
        talk = self._asking(lot, buyer, asked)
        if plan == "only talk":
            talk.unread_by_seller = choice.choice((0, 0, 1))
            return []
        steps = [(asked, Step.CREATE)]
        if plan in ("accepted", "stepped back by buyer", "stepped back by seller"):
            steps.append((middle, Step.ACCEPT))
            talk.say(middle + timedelta(minutes=1), choice.choice(words.MEETINGS))
        if plan in ("refused", "stepped back by seller"):
            talk.say(later - timedelta(minutes=2), (choice.choice(words.REFUSALS),))
            steps.append((later, Step.REJECT))
        if plan in ("withdrawn", "stepped back by buyer"):
            talk.say(later - timedelta(minutes=2), (choice.choice(words.SECOND_THOUGHTS),))
            steps.append((later, Step.CANCEL))
        deals = [Deal(talk, steps, self._request())]
        if plan == "waiting" and deals[0].message:
            talk.unread_by_seller = choice.choice((0, 1))
        if plan in WITH_RIVALS and choice.random() < 0.4:
            until = self._now if plan == "waiting" else middle
            for other in (second, third)[: choice.choice((1, 2))]:
                rival = Talk(listing, other, unread_by_seller=choice.choice((0, 1)))
                self.talks.append(rival)
                begun = asked + (until - asked) * choice.uniform(0.1, 0.9)
                deals.append(Deal(rival, [(begun, Step.CREATE)], self._request()))
        return deals

    def _asking(self, lot, buyer, before):
        """A talk about the goods that ends with the request at `before`."""
        talk = Talk(lot.listing, buyer)
        self.talks.append(talk)
        if self._choice.random() < 0.8:
            talk.say(
                before - timedelta(minutes=self._choice.uniform(12, 50)), self._choice.choice(words.QUESTIONS[lot.good.kind])
            )
        return talk

    def _buyers(self, listing, count, first=None):
        """Different people, none the seller; the demo logins only where they are asked for."""
        kept_out = (listing.seller.username, SELLER, BUYER)
        others = [trader for name, trader in self._traders.items() if name not in kept_out]
        chosen = self._choice.sample(others, count)
        return [first, *chosen[1:]] if first and first != listing.seller else chosen

    def _request(self):
        return self._choice.choice(words.REQUESTS)
