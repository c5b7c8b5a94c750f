"""Work for the database that goes together: what comes while a batch is being worked on is the next batch. No timer."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError

from . import pool
from .errand import Errand

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Lane(Generic[Item, Answer]):
    """`call` answers a list of items in order, at most `most` of them at once."""

    def __init__(self, call: Callable[[list[Item]], list[Answer]], most: int, name: str):
        self._call, self._most = call, most
        self._line = pool.Line(name)
        self._waiting: deque[tuple[Item, asyncio.Future]] = deque()
        self._errand = Errand(self._work)

    def put(self, item: Item) -> "asyncio.Future[Answer]":
        """Raises what the database raised where nothing is known of the whole batch."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._errand.go()
        return answer

    async def stop(self) -> None:
        await self._line.stop()

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            try:
                answers = await self._line.run(self._call, [item for item, _future in batch])
            except (DatabaseError, InterfaceError) as error:
                for _item, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_item, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
