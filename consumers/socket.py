"""One tab: who it is, what it says and what it is told.

Not a channels consumer class: their dispatch visits the process's one database thread for every event.
"""

import logging
import math
import time
from collections.abc import Coroutine

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts import sessions
from apps.live import feed

from . import commands, frames, gate, pool
from .errand import Errand
from .gate import Gate
from .handshake import Handshake
from .hub import hub as worker
from .tail import Tail

security = logging.getLogger("lootlink.security")

ABUSE = {4400, 4403, 4409, 4429}  # what the security log tells of
NOBODY: frozenset[int] = frozenset()


async def application(scope, receive, send):
    """Every websocket of this process."""
    await Socket(worker, scope, send).run(receive)


class Socket:
    def __init__(self, hub, scope, send):
        self.hub, self._send = hub, send
        self._handshake = Handshake(scope)
        self.user_id = 0
        self.session_key = ""
        self.password = ""
        self.language = self._handshake.language
        self.heard_at = time.monotonic()
        self.users = self.listings = NOBODY
        self.told: dict[tuple[str, int], object] = {}  # what the tab knows of whom it watches
        self.shown = False  # whether the tick has noted its user as online
        self.greeted = False  # `hello` is the first frame: what has no number and comes before it is not for this tab
        self.ended = False
        self._entered = False
        self.tail = Tail(self)
        self._bad = 0
        self._gate = Gate()
        self._heard: list[dict] = []
        self._commands = commands.Commands(self)
        self._work = Errand(self._obey_all, self.failed)

    # The life of a socket

    async def run(self, receive) -> None:
        await receive()  # websocket.connect
        if not self._handshake.accepted:
            await self._send({"type": "websocket.close"})
            return
        await self._send({"type": "websocket.accept"})
        self.hub.open.add(self)
        self._work.go()
        try:
            while (event := await receive())["type"] != "websocket.disconnect":
                self._hear(event)
            await self._work.done()
        finally:
            self.ended = True
            self.hub.leave(self)
            self.hub.open.discard(self)
            self._work.cancel()
            self.tail.stop()

    async def _enter(self) -> None:
        """Know the trader, register, then read: whatever commits after the registration is heard of."""
        if self.hub.draining:
            return self.end(4012, _("Сервер перезапускается."))
        try:
            user = await pool.run(sessions.trader, self._handshake.session)
            if user is None:
                return self.end(4401, _("Вы не вошли на сайт."))
            if not user.is_active:
                return self.end(4403, _("Аккаунт заблокирован."))
            self.user_id, self.session_key, self.password = user.pk, self._handshake.session, user.password
            if self.ended:
                return None  # told to go elsewhere meanwhile
            self.hub.join(self)
            head, resumes = await pool.run(_where, user.pk, self._handshake.after)
        except (DatabaseError, InterfaceError):
            return self.end(4012, _("База данных недоступна."))
        return self._begin(head, resumes)

    def _begin(self, head: int, resumes: bool) -> None:
        limits = {
            "content": settings.MESSAGE_LENGTH,
            "frame": settings.FRAME_BYTES,
            "messages": settings.MESSAGE_RATE,
            "frames": settings.FRAME_RATE,
        }
        self.say({"type": "hello", "user": self.user_id, "head": head, "limits": limits, "build": settings.BUILD})
        self.greeted = True
        after = self._handshake.after
        self.tail.start_at(after if resumes and after is not None else head)
        if not resumes:
            self.say({"type": "reset", "head": head})
            self.hub.counts["resets"] += 1
        elif after is not None:
            self.hub.counts["resumes"] += 1
        self.tail.behind(head)
        self.tail.expect_nothing()

    def end(self, code: int, why: str) -> None:
        """Say `bye` and close; only the first reason counts."""
        if self.ended:
            return
        if code in ABUSE:
            security.warning("socket closed code=%s user=%s", code, self.user_id or None)
        self.hub.leave(self)
        with translation.override(self.language):
            self.say({"type": "bye", "code": code, "why": str(why)})
        self.ended = True
        self.hub.open.discard(self)
        self._now({"type": "websocket.close", "code": code})

    # Up: what the tab says

    def _hear(self, event: dict) -> None:
        """Judge the pace of frames as they come: what waits behind a slow command is never more than the rate lets through."""
        self.heard_at = time.monotonic()
        self.hub.counts["frames_in"] += 1
        if self.ended:
            return
        refused = self._gate.refuses(event.get("text") or "")
        if refused:
            self.hub.counts["refusals"] += 1
        if self._gate.flooded:
            self.end(4429, _("Слишком много сообщений."))
        self._heard.append(refused or event)
        self._work.go()

    def _obey_all(self) -> Coroutine | None:
        """One command after another, once it is known whose they are, up to one that has to wait for something."""
        if not self._entered:
            self._entered = True
            return self._enter()
        while self._heard:
            rest = self._obey(self._heard.pop(0))
            if rest is not None:
                return rest
        return None

    def failed(self) -> None:
        """A mistake of ours: the tab comes back at once."""
        self.end(4012, commands.BUSY)

    def _obey(self, event: dict) -> Coroutine | None:
        if self.ended:
            return None
        if event["type"] == gate.REFUSED:
            self.say_error("rate_limited", _("Слишком часто."), event["ref"], event["wait"])
            return None
        text = event.get("text")
        command, ref = commands.parse(text) if text is not None else (None, None)
        try:
            if command is None:
                raise commands.Refused("bad_frame", _("Непонятное сообщение."))
            rest = self._commands.run(command)
        except commands.Refused as refused:
            self._refuse(refused, ref)
            return None
        self._bad = 0
        return self._finish(rest, ref) if rest else None

    async def _finish(self, rest: Coroutine, ref: str | None) -> None:
        try:
            await rest
        except commands.Refused as refused:
            self._refuse(refused, ref)

    def _refuse(self, refused: commands.Refused, ref: str | None) -> None:
        self.hub.counts["refusals"] += 1
        self.say_error(refused.code, refused.detail, ref, refused.retry_after)
        self._bad = self._bad + 1 if refused.code == "bad_frame" else 0
        if self._bad >= settings.BAD_FRAMES:
            self.end(4400, _("Слишком много непонятных сообщений подряд."))

    def watch(self, users: set[int], listings: set[int]) -> None:
        self.users, self.listings, self.told = users, listings, {}

    # Down: what the tab is told

    def say(self, frame: dict) -> None:
        self.say_text(frames.encode(frame))

    def say_text(self, text: str) -> None:
        if not self.ended:
            self.hub.counts["frames_out"] += 1
            self._now({"type": "websocket.send", "text": text})

    def _now(self, event: dict) -> None:
        """Everything is sent as it is said, and so in order. Daphne's send() never waits: no task is needed for it."""
        try:
            self._send(event).send(None)
        except StopIteration:
            return
        raise RuntimeError("This server's send() waits.")

    def say_ok(self, ref: str | None, **made) -> None:
        self.say({"type": "ok", "ref": ref, **made})

    def say_error(self, code: str, detail, ref: str | None, retry_after: float | None = None) -> None:
        """`detail` is a lazy sentence: it is told in the tab's language."""
        with translation.override(self.language):
            frame = {"type": "error", "code": code, "detail": str(detail)}
        if ref is not None:
            frame["ref"] = ref
        if retry_after is not None:
            frame["retry_after"] = math.ceil(retry_after * 100) / 100
        self.say(frame)

    def tell(self, about: tuple[str, int], state: object, text: str) -> None:
        """A frame about something watched, only when it is not what the tab knows already."""
        if self.told.get(about) != state:
            self.told[about] = state
            self.say_text(text)


def _where(user_id: int, after: int | None) -> tuple[int, bool]:
    """The user's head, and whether the log can be followed from `after` on."""
    if after is None:
        return feed.head(user_id), True
    head, rows = feed.after(user_id, after, 1)
    return head, rows is not None
