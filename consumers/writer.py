"""Group commit: messages and readings that come while others are being written go together in the next transaction. No timer."""

import asyncio
from collections import deque

from django.db import DatabaseError, InterfaceError

from apps.chat.drafts import Draft, Reading, Refusal
from apps.chat.models import Conversation, Message

from . import pool

LANES = 2  # a locked talk holds up half of the others at most; more lanes make smaller batches, which cost more together
BATCH = 200  # messages and readings in one transaction


class Unavailable(Refusal):
    """Not known to be saved: the same `ref` may be sent again."""

    code = "unavailable"


class Writer:
    """The order of one talk is kept: it always goes through the same lane."""

    def __init__(self):
        self._lanes = [_Lane() for _ in range(LANES)]

    def put(self, item: Draft | Reading) -> "asyncio.Future[Message | Refusal | None]":
        """The message that was written, None for a reading, or why it was not."""
        return self._lanes[item.conversation_id % LANES].put(item)


class _Lane:
    def __init__(self):
        self._waiting: deque[tuple[Draft | Reading, asyncio.Future]] = deque()
        self._task: asyncio.Task | None = None

    def put(self, item: Draft | Reading) -> asyncio.Future:
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return answer

    async def _write(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await _all(_read_each, [each for each in batch if isinstance(each[0], Reading)])
            await _all(Conversation.post_each, [each for each in batch if isinstance(each[0], Draft)])


async def _all(call, batch: list[tuple[Draft | Reading, asyncio.Future]]) -> None:
    if not batch:
        return
    try:
        answers = await pool.run(call, [item for item, _future in batch])
    except (DatabaseError, InterfaceError):
        answers = [Unavailable()] * len(batch)
    for (_item, future), answer in zip(batch, answers, strict=True):
        if not future.done():
            future.set_result(answer)


def _read_each(readings: list[Reading]) -> list[None]:
    Conversation.read_many(readings)
    return [None] * len(readings)
