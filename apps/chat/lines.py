"""How the messages of a talk lie under each other: days, groups, the first unread, the steps of the deal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.live.compiled import Compiled, Given

from .models import Conversation, Message

TOGETHER = timedelta(minutes=5)


class Step(NamedTuple):
    """A step of the deal as a sentence in the talk and, shorter, in the list; `named` begins with who acted."""

    status: str
    icon: str
    said: str
    short: str
    named: bool = False

    def __hash__(self):
        # Not of the sentences, which would be looked up for it.
        return hash(self.status)


STEPS = {
    "create": Step("pending", "clock", _("просит продать этот предмет"), _("Заявка на покупку"), named=True),
    "accept": Step("accepted", "handshake", _("Продавец принял заявку"), _("Заявка принята")),
    "reject": Step("rejected", "x", _("Заявка отклонена"), _("Заявка отклонена")),
    "complete": Step("completed", "circle-check", _("Сделка завершена"), _("Сделка завершена")),
    "cancel": Step("cancelled", "undo-2", _("Покупатель отменил заявку"), _("Заявка отменена")),
}


class Author(NamedTuple):
    username: str


class Said(NamedTuple):
    """A message without the names that few lines show."""

    pk: int
    content: str
    created_at: datetime | None = None  # the list of talks does not say when
    sender: Author | None = None


class Shown(NamedTuple):
    """What a line says and how, and nothing else: lines of equal values are drawn once."""

    message: Said | None
    own: bool
    read: bool
    step: Step | None
    joined: bool


@dataclass
class Line:
    """One message as one reader sees it; without a message it is the pattern that scripts fill."""

    message: Said | None
    own: bool = False
    read: bool = False
    step: Step | None = None
    starts_day: bool = False
    first_unread: bool = False
    joined: bool = False

    @property
    def shown(self) -> Shown:
        return Shown(self.message, self.own, self.read, self.step, self.joined)


class History(NamedTuple):
    """A page of a talk; `older` is the id to ask for what came before it, `past` says that newer ones exist."""

    lines: list[Line]
    older: int | None
    past: bool

    @property
    def shown(self) -> tuple[tuple[Shown, bool, bool], ...]:
        """Each line with whether a day or the unread ones begin at it."""
        return tuple((line.shown, line.starts_day, line.first_unread) for line in self.lines)

    @property
    def today(self) -> date:
        """Some days are named by how far they are."""
        return timezone.now().astimezone(UTC).date()


# What scripts fill: a text of either side, and each step of a deal.
PATTERNS = (
    ("other", Line(None).shown),
    ("own", Line(None, own=True).shown),
    *((code, Line(None, read=True, step=step).shown) for code, step in STEPS.items()),
)


def line(own: bool, read: bool, kind: str, said: Said) -> Line:
    """`read`: whether the pointer of the side that did not write it passed it."""
    deal = kind == Message.Kind.DEAL
    return Line(said, own, read or deal, STEPS[said.content] if deal else None)


def _page(older: bool):
    messages = Message.objects.filter(conversation=Given("talk"))
    if older:
        messages = messages.filter(pk__lt=Given("before"))
    columns = messages.order_by("-pk").values_list("pk", "sender_id", "sender__username", "kind", "content", "created_at")
    return columns[: settings.HISTORY_PAGE + 1]


_PAGE = Compiled(_page)


def history(conversation: Conversation, reader, read: int, before: int | None = None) -> History:
    """The last messages, or the last of those before an id; `read` is the reader's pointer as it was before this reading."""
    found = _PAGE.all(bool(before), talk=conversation.pk, before=before)
    me = reader.pk  # a request's user is looked up at each asking
    lines = [_line(conversation, me, *row) for row in reversed(found[: settings.HISTORY_PAGE])]
    older = lines[0].message.pk if len(found) > len(lines) else None
    past = bool(before) and (not lines or lines[-1].message.pk < conversation.last_message_id)
    return History(_arranged(lines, read), older, past)


def _line(talk: Conversation, me: int, pk, sender_id, username, kind, content, created_at) -> Line:
    step = kind == Message.Kind.DEAL and STEPS[content]
    said = Said(pk, content, created_at, Author(username) if step and step.named else None)
    return line(sender_id == me, talk.read_of(talk.other_id(sender_id)) >= pk, kind, said)


def _arranged(lines: list[Line], read: int) -> list[Line]:
    _mark_first_unread(lines, read)
    if lines:
        lines[0].starts_day = True
    for above, below in pairwise(lines):
        below.starts_day = _day(above) != _day(below)
        below.joined = not below.starts_day and not below.first_unread and _together(above, below)
    return lines


def _mark_first_unread(lines: Iterable[Line], read: int) -> None:
    for each in lines:
        if not each.own and not each.step and each.message.pk > read:
            each.first_unread = True
            return


def _day(line: Line):
    return line.message.created_at.astimezone(UTC).date()


def _together(above: Line, below: Line) -> bool:
    texts = not above.step and not below.step
    return texts and above.own == below.own and below.message.created_at - above.message.created_at < TOGETHER
