"""One listing's trade, played step by step in memory: who asked, what was decided, and what was said meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.accounts.models import CustomUser
from apps.chat.models import Message
from apps.listings.models import Listing
from apps.notifications.models import Notification
from apps.transactions.flow import RULES, Status, Step
from apps.transactions.models import DealStep, PurchaseRequest

BECOMES = {
    Listing.reserve: Listing.Status.RESERVED,
    Listing.release: Listing.Status.ACTIVE,
    Listing.mark_sold: Listing.Status.SOLD,
}


@dataclass
class Talk:
    listing: Listing
    buyer: CustomUser
    lines: list[tuple[datetime, CustomUser, str, str]] = field(default_factory=list)
    # How many of the newest lines of the other side each has not read yet.
    unread_by_buyer: int = 0
    unread_by_seller: int = 0

    def say(self, at: datetime, script: str | tuple[str, ...]) -> datetime:
        """Speak lines that begin with `>` (buyer) or `<` (seller), a number being a pause in minutes; returns when it ended."""
        for line in script.strip().splitlines() if isinstance(script, str) else script:
            if line.isdigit():
                at += timedelta(minutes=int(line))
                continue
            author = self.buyer if line.startswith(">") else self.listing.seller
            self.lines.append((at, author, line[2:], Message.Kind.TEXT))
            at += timedelta(seconds=18 + len(line))
        return at


@dataclass
class Deal:
    talk: Talk
    steps: list[tuple[datetime, Step]]
    message: str = ""
    row: PurchaseRequest | None = None


@dataclass
class Bell:
    """A notification before its deal has an id."""

    at: datetime
    user: CustomUser
    kind: str
    deal: PurchaseRequest
    words: dict

    def ring(self) -> Notification:
        return Notification(user=self.user, kind=self.kind, about=self.deal.pk, words=self.words, created_at=self.at)


class Play:
    """Takes the steps of the deals about one listing in the order of time, by flow's own table."""

    def __init__(self, listing: Listing, deals: list[Deal]):
        self.listing, self.deals = listing, deals
        self.history: list[DealStep] = []
        self.bells: list[Bell] = []

    def run(self) -> "Play":
        """Gives each deal its row, the listing its status, the talks their lines. Raises ValueError at an illegal step."""
        todo = sorted((at, number, step) for number, deal in enumerate(self.deals) for at, step in deal.steps)
        for at, number, step in todo:
            deal = self.deals[number]
            if step == Step.CREATE:
                deal.row = self._request(deal, at)
            self._take(deal, step, at)
        return self

    def _take(self, deal, step, at):
        rule, before = RULES[step], deal.row.status
        needs_active = step in (Step.CREATE, Step.ACCEPT)
        if before not in rule.before or (needs_active and self.listing.status != Listing.Status.ACTIVE):
            raise ValueError(f"{step} from {before!r} while {self.listing.status}: {self.listing}")
        move = rule.listing.get(before)
        if move:
            self.listing.status, self.listing.updated_at = BECOMES[move], at
        self._write(deal, step, at, rule.before[before])
        for other in self.deals if move else ():
            if other is deal or not other.row or other.row.status != Status.PENDING:
                continue
            if step == Step.COMPLETE:
                self._write(other, Step.REJECT, at, rule.others)
            else:
                self._tell(other.row, other.row.buyer, self.listing.seller, rule.others, at)

    def _write(self, deal, step, at, kind):
        row, before = deal.row, deal.row.status
        row.status, row.updated_at = RULES[step].after, at
        if step == Step.COMPLETE:
            row.completed_at = at
        by_buyer = RULES[step].by == "buyer_id"
        actor, other = (row.buyer, row.seller) if by_buyer else (row.seller, row.buyer)
        deal.talk.lines.append((at, actor, step, Message.Kind.DEAL))
        if step == Step.CREATE and deal.message:
            deal.talk.lines.append((at, actor, deal.message, Message.Kind.TEXT))
        self.history.append(
            DealStep(
                request=row,
                actor=actor,
                step=step,
                from_status=before,
                to_status=row.status,
                listing_status=self.listing.status,
                created_at=at,
            )
        )
        self._tell(row, other, actor, kind, at)

    def _tell(self, row, user, actor, kind, at):
        self.bells.append(Bell(at, user, kind, row, {"title": row.title, "who": actor.username}))

    def _request(self, deal, at):
        return PurchaseRequest(
            listing=self.listing,
            buyer=deal.talk.buyer,
            seller=self.listing.seller,
            status="",
            message=deal.message,
            title=self.listing.title,
            price=self.listing.price,
            image=self.listing.image,
            created_at=at,
        )
