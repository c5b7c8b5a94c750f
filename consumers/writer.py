"""Group commit: messages and readings that come while others are being written go together in the next transaction."""

import asyncio
from operator import attrgetter

from django.db import connection

from apps.chat.drafts import Draft, Reading, Refusal
from apps.chat.models import Conversation, Message

from . import direct, pool
from .lane import Lane

LANES = 2  # a locked talk holds up half of the others at most; more lanes make smaller batches, which cost more together
BATCH = 200  # messages and readings in one transaction


class Writer:
    """The order of one talk is kept: it always goes through the same lane."""

    def __init__(self):
        line = direct.Line if connection.vendor == "postgresql" else pool.Line
        self._lanes = [Lane(_write, BATCH, line("writer"), attrgetter("conversation_id")) for _ in range(LANES)]

    def put(self, item: Draft | Reading) -> "asyncio.Future[Message | Refusal | None]":
        """The message that was written, None for a reading, or why it was not."""
        return self._lanes[item.conversation_id % LANES].put(item)

    async def stop(self) -> None:
        for lane in self._lanes:
            await lane.stop()


def _write(items: list[Draft | Reading]) -> list[Message | Refusal | None]:
    readings = [item for item in items if isinstance(item, Reading)]
    drafts = [item for item in items if isinstance(item, Draft)]
    if readings:
        Conversation.read_many(readings)
    answers = iter(Conversation.post_each(drafts) if drafts else ())
    return [None if isinstance(item, Reading) else next(answers) for item in items]
