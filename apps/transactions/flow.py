"""THE state machine of deals: who may do what, from where, and what follows. Every door goes through here.

Each step is one change: the listing is locked, then its requests by id, then profiles, conversations, bells and inboxes.
"""

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter

from apps.accounts import limits
from apps.accounts.models import CustomUser, Profile
from apps.listings import selling
from apps.listings.models import Listing
from apps.live import feed

from . import telling
from .models import DealStep, PurchaseRequest

logger = logging.getLogger("lootlink.security")
steps_taken = Counter("lootlink_deal_steps", "Steps that deals took", ["step"])
races_lost = Counter("lootlink_deal_races_lost", "Steps refused because another came first")
Status = PurchaseRequest.Status
Step = DealStep.Step


class Forbidden(Exception):
    """This step is not this person's to take."""


class LostRace(Exception):
    """The deal or its listing is no longer where this step begins; the text is a sentence for the person."""


@dataclass(frozen=True)
class Rule:
    """`before` maps each status that the step leaves to what the other side is told (a kind of notification)."""

    by: str  # the field of the request that names who may
    before: dict[str, str]
    after: Status
    # from a status → what becomes of the listing, and what the other open requests are told of it
    listing: dict[str, Callable[[Listing], None]] = field(default_factory=dict)
    others: str = ""


RULES = {
    Step.CREATE: Rule("buyer_id", {"": "request"}, Status.PENDING),
    Step.ACCEPT: Rule(
        "seller_id", {Status.PENDING: "accepted"}, Status.ACCEPTED, {Status.PENDING: Listing.reserve}, others="busy"
    ),
    Step.REJECT: Rule(
        "seller_id",
        {Status.PENDING: "rejected", Status.ACCEPTED: "refused"},
        Status.REJECTED,
        {Status.ACCEPTED: Listing.release},
        others="free",
    ),
    Step.COMPLETE: Rule(
        "seller_id", {Status.ACCEPTED: "completed"}, Status.COMPLETED, {Status.ACCEPTED: Listing.mark_sold}, others="sold"
    ),
    Step.CANCEL: Rule(
        "buyer_id",
        {Status.PENDING: "cancelled", Status.ACCEPTED: "stepped_back"},
        Status.CANCELLED,
        {Status.ACCEPTED: Listing.release},
        others="free",
    ),
}
# What the pending requests hear when the seller sets the listing's status by hand.
BY_HAND = {
    Listing.Status.ACTIVE: "free",
    Listing.Status.RESERVED: "busy",
    Listing.Status.SOLD: "sold",
    Listing.Status.CANCELLED: "withdrawn",
}
# Where an open request can't stay open.
CLOSING = {"sold", "withdrawn"}

NOW_IT_IS = {
    Status.PENDING: _("Заявка ещё ждёт ответа."),
    Status.ACCEPTED: _("Заявка уже принята."),
    Status.REJECTED: _("Заявка уже отклонена."),
    Status.COMPLETED: _("Сделка уже завершена."),
    Status.CANCELLED: _("Заявка уже отменена."),
}
NOT_ACTIVE = {
    Listing.Status.ACTIVE: _("Объявление скрыто."),
    Listing.Status.RESERVED: _("Предмет сейчас занят другой сделкой."),
    Listing.Status.SOLD: _("Предмет уже продан."),
    Listing.Status.CANCELLED: _("Объявление снято с продажи."),
}
CHANGED_MEANWHILE = _("Пока вы решали, всё изменилось. Посмотрите, как дела сейчас.")
DEAL_DECIDES = _("Пока заявка принята, состояние объявления меняет только сделка.")
SOLD_FOR_EVER = _("Предмет продан по завершённой сделке: это уже не изменить.")
DEAL_GOES_ON = _("Заявка принята: сначала завершите сделку или откажитесь от неё.")


