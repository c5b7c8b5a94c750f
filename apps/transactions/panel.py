"""A deal as one of its sides sees it: on its own page and beside the talk."""

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CustomUser
from apps.chat.models import Conversation
from apps.listings.models import Listing

from . import flow, questions
from .models import DealStep, PurchaseRequest, Review

Status = PurchaseRequest.Status
Step = DealStep.Step


class Words(NamedTuple):
    """How a step is shown: on its button, and in the history when I took it and when the other side did."""

    icon: str
    button: str
    mine: str
    theirs: str


WORDS = {
    (Step.CREATE, ""): Words("clock", _("Отправить заявку"), _("Вы отправили заявку"), _("Покупатель отправил заявку")),
    (Step.ACCEPT, Status.PENDING): Words("handshake", _("Принять заявку"), _("Вы приняли заявку"), _("Продавец принял заявку")),
    (Step.REJECT, Status.PENDING): Words("x", _("Отклонить заявку"), _("Вы отклонили заявку"), _("Продавец отклонил заявку")),
    (Step.REJECT, Status.ACCEPTED): Words(
        "x", _("Отказаться от сделки"), _("Вы отказались от сделки"), _("Продавец отказался от сделки")
    ),
    (Step.COMPLETE, Status.ACCEPTED): Words(
        "circle-check", _("Завершить сделку"), _("Вы завершили сделку"), _("Продавец завершил сделку")
    ),
    (Step.CANCEL, Status.PENDING): Words("undo-2", _("Отменить заявку"), _("Вы отменили заявку"), _("Покупатель отменил заявку")),
    (Step.CANCEL, Status.ACCEPTED): Words(
        "undo-2", _("Отказаться от сделки"), _("Вы отказались от сделки"), _("Покупатель отказался от сделки")
    ),
}
BY_MODERATOR = _("Модератор снял объявление")
LISTING_BECAME = {
    Listing.Status.ACTIVE: _("Объявление снова в продаже"),
    Listing.Status.RESERVED: _("Объявление зарезервировано"),
    Listing.Status.SOLD: _("Объявление продано"),
    Listing.Status.CANCELLED: _("Объявление снято с продажи"),
}


def _columns(names: tuple[str, ...]) -> attrgetter:
    return attrgetter(*(name.replace("__", ".") for name in names))


_request, _item, _person = map(_columns, (questions.REQUEST, questions.ITEM, questions.PERSON))
_review = attrgetter(*(column.attname for column in Review._meta.concrete_fields), "reviewer.username", "reviewer.is_active")


@dataclass(frozen=True, eq=False)
class Panel:
    """Panels that show the same are equal, and drawn once."""

    purchase: PurchaseRequest
    viewer: CustomUser

    def __eq__(self, other):
        return isinstance(other, Panel) and self._shown == other._shown

    def __hash__(self):
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._shown)

    @cached_property
    def _shown(self) -> tuple:
        """All that it speaks of but the steps, none of which is taken without the time of the request moving; the year,
        because times of this one are said without it."""
        deal = (_request(self.purchase), _item(self.purchase.listing), _person(self.other))
        return (timezone.now().year, self.viewer.pk, deal, self.waiting, tuple(map(_review, self.reviews)))

    @property
    def selling(self) -> bool:
        return self.viewer.pk == self.purchase.seller_id

    @property
    def other(self) -> CustomUser:
        return self.purchase.other(self.viewer)

    @cached_property
    def buttons(self) -> list[tuple[str, Words]]:
        """The legal steps, the way forward first."""
        return [(step, WORDS[step, self.purchase.status]) for step in self._ordered(flow.steps_for(self.purchase, self.viewer))]

    @staticmethod
    def _ordered(steps):
        return sorted(steps, key=lambda step: step in {Step.REJECT, Step.CANCEL})

    @property
    def busy(self) -> bool:
        """Waiting while the item is another's."""
        return self.purchase.status == Status.PENDING and self.purchase.listing.status == Listing.Status.RESERVED

    @cached_property
    def steps(self) -> list[questions.Taken]:
        return [questions.Taken(*row) for row in questions.STEPS.all(deal=self.purchase.pk)]

    @property
    def was_accepted(self) -> bool:
        return any(line.to_status == Status.ACCEPTED for line in self.steps)

    @property
    def history(self) -> list[dict]:
        """Newest first."""
        return [self._line(line) for line in reversed(self.steps)]

    def _line(self, line: questions.Taken) -> dict:
        words = WORDS[line.step, line.from_status]
        sentence = words.mine if line.actor_id == self.viewer.pk else words.theirs
        if line.actor_id not in self.purchase.parties:
            sentence = BY_MODERATOR
        # A request that was closed with its listing says so; of the rest only those that moved the listing speak of it.
        moved = Status.ACCEPTED in {line.from_status, line.to_status}
        closed = line.step == Step.REJECT and line.listing_status in {Listing.Status.SOLD, Listing.Status.CANCELLED}
        effect = LISTING_BECAME[line.listing_status] if moved or closed else ""
        return {"icon": words.icon, "status": line.to_status, "sentence": sentence, "effect": effect, "at": line.created_at}

    @property
    def contacts(self) -> list[dict]:
        """How to reach the other side, once the two have agreed."""
        if self.purchase.status not in PurchaseRequest.AGREED:
            return []
        profile = self.other.profile
        known = [
            {"icon": "phone", "name": _("Телефон"), "value": profile.phone},
            {"icon": "send", "name": "Telegram", "value": profile.telegram and f"@{profile.telegram}"},
            {"icon": "gamepad-2", "name": "Discord", "value": profile.discord},
        ]
        return [contact for contact in known if contact["value"]]

    @cached_property
    def waiting(self) -> tuple[questions.Waiting, ...]:
        """The other requests that wait for this seller and this item."""
        if not self.selling or self.purchase.status not in PurchaseRequest.OPEN:
            return ()
        return questions.waiting(self.purchase.listing_id, but=self.purchase.pk)

    @cached_property
    def reviews(self) -> list[Review]:
        if self.purchase.status != Status.COMPLETED:
            return []
        return questions.REVIEWS.all(deal=self.purchase.pk)

    @property
    def may_review(self) -> bool:
        mine = any(review.reviewer_id == self.viewer.pk for review in self.reviews)
        return self.purchase.status == Status.COMPLETED and not mine

    @property
    def listing_visible(self) -> bool:
        return self.purchase.listing.hidden_at is None

    @property
    def changed(self) -> bool:
        """The listing no longer says what the buyer saw."""
        listing = self.purchase.listing
        return (listing.title, listing.price) != (self.purchase.title, self.purchase.price)

    @property
    def other_online(self) -> bool:
        """Known of a deal that was found by its id."""
        return bool(self.purchase.buyer_online if self.selling else self.purchase.seller_online)


def of(purchase: PurchaseRequest, viewer: CustomUser) -> Panel:
    """As one of its sides sees it. That side's row is kept with what is drawn, and no request's user with its request."""
    return Panel(purchase, purchase.seller if viewer.pk == purchase.seller_id else purchase.buyer)


def newest(talk: Conversation, viewer: CustomUser) -> Panel | None:
    """The last deal of these two about this listing, whichever way it went. The talk has its listing and both people."""
    purchase = questions.NEWEST.first(one=talk.participant1_id, other=talk.participant2_id, listing=talk.listing_id)
    if purchase is None:
        return None
    people = {talk.participant1_id: talk.participant1, talk.participant2_id: talk.participant2}
    purchase.listing, purchase.buyer, purchase.seller = talk.listing, people[purchase.buyer_id], people[purchase.seller_id]
    return of(purchase, viewer)
