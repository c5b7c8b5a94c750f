"""What may come up from a tab: its shape, its size, its rate, then one call of the domain."""

import asyncio
import json
import re
from collections.abc import Coroutine
from typing import Annotated

import msgspec
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from apps.chat import drafts, pace
from apps.chat.models import Conversation
from apps.live.push import Hint
from apps.notifications.models import Bell

from . import frames, pool

Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Ids = Annotated[list[Id], Meta(max_length=settings.WATCH_LIMIT)]
Ref = Annotated[str, Meta(min_length=1, max_length=64)]
BUSY = _("Сервер занят. Попробуйте ещё раз.")
# Neither can be stored, and a lone surrogate can't even be answered.
_BROKEN = re.compile(r"[\0\ud800-\udfff]")


class Refused(Exception):
    """Answered by an `error` frame; `retry_after` in seconds where waiting helps."""

    def __init__(self, code: str, detail, retry_after: float | None = None):
        self.code, self.detail, self.retry_after = code, detail, retry_after


class Send(Struct, tag="message.send"):
    ref: Ref
    conversation: Id
    content: str


class Read(Struct, tag="message.read"):
    conversation: Id
    message: Id
    ref: Ref | None = None


class ReadBell(Struct, tag="notification.read"):
    notification: Id
    ref: Ref | None = None


class Typing(Struct, tag="typing"):
    conversation: Id
    ref: Ref | None = None


class Watch(Struct, tag="watch"):
    users: Ids = []
    listings: Ids = []
    ref: Ref | None = None


class Ping(Struct, tag="ping"):
    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None
    ref: Ref | None = None


Command = Send | Read | ReadBell | Typing | Watch | Ping


_decoder = msgspec.json.Decoder(Command)


def parse(text: str) -> tuple[Command | None, str | None]:
    """The command, or None where the frame is bad; and its `ref` wherever one can be told."""
    try:
        command = _decoder.decode(text)
        if command.ref is None or not _BROKEN.search(command.ref):
            return command, command.ref
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass  # to be looked at again, more closely
    try:
        # json and not msgspec: a lone surrogate in a text is an invalid content, not a bad frame.
        frame = json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return None, None
    ref = frame.get("ref") if isinstance(frame, dict) else None
    if not (isinstance(ref, str) and 1 <= len(ref) <= 64 and not _BROKEN.search(ref)):
        ref = None
    try:
        command = msgspec.convert(frame, Command)
    # msgspec quotes a text that it refuses, and can't encode a lone surrogate.
    except (msgspec.ValidationError, UnicodeError):
        return None, ref
    return (command, ref) if command.ref == ref else (None, None)


def _no_json(constant: str):
    """NaN and Infinity are Python's own."""
    raise ValueError(constant)


class Commands:
    """The commands of one socket, run one after another; only messages and readings go on together, through the writer."""

    def __init__(self, socket):
        self.socket = socket
        self._others: dict[int, int] = {}  # conversation → the other participant, which never changes

    def run(self, command: Command) -> Coroutine | None:
        """Answer one command, or give back what has to wait for something to be answered. Both raise Refused."""
        match command:
            case Ping():
                return self._ping(command)
            case Send():
                return self._send(command)
            case Read():
                return self._read(command)
            case Typing():
                return self._typing(command)
            case Watch():
                return self._watch(command)
            case ReadBell():
                return self._read_bell(command)

    def _ping(self, command: Ping) -> None:
        if command.seq is not None and not self.socket.tail.acknowledge(command.seq):
            raise Refused("bad_frame", _("Столько событий ещё не отправлено."))
        asked = {} if command.ref is None else {"ref": command.ref}
        self.socket.say({"type": "pong", "head": self.socket.tail.head, **asked})

    def _send(self, command: Send) -> None:
        wait = pace.messages.take(self.socket.user_id)
        if wait:
            raise Refused("rate_limited", _("Слишком часто."), retry_after=wait)
        try:
            content = drafts.clean(command.content)
        except drafts.Refusal as refusal:
            raise Refused(refusal.code, refusal.sentence) from None
        draft = drafts.Draft(command.conversation, self.socket.user_id, content, command.ref)
        self._write(draft, command.ref)

    def _write(self, item: drafts.Draft | drafts.Reading, ref: str | None) -> None:
        answer = self.socket.hub.writer.put(item)
        answer.add_done_callback(lambda done: self._written(ref, done))

    def _written(self, ref: str | None, done: asyncio.Future) -> None:
        if done.cancelled() or done.exception():
            self.socket.say_error("unavailable", BUSY, ref, retry_after=1)
            return
        answer = done.result()
        if isinstance(answer, drafts.Refusal):
            self.socket.say_error(answer.code, answer.sentence, ref)
        elif answer is None:
            self.socket.say_ok(ref)
        else:
            self.socket.say_ok(ref, message=frames.message(answer))

    async def _read(self, command: Read) -> None:
        await self._other(command.conversation)
        self._write(drafts.Reading(command.conversation, self.socket.user_id, command.message), command.ref)

    async def _read_bell(self, command: ReadBell) -> None:
        await _saved(Bell.read_up_to, self.socket.user_id, command.notification)
        self.socket.say_ok(command.ref)

    async def _typing(self, command: Typing) -> None:
        other = await self._other(command.conversation)
        text = frames.typing(command.conversation, self.socket.user_id)
        self.socket.hub.offer(Hint(says={other: [text]}))

    async def _other(self, conversation_id: int) -> int:
        """The other participant. Raises Refused where the talk is not this trader's, or not there."""
        if conversation_id not in self._others:
            other = await _saved(_other, self.socket.user_id, conversation_id)
            if other is None:
                raise Refused("forbidden", drafts.Forbidden.sentence)
            if len(self._others) >= 100:
                self._others.clear()
            self._others[conversation_id] = other
        return self._others[conversation_id]

    async def _watch(self, command: Watch) -> None:
        self.socket.watch(set(command.users), set(command.listings))
        self.socket.say_ok(command.ref)
        await self.socket.hub.show_watched(self.socket)


def _other(user_id: int, conversation_id: int) -> int | None:
    talk = Conversation.objects.filter(pk=conversation_id).first()
    return talk.other_id(user_id) if talk and user_id in talk.participants else None


async def _saved(call, *args):
    """The result of a domain call; `unavailable` where it is not known whether it was saved."""
    try:
        return await pool.run(call, *args)
    except (DatabaseError, InterfaceError):
        raise Refused("unavailable", BUSY, retry_after=1) from None
