"""Who hears of the steps of a deal: the talk, both logs, the bells. Called by flow.py as the last of a change."""

from typing import NamedTuple

from apps.accounts.models import CustomUser
from apps.chat.drafts import Draft, Refusal
from apps.chat.models import Conversation
from apps.live import feed
from apps.notifications.models import Notification
from apps.notifications.notify import notify_all

from .models import DealStep, PurchaseRequest


class Told(NamedTuple):
    """A line of the history, and the kind of notification that the side that did not act gets of it."""

    line: DealStep
    kind: str


def tell(told: list[Told], by: CustomUser, *, said: str = "", waiting=(), of: str = "") -> None:
    """Lines in the talks, events, notifications; those `waiting` keep their status and hear `of` the listing."""
    drafts = []
    for line, _kind in told:
        request = line.request
        talk = Conversation.between(request.listing, request.buyer_id, request.seller_id)
        # A moderator is no side of the talk.
        author_id = by.pk if request.is_party(by) else request.seller_id
        drafts.append(Draft(talk.pk, author_id, line.step, kind="deal"))
        if said:
            drafts.append(Draft(talk.pk, author_id, said))
    for answer in Conversation.post_many(drafts):
        if isinstance(answer, Refusal):
            raise answer
    for line, _kind in told:
        feed.record("deal.changed", line, to=line.request.parties)
    if told:
        for request in waiting:
            feed.record("deal.changed", told[0].line, to=[request.buyer_id], data={"deal": request.pk})
    notify_all([_notice(line.request, kind, by) for line, kind in told] + [_notice(request, of, by) for request in waiting])


def _notice(request: PurchaseRequest, kind: str, by: CustomUser) -> Notification:
    to = request.seller_id if by.pk == request.buyer_id else request.buyer_id
    return Notification(user_id=to, kind=kind, about=request.pk, words={"title": request.title, "who": by.username})
