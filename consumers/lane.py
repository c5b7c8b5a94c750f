"""Work for the database that goes together: what comes while a batch is being worked on is the next batch. No timer."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

from . import pool
from .errand import Errand

logger = logging.getLogger(__name__)

LOCKED = "55P03"  # PostgreSQL's word for a lock that was waited for in vain
AWAY = {"08", "53", "57"}  # its classes of errors: no connection, no room, told to stop or out of time

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Lane(Generic[Item, Answer]):
    """`call` answers a list of items in order, at most `most` of them at once; `group` names what an item locks."""

    def __init__(self, call: Callable[[list[Item]], list[Answer]], most: int, name: str, group: Callable[[Item], Hashable]):
        self._call, self._most, self._group = call, most, group
        self._line = pool.Line(name)
        self._waiting: deque[tuple[Item, asyncio.Future]] = deque()
        self._errand = Errand(self._work, lambda: None)

    def put(self, item: Item) -> "asyncio.Future[Answer]":
        """Raises what the database raised, or a mistake of ours, where it is not known to be done."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._errand.go()
        return answer

    async def stop(self) -> None:
        await self._line.stop()

    async def _work(self) -> None:
        while self._waiting:
            await self._answer([self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))])

    async def _answer(self, batch: list[tuple[Item, asyncio.Future]]) -> None:
        (answers,) = await asyncio.gather(self._line.run(self._call, [item for item, _future in batch]), return_exceptions=True)
        if isinstance(answers, BaseException):
            parts = self._parts(batch, answers)
            if len(parts) > 1:
                for part in parts:
                    await self._answer(part)
                return
            if not isinstance(answers, DatabaseError | InterfaceError):
                logger.error("%s of %s items failed", self._call.__qualname__, len(batch), exc_info=answers)
        for place, (_item, future) in enumerate(batch):
            if future.done():
                continue
            if isinstance(answers, BaseException):
                future.set_exception(answers)
            else:
                future.set_result(answers[place])

    def _parts(self, batch: list[tuple[Item, asyncio.Future]], error: BaseException) -> list:
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
