"""The log, read for many sockets at once: without Redis all of them fall behind together."""

import asyncio
from collections import defaultdict
from operator import attrgetter
from typing import NamedTuple

from apps.live import feed

from . import frames, pool
from .lane import Lane

LANES = 2  # one slow query holds up half of the others at most
BATCH = 50  # sockets in one query


class Ask(NamedTuple):
    """At most `limit` events of this user after that number, in the reader's language."""

    user_id: int
    after: int
    limit: int
    language: str


class Reader:
    def __init__(self):
        self._lanes = [Lane(_read, BATCH, pool.Line("reader"), attrgetter("user_id")) for _ in range(LANES)]

    def put(self, ask: Ask) -> "asyncio.Future[list[tuple[int, str]]]":
        """Numbers and frames, in order."""
        return self._lanes[ask.user_id % LANES].put(ask)

    async def stop(self) -> None:
        for lane in self._lanes:
            await lane.stop()


def _read(asks: list[Ask]) -> list[list[tuple[int, str]]]:
    logs = feed.since_many([ask[:3] for ask in asks])
    by_language = defaultdict(list)
    for ask, events in zip(asks, logs, strict=True):
        by_language[ask.language] += events
    texts = {
        (language, event.user_id, event.seq): text
        for language, events in by_language.items()
        for event, text in zip(events, frames.log(events, language), strict=True)
    }
    return [
        [(event.seq, texts[ask.language, event.user_id, event.seq]) for event in events]
        for ask, events in zip(asks, logs, strict=True)
    ]
