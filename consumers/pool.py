"""Threads for the sockets' database work: a bounded number, so that one slow query holds up one thread and no other socket.

channels' own database_sync_to_async runs the queries of all sockets on a single thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from lootlink import measures

_threads = ThreadPoolExecutor(settings.SOCKET_THREADS, thread_name_prefix="socket")


async def run(call: Callable, *args):
    """The result of `call(*args)`, run where it may use the database."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _in_turn, call, args, perf_counter())


class Line:
    """A thread of its own, whose calls go one after another. It keeps its connection, and what is prepared on it."""

    def __init__(self, name: str):
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, call: Callable, *args):
        return await asyncio.get_running_loop().run_in_executor(self._thread, _kept, call, args, perf_counter())

    def begin(self, call: Callable, *args, done: Callable[[Future], object]) -> None:
        """As run(), for who has no task that could wait: `done` is given what came of it, on the event loop."""
        work = self._thread.submit(_kept, call, args, perf_counter())
        work.add_done_callback(partial(asyncio.get_running_loop().call_soon_threadsafe, done))

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, _close)
        self._thread.shutdown(wait=False)


def _kept(call: Callable, args: tuple, asked: float):
    measures.executor_wait.add(perf_counter() - asked)
    try:
        return call(*args)
    except (DatabaseError, InterfaceError):
        connection.close()  # it may be what failed: the next call begins with another
        raise


def _close():
    connection.close()  # of the thread that runs this


def _in_turn(call: Callable, args: tuple, asked: float):
    measures.executor_wait.add(perf_counter() - asked)
    return _with_connections(call, args)


def _with_connections(call: Callable, args: tuple):
    close_old_connections()
    try:
        return call(*args)
    finally:
        close_old_connections()
