"""The end of one tab's log: a cursor in it, a window of what the tab has not acknowledged, and hints that come too early."""

import asyncio
import time
from collections.abc import Coroutine

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from . import frames
from .errand import Errand
from .reader import Ask


class Tail:
    """An event goes out when its number is the next one and the window is open; what no hint brings is read from the log."""

    def __init__(self, socket):
        self._socket, self._hub = socket, socket.hub
        self._window = settings.SOCKET_WINDOW
        self.head = 0  # the highest number known to exist
        self.cursor = 0  # the last number sent
        self.acknowledged = 0
        self._reading = True  # until it begins, and while rows are read: hints only raise the head
        self._ahead: dict[int, str | None] = {}  # frames of hints that wait for the numbers below them, or for the window
        self._gap, self._gap_until = -1, 0.0  # the number after which one lacks, and until when its hint is waited for
        self._errand = Errand(self._catch_up, socket.failed)

    def start_at(self, seq: int) -> None:
        self.cursor = self.acknowledged = seq
        self._reading = False
        self._forget_ahead()

    def expect_nothing(self) -> None:
        """What is known to be in the log by now comes from there: no hint of it is on its way."""
        if self.cursor < self.head:
            self._gap, self._gap_until = self.cursor, 0.0

    def stop(self) -> None:
        self._errand.cancel()

    def acknowledge(self, seq: int) -> bool:
        """The tab has applied everything up to `seq`; False where that was never sent."""
        if seq > self.cursor:
            return False
        self.acknowledged = max(self.acknowledged, seq)
        self.behind(self.head)
        return True

    def news(self, seq: int, text: str | None) -> None:
        """A hint: sent at once when it is the next number and the window is open; where numbers lack the log is read."""
        if seq <= self.cursor:
            self._hub.counts["duplicates"] += 1
            return
        if len(self._ahead) < self._window:
            self._ahead[seq] = text
        self._send_ahead()
        self.behind(seq)

    def _send_ahead(self) -> None:
        """Whatever follows what was sent, and is at hand."""
        while not self._reading and self._room() > 0 and (text := self._ahead.get(self.cursor + 1)):
            self.cursor += 1
            del self._ahead[self.cursor]
            self._socket.say_text(frames.numbered(self.cursor, text))

    def behind(self, head: int) -> bool:
        """There are events up to `head`: wake the tail where some of them were not sent. True if so."""
        self.head = max(self.head, head)
        if self.cursor < self.head:
            self._errand.go()
        return self.cursor < self.head

    def missed(self) -> bool:
        """Whether it is behind for want of a hint, and not because its window is shut or it is reading."""
        return not self._reading and self._room() > 0

    def _room(self) -> int:
        return self._window - (self.cursor - self.acknowledged)

    def _forget_ahead(self) -> None:
        self._ahead = {seq: text for seq, text in self._ahead.items() if seq > self.cursor}

    def _may_still_come(self) -> bool:
        """Whether the hint of the next number is only late; wakes the tail when it is not any more."""
        if self.cursor + 1 in self._ahead:
            return False  # it came, and has no frame that fits every reader
        now = time.monotonic()
        if self._gap != self.cursor:
            self._hub.counts["gaps"] += bool(self._ahead)
            late = self._hub.group.late
            self._gap, self._gap_until = self.cursor, now + late
            asyncio.get_running_loop().call_later(late + 0.001, self._errand.go)
        return now < self._gap_until

    def _lacks(self) -> bool:
        """Whether there is something that only the log can give."""
        self._send_ahead()
        return not self._reading and not self._socket.ended and self.cursor < self.head and self._room() > 0

    def _catch_up(self) -> Coroutine | None:
        if not self._lacks() or self._may_still_come():
            return None
        self._reading = True  # from here on, and not from when the task begins: nothing else moves the cursor
        return self._read()

    async def _read(self) -> bool:
        """Take the next rows of the log. False where there is nothing to be had now; the tick asks again."""
        try:
            rows = await self._hub.reader.put(Ask(self._socket.user_id, self.cursor, self._room(), self._socket.language))
        except (DatabaseError, InterfaceError):
            return False
        finally:
            self._reading = False
        if not rows or rows[0][0] != self.cursor + 1:
            # Pruned, or restored from a backup: what is missing can't be sent any more.
            self._hub.counts["resets"] += 1
            self._socket.say({"type": "reset", "head": self.head})
            self.start_at(self.head)
            return True
        for seq, text in rows:
            self.cursor = seq
            self._socket.say_text(text)
        self._forget_ahead()
        self.expect_nothing()
        return True