@feed.retried
def create(listing_id: int, buyer: CustomUser, message: str = "") -> PurchaseRequest:
    """Ask to buy; an open request of this buyer is returned as it is.

    `message` as drafts.clean() gives it, or empty. Raises Listing.DoesNotExist, Forbidden, LostRace, limits.TooMany.
    Records deal.changed, message.new, notification.new.
    """
    with _change():
        listing = Listing.objects.locked(listing_id)
        if listing.hidden_at:
            raise Listing.DoesNotExist
        if listing.seller_id == buyer.pk:
            raise Forbidden
        if own := _locked(listing).filter(buyer=buyer).open().first():
            return own
        if listing.status != Listing.Status.ACTIVE:
            raise LostRace(NOT_ACTIVE[listing.status])
        able = CustomUser.objects.filter(pk__in=[buyer.pk, listing.seller_id], is_active=True).values_list("pk", flat=True)
        if buyer.pk not in able:
            raise Forbidden
        if listing.seller_id not in able:
            raise Listing.DoesNotExist
        limits.rows("request", PurchaseRequest.objects.bought_by(buyer))
        request = PurchaseRequest.objects.create(
            listing=listing,
            buyer=buyer,
            seller_id=listing.seller_id,
            message=message,
            title=listing.title,
            price=listing.price,
            image=listing.image,
        )
        line = _history(request, Step.CREATE, buyer, "", at=request.created_at)
        telling.tell([telling.Told(line, RULES[Step.CREATE].before[""])], buyer, said=message)
    return request


@feed.retried
def advance(request_id: int, step: str, by: CustomUser) -> PurchaseRequest:
    """Take a step of the table; where it already holds nothing is written.

    Raises PurchaseRequest.DoesNotExist, Forbidden, LostRace. Records deal.changed, message.new, notification.new.
    """
    step = Step(step)
    rule = RULES[step]
    listing_id = PurchaseRequest.objects.values_list("listing_id", flat=True).get(pk=request_id)
    with _change():
        listing = Listing.objects.locked(listing_id)
        requests = {request.pk: request for request in _locked(listing).filter(status__in=PurchaseRequest.OPEN)}
        request = requests.pop(request_id, None) or _locked(listing).get(pk=request_id)
        request.listing = listing
        if not permits(request, step, by):
            return request
        before = request.status
        moves = rule.listing.get(before)
        if moves:
            moves(listing)
        told = [telling.Told(_move(request, step, by), rule.before[before])]
        waiting = list(requests.values()) if moves else []
        if rule.others in CLOSING:
            told += _close(waiting, listing, by, rule.others)
            waiting = []
        if step == Step.COMPLETE:
            _count(request)
        telling.tell(told, by, waiting=waiting, of=rule.others)
    return request


@feed.retried
def set_status(listing_id: int, status: str, by: CustomUser) -> Listing:
    """The seller sets the listing's status by hand: sold and cancelled reject the pending requests.

    Raises Listing.DoesNotExist, Forbidden, LostRace (while a deal decides), limits.TooMany (too many on sale).
    Records what the rejected are told.
    """
    status = Listing.Status(status)
    with _change():
        listing = Listing.objects.locked(listing_id)
        if listing.hidden_at:
            raise Listing.DoesNotExist
        if listing.seller_id != by.pk:
            raise Forbidden
        if listing.status != status:
            _by_hand(listing, status, by)
    return listing


@feed.retried
def withdraw(listing_id: int, by: CustomUser) -> None:
    """Delete a listing: out of everybody's sight, and erased where its seller has no deals or talks about it.

    `by` is the seller or a moderator, who only hides. Raises Listing.DoesNotExist, Forbidden, LostRace while a deal goes on.
    """
    with _change():
        listing = Listing.objects.locked(listing_id)
        if by.pk != listing.seller_id and not by.is_staff:
            raise Forbidden
        if listing.hidden_at:
            return
        untouched = not listing.requests.exists() and not listing.conversations.exists()
        if untouched and by.pk == listing.seller_id:
            listing.delete()
            return
        if listing.requests.filter(status=Status.ACCEPTED).exists():
            raise LostRace(DEAL_GOES_ON)
        if listing.status in {Listing.Status.ACTIVE, Listing.Status.RESERVED}:
            _by_hand(listing, Listing.Status.CANCELLED, by)
        listing.hidden_at = Now()
        listing.save(update_fields=["hidden_at"])


