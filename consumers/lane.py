"""Work for the database that goes together: what comes while a batch is being worked on is the next batch. No timer."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

from . import pool

logger = logging.getLogger(__name__)

LOCKED = "55P03"  # PostgreSQL's word for a lock that was waited for in vain
AWAY = {"08", "53", "57"}  # its classes of errors: no connection, no room, told to stop or out of time

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Batch = list[tuple[Item, asyncio.Future]]


class Lane(Generic[Item, Answer]):
    """`call` answers a list of items in order, at most `most` of them at once; `group` names what an item locks."""

    def __init__(self, call: Callable[[list[Item]], list[Answer]], most: int, line: pool.Line, group: Callable[[Item], Hashable]):
        self._call, self._most, self._line, self._group = call, most, line, group
        self._waiting: deque[tuple[Item, asyncio.Future]] = deque()
        self._again: deque[Batch] = deque()  # parts of a batch that failed
        self._busy = False

    def put(self, item: Item) -> "asyncio.Future[Answer]":
        """Raises what the database raised, or a mistake of ours, where it is not known to be done."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._waiting.append((item, answer))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._next)
        return answer

    async def stop(self) -> None:
        await self._line.stop()

    def _next(self) -> None:
        if self._again:
            batch = self._again.popleft()
        else:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        self._busy = bool(batch)
        if batch:
            self._line.begin(self._call, [item for item, _future in batch], done=partial(self._done, batch))

    def _done(self, batch: Batch, work: Future) -> None:
        try:
            mistake = work.exception()
            parts = self._parts(batch, mistake) if mistake else []
            if len(parts) > 1:
                self._again.extendleft(reversed(parts))
            elif mistake:
                self._fail(batch, mistake)
            else:
                for (_item, future), answer in zip(batch, work.result(), strict=True):
                    if not future.done():
                        future.set_result(answer)
        finally:
            self._next()  # whatever was wrong with this one, the others go on

    def _fail(self, batch: Batch, mistake: BaseException) -> None:
        if not isinstance(mistake, DatabaseError | InterfaceError):
            logger.error("%s of %s items failed", self._call.__qualname__, len(batch), exc_info=mistake)
        for _item, future in batch:
            if not future.done():
                future.set_exception(mistake)

    def _parts(self, batch: Batch, error: BaseException) -> list[Batch]:
        """What goes again by itself: one of them is what is wrong, or is locked, and the others shall not pay for it."""
        code = _code(error)
        if code[:2] in AWAY:
            return [batch]
        by_group = defaultdict(list)
        for item, future in batch:
            by_group[self._group(item)].append((item, future))
        if len(by_group) > 1:
            return list(by_group.values())
        # Each of them would wait as long for the same lock.
        return [batch] if code == LOCKED else [[one] for one in batch]


def _code(error: BaseException) -> str:
    """What PostgreSQL calls it; SQLite gives no codes, and what it can't do for one it can do for nobody."""
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    return getattr(error.__cause__, "sqlstate", None) or "08000"
