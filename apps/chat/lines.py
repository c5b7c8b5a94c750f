"""How the messages of a talk lie under each other: days, groups, the first unread, the steps of the deal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Conversation, Message

TOGETHER = timedelta(minutes=5)


class Step(NamedTuple):
    """A step of the deal as a sentence in the talk and, shorter, in the list; `named` begins with who acted."""

    status: str
    icon: str
    said: str
    short: str
    named: bool = False


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
    pk: int
    content: str
    created_at: datetime
    sender: Author | None


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

    message: Message | None
    own: bool = False
    read: bool = False
    step: Step | None = None
    starts_day: bool = False
    first_unread: bool = False
    joined: bool = False

    @property
    def shown(self) -> Shown:
        message = self.message
        # The author is named in few lines, and read with the message only in the talk itself.
        author = Author(message.sender.username) if message and self.step and self.step.named else None
        return self._shown(author)

    @property
    def last(self) -> Shown:
        """As the list of talks shows it, which names nobody."""
        return self._shown(None)

    def _shown(self, author: Author | None) -> Shown:
        said = self.message and Said(self.message.pk, self.message.content, self.message.created_at, author)
        return Shown(said, self.own, self.read, self.step, self.joined)


class History(NamedTuple):
    """A page of a talk; `older` is the id to ask for what came before it, `past` says that newer ones exist."""

    lines: list[Line]
    older: int | None
    past: bool


# What scripts fill: a text of either side, and each step of a deal.
PATTERNS = (
    ("other", Line(None).shown),
    ("own", Line(None, own=True).shown),
    *((code, Line(None, read=True, step=step).shown) for code, step in STEPS.items()),
)


def line(message: Message, conversation: Conversation, reader) -> Line:
    deal = message.kind == Message.Kind.DEAL
    return Line(
        message,
        own=message.sender_id == reader.pk,
        read=message.is_read_in(conversation),
        step=STEPS[message.content] if deal else None,
    )


def history(conversation: Conversation, reader, read: int, before: int | None = None) -> History:
    """The last messages, or the last of those before an id; `read` is the reader's pointer as it was before this reading."""
    messages = conversation.messages.select_related("sender").order_by("-pk")
    if before:
        messages = messages.filter(pk__lt=before)
    found = list(messages[: settings.HISTORY_PAGE + 1])
    shown = found[: settings.HISTORY_PAGE]
    older = shown[-1].pk if len(found) > len(shown) else None
    past = bool(before) and (not shown or shown[0].pk < conversation.last_message_id)
    return History(_arranged([line(message, conversation, reader) for message in reversed(shown)], read), older, past)


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
