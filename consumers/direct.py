"""A lane's way to PostgreSQL from the event loop itself: where all goes well no thread is woken, neither to ask nor to hear."""

import asyncio
from collections.abc import Callable

import psycopg
from django.db import OperationalError
from psycopg import Connection
from psycopg.pq.abc import PGresult

from apps.chat import pipeline, swift
from apps.chat.drafts import Draft, Reading
from apps.live import push

from . import pool

IN_VAIN = {"55P03", "57014"}  # a lock or a time that was waited for: who asks again waits as long


class Line(pool.Line):
    """Its thread opens the connection, and takes on what needs a closer look: a draft that was not let through, a `ref` that
    was used, what was broken off. To do that again is safe: whatever a tab says has a `ref`."""

    def __init__(self, name: str):
        super().__init__(name)
        self._way: Connection | None = None  # the thread's own, while the thread does nothing
        self._task: asyncio.Task | None = None

    def begin(self, call: Callable, *args, done: Callable[[asyncio.Task], object]) -> None:
        self._task = asyncio.create_task(self._write(call, *args))
        self._task.add_done_callback(done)

    async def stop(self) -> None:
        if self._task is not None:
            await asyncio.wait([self._task])
        await super().stop()

    async def _write(self, call: Callable, items: list[Draft | Reading]) -> list:
        readings = [item for item in items if isinstance(item, Reading)]
        batch = swift.Batch([item for item in items if isinstance(item, Draft)], readings)
        if self._way is None or self._way.closed:
            self._way = await self.run(swift.way)
        try:
            batch.take(await self._exchange(batch.statements))
        except psycopg.Error as error:
            if error.sqlstate in IN_VAIN:
                raise OperationalError(*error.args) from error
            return await self._by_thread(call, items)
        asyncio.get_running_loop().call_soon(push.send, batch.news)  # whatever becomes of that, it is saved
        written = iter(batch.answers)
        answers = [None if isinstance(item, Reading) else next(written) for item in items]
        refused = [place for place, item in enumerate(items) if answers[place] is None and isinstance(item, Draft)]
        if refused:
            for place, why in zip(refused, await self._by_thread(call, [items[place] for place in refused]), strict=True):
                answers[place] = why
        return answers

    async def _by_thread(self, call: Callable, items: list[Draft | Reading]) -> list:
        way, self._way = self._way, None  # the thread may change it for another
        if way.closed:
            await self.run(swift.way)
        return await self.run(call, items)

    async def _exchange(self, statements: list[tuple[str, list[bytes]]]) -> list[PGresult]:
        exchange = pipeline.Exchange(self._way, statements)
        try:
            exchange.begin()
            while not exchange.over:
                await _stirring(self._way.pgconn.socket, exchange.unsent)
                exchange.go_on()
        except BaseException:
            self._way.close()  # nobody knows how far it went
            raise
        return exchange.results()


async def _stirring(wire: int, unsent: bool) -> None:
    """Until there is something to read, or room for what is `unsent`."""
    loop = asyncio.get_running_loop()
    stirred = asyncio.Event()
    loop.add_reader(wire, stirred.set)
    if unsent:
        loop.add_writer(wire, stirred.set)
    try:
        await stirred.wait()
    finally:
        loop.remove_reader(wire)
        loop.remove_writer(wire)
