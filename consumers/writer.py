"""Group commit: messages that arrive while others are being written go together in the next transaction. No timer."""

import asyncio
from collections import deque

from django.db import DatabaseError, InterfaceError

from apps.chat.drafts import Draft, Refusal
from apps.chat.models import Conversation, Message

from . import pool

LANES = 2  # a locked talk holds up half of the others at most; more lanes make smaller batches, which cost more together
BATCH = 200  # messages in one transaction


class Unavailable(Refusal):
    """Not known to be saved: the same `ref` may be sent again."""

    code = "unavailable"


class Writer:
    """The order of one talk is kept: it always goes through the same lane."""

    def __init__(self):
        self._lanes = [_Lane() for _ in range(LANES)]

    def put(self, draft: Draft) -> "asyncio.Future[Message | Refusal]":
        return self._lanes[draft.conversation_id % LANES].put(draft)


class _Lane:
    def __init__(self):
        self._waiting: deque[tuple[Draft, asyncio.Future]] = deque()
        self._task: asyncio.Task | None = None

    def put(self, draft: Draft) -> asyncio.Future:
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return answer

    async def _write(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            drafts = [draft for draft, _answer in batch]
            try:
                answers = await pool.run(Conversation.post_each, drafts)
            except (DatabaseError, InterfaceError):
                answers = [Unavailable()] * len(batch)
            for (_draft, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