def permits(request: PurchaseRequest, step: str, by: CustomUser) -> bool:
    """Whether the step changes anything: False where it already holds. `request.listing` is read. Raises Forbidden, LostRace."""
    rule = RULES[step]
    if getattr(request, rule.by) != by.pk:
        raise Forbidden
    if request.status == rule.after:
        return False
    if request.status not in rule.before:
        raise LostRace(NOW_IT_IS[request.status])
    listing = request.listing
    if step == Step.ACCEPT and (listing.hidden_at or listing.status != Listing.Status.ACTIVE):
        raise LostRace(NOT_ACTIVE[listing.status])
    return True


def steps_for(request: PurchaseRequest, user: CustomUser) -> list[Step]:
    """What this user may do with the deal now, in the table's order."""
    return [step for step in RULES if _is_open_to(request, step, user)]


def _is_open_to(request, step, user) -> bool:
    try:
        return permits(request, step, user)
    except (Forbidden, LostRace):
        return False


@contextmanager
def _change():
    """The constraints stand behind the locks: what they refuse is a race that was lost."""
    try:
        with feed.change():
            yield
    except LostRace:
        races_lost.inc()
        raise
    except IntegrityError as error:
        races_lost.inc()
        raise LostRace(CHANGED_MEANWHILE) from error


def _locked(listing: Listing):
    return PurchaseRequest.objects.select_for_update(no_key=True).filter(listing=listing).order_by("pk")


def _by_hand(listing: Listing, status: Listing.Status, by: CustomUser) -> None:
    requests = list(_locked(listing).filter(status__in=[*PurchaseRequest.OPEN, Status.COMPLETED]))
    if any(request.status == Status.ACCEPTED for request in requests):
        raise LostRace(DEAL_DECIDES)
    if any(request.status == Status.COMPLETED for request in requests):
        raise LostRace(SOLD_FOR_EVER)
    if status == Listing.Status.ACTIVE:
        selling.check_return(by)
    listing.withdraw(status)
    kind = BY_HAND[status]
    if kind in CLOSING:
        telling.tell(_close(requests, listing, by, kind), by)
    else:
        telling.tell([], by, waiting=requests, of=kind)


def _move(request: PurchaseRequest, step: Step, by: CustomUser) -> DealStep:
    """Write the history first: its time is the deal's."""
    rule = RULES[step]
    before, request.status = request.status, rule.after
    line = _history(request, step, by, before)
    request.updated_at = line.created_at
    changed = ["status", "updated_at"]
    if rule.after == Status.COMPLETED:
        request.completed_at = line.created_at
        changed.append("completed_at")
    request.save(update_fields=changed)
    return line


def _history(request: PurchaseRequest, step: Step, by: CustomUser, before: str, at=None) -> DealStep:
    when = {"created_at": at} if at else {}
    transaction.on_commit(partial(_noted, request.pk, step, by.pk, before, request.status))
    return DealStep.objects.create(
        request=request,
        actor=by,
        step=step,
        from_status=before,
        to_status=request.status,
        listing_status=request.listing.status,
        **when,
    )


def _noted(*written) -> None:
    steps_taken.labels(written[1]).inc()
    logger.info("deal=%s step=%s by=%s from=%s to=%s", *written)


def _close(requests: list[PurchaseRequest], listing: Listing, by: CustomUser, kind: str) -> list[telling.Told]:
    """Reject those that were still waiting, in the order of their ids; `kind` says why."""
    for request in requests:
        request.listing = listing
    return [telling.Told(_move(request, Step.REJECT, by), kind) for request in requests]


def _count(request: PurchaseRequest) -> None:
    profiles = Profile.objects.filter(user_id__in=[request.seller_id, request.buyer_id])
    list(profiles.select_for_update(no_key=True).order_by("user_id").values_list("user_id"))
    profiles.filter(user_id=request.seller_id).update(total_sales=F("total_sales") + 1)
    profiles.filter(user_id=request.buyer_id).update(total_purchases=F("total_purchases") + 1)
