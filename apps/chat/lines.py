"""How the messages of a talk lie under each other: days, groups, the first unread, the steps of the deal."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
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


class Line(NamedTuple):
    """One message as one reader sees it, and nothing else: equal lines are drawn once. Without a message it is the
    pattern that scripts fill."""

    message: Said | None
    own: bool = False
    read: bool = False
    step: Step | None = None


class Placed(NamedTuple):
    """A line and how it stands to those above it."""

    line: Line
    joined: bool
    starts_day: bool
    first_unread: bool


class History(NamedTuple):
    """A page of a talk; `older` is the id to ask for what came before it, `past` says that newer ones exist."""

    lines: tuple[Placed, ...]
    older: int | None
    past: bool

    @property
    def today(self) -> date:
        """Some days are named by how far they are."""
        return timezone.now().astimezone(UTC).date()


# What scripts fill: a text of either side, and each step of a deal.
PATTERNS = (
    ("other", Line(None)),
    ("own", Line(None, own=True)),
    *((code, Line(None, read=True, step=step)) for code, step in STEPS.items()),
)


def line(own: bool, read: bool, kind: str, said: Said) -> Line:
    """`read`: whether the pointer of the side that did not write it passed it."""
    deal = kind == Message.Kind.DEAL
    return Line(said, own, read or deal, STEPS[said.content] if deal else None)


def _page(older: bool):
    messages = Message.objects.filter(conversation=Given("talk"))
    if older:
        messages = messages.filter(pk__lt=Given("before"))
    columns = messages.order_by("-pk").values_list("pk", "sender_id", "kind", "content", "created_at")
    return columns[: settings.HISTORY_PAGE + 1]


_PAGE = Compiled(_page)


def history(talk: Conversation, reader, read: int, before: int | None = None) -> History:
    """The last messages, or the last of those before an id; `read` is the reader's pointer as it was before this reading.

    The talk has both people.
    """
    found = _PAGE.all(bool(before), talk=talk.pk, before=before)
    page = found[: settings.HISTORY_PAGE][::-1]
    older = page[0][0] if len(found) > len(page) else None
    past = bool(before) and (not page or page[-1][0] < talk.last_message_id)
    return History(tuple(_placed(_lines(page, talk, reader.pk), read)), older, past)


def _lines(page: list[tuple], talk: Conversation, me: int) -> Iterator[Line]:
    names = {person.pk: Author(person.username) for person in (talk.participant1, talk.participant2)}
    mine, theirs = talk.read_of(me), talk.read_of(talk.other_id(me))
    for pk, sender_id, kind, content, created_at in page:
        own = sender_id == me
        named = kind == Message.Kind.DEAL and STEPS[content].named
        said = Said(pk, content, created_at, names[sender_id] if named else None)
        yield line(own, (theirs if own else mine) >= pk, kind, said)


def _placed(lines: Iterable[Line], read: int) -> Iterator[Placed]:
    above, unread = None, False
    for each in lines:
        starts_day = above is None or _day(above) != _day(each)
        first_unread = not unread and not each.own and not each.step and each.message.pk > read
        joined = not starts_day and not first_unread and _together(above, each)
        yield Placed(each, joined, starts_day, first_unread)
        above, unread = each, unread or first_unread


def _day(line: Line) -> date:
    return line.message.created_at.astimezone(UTC).date()


def _together(above: Line, below: Line) -> bool:
    texts = not above.step and not below.step
    return texts and above.own == below.own and below.message.created_at - above.message.created_at < TOGETHER
