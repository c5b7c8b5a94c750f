"""Work for the database that goes together: what comes while a batch is being worked on is the next batch. No timer."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

from . import pool
from .errand import Errand

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Lane(Generic[Item, Answer]):
    """`call` answers a list of items in order, at most `most` of them at once."""

    def __init__(self, call: Callable[[list[Item]], list[Answer]], most: int, name: str):
        self._call, self._most = call, most
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
            if len(batch) > 1 and not _away(answers):
                # One of them is what is wrong, or is locked: the others shall not pay for it.
                for one in batch:
                    await self._answer([one])
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


def _away(error: BaseException) -> bool:
    """Whether the database itself is what fails: no connection, no room, told to stop, out of time. SQLite gives no codes."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return (getattr(error.__cause__, "sqlstate", None) or "08")[:2] in {"08", "53", "57"}
