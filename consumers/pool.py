"""Threads for the sockets' database work: a bounded number, so that one slow query holds up one thread and no other socket.

channels' own database_sync_to_async runs the queries of all sockets on a single thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.conf import settings
from django.db import close_old_connections

from lootlink import measures

_threads = ThreadPoolExecutor(settings.SOCKET_THREADS, thread_name_prefix="socket")
# The tick heals every loss: it must not queue behind what it heals.
_tick = ThreadPoolExecutor(1, thread_name_prefix="tick")


async def run(call: Callable, *args):
    """The result of `call(*args)`, run where it may use the database."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _in_turn, call, args, perf_counter())


async def run_tick(call: Callable, *args):
    return await asyncio.get_running_loop().run_in_executor(_tick, _with_connections, call, args)


def _in_turn(call: Callable, args: tuple, asked: float):
    measures.executor_wait.add(perf_counter() - asked)
    return _with_connections(call, args)


def _with_connections(call: Callable, args: tuple):
    close_old_connections()
    try:
        return call(*args)
    finally:
        close_old_connections()
