"""One listing's trade, played step by step in memory: who asked, what was decided, and what was said meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.accounts.models import CustomUser
from apps.chat.models import Message
from apps.listings.models import Listing
from apps.transactions.models import DealStep, PurchaseRequest

Status, Step = PurchaseRequest.Status, DealStep.Step
FROM = {
    Step.CREATE: ("",),
    Step.ACCEPT: (Status.PENDING,),
    Step.REJECT: (Status.PENDING, Status.ACCEPTED),
    Step.COMPLETE: (Status.ACCEPTED,),
    Step.CANCEL: (Status.PENDING, Status.ACCEPTED),
}
TO = {
    Step.CREATE: Status.PENDING,
    Step.ACCEPT: Status.ACCEPTED,
    Step.REJECT: Status.REJECTED,
    Step.COMPLETE: Status.COMPLETED,
    Step.CANCEL: Status.CANCELLED,
}


@dataclass
class Talk:
    listing: Listing
    buyer: CustomUser
    lines: list[tuple[datetime, CustomUser, str, str]] = field(default_factory=list)
    # How many of the newest lines of the other side each has not read yet.
    unread_by_buyer: int = 0
    unread_by_seller: int = 0

    def say(self, at: datetime, script: str | tuple[str, ...], gap=timedelta(minutes=1)) -> datetime:
        """Speak lines that begin with `>` (buyer) or `<` (seller), a number being a longer pause; returns when it ended."""
        for line in script.strip().splitlines() if isinstance(script, str) else script:
            if line.isdigit():
                at += timedelta(minutes=int(line))
                continue
            author = self.buyer if line.startswith(">") else self.listing.seller
            self.lines.append((at, author, line[2:], Message.Kind.TEXT))
            at += gap * (0.3 + len(line) / 60)
        return at


@dataclass
class Deal:
    talk: Talk
    steps: list[tuple[datetime, str]]
    message: str = ""
    row: PurchaseRequest | None = None

    @property
    def completed_at(self) -> datetime | None:
        return next((at for at, step in self.steps if step == Step.COMPLETE), None)


def play(listing: Listing, deals: list[Deal]) -> list[DealStep]:
    """Take the deals' steps in the order of time, as flow would: sets each deal's row and the listing's status, and adds the
    deal's lines to its talk. The steps returned are unsaved and point at unsaved rows. Raises ValueError at an illegal step."""
    taken = []
    todo = sorted(((at, number, step) for number, deal in enumerate(deals) for at, step in deal.steps))
    for at, number, step in todo:
        deal = deals[number]
        if deal.row is None:
            deal.row = PurchaseRequest(
                listing=listing,
                buyer=deal.talk.buyer,
                seller=listing.seller,
                status="",
                message=deal.message,
                title=listing.title,
                price=listing.price,
                image=listing.image,
                created_at=at,
            )
        _move_listing(listing, step, deal.row.status, at)
        taken.append(_take(deal, step, at, listing))
        if step == Step.COMPLETE:
            waiting = [other for other in deals if other.row and other.row.status == Status.PENDING]
            taken += [_take(other, Step.REJECT, at, listing) for other in waiting]
    return taken


def _take(deal, step, at, listing):
    row, before = deal.row, deal.row.status
    if before not in FROM[step]:
        raise ValueError(f"{step} from {before!r}: {listing}")
    row.status, row.updated_at = TO[step], at
    if step == Step.COMPLETE:
        row.completed_at = at
    actor = row.buyer if step in (Step.CREATE, Step.CANCEL) else row.seller
    deal.talk.lines.append((at, actor, step, Message.Kind.DEAL))
    if step == Step.CREATE and deal.message:
        deal.talk.lines.append((at, actor, deal.message, Message.Kind.TEXT))
    return DealStep(
        request=row,
        actor=actor,
        step=step,
        from_status=before,
        to_status=row.status,
        listing_status=listing.status,
        created_at=at,
    )


def _move_listing(listing, step, status, at):
    before = listing.status
    if step in (Step.CREATE, Step.ACCEPT) and before != Listing.Status.ACTIVE:
        raise ValueError(f"{step} while {before}: {listing}")
    if step == Step.ACCEPT:
        listing.status = Listing.Status.RESERVED
    elif step == Step.COMPLETE:
        listing.status = Listing.Status.SOLD
    elif status == Status.ACCEPTED:
        listing.status = Listing.Status.ACTIVE
    if listing.status != before:
        listing.updated_at = at
