"""Daphne's server, on uvloop: it makes the loop that Twisted runs on when it is imported, so nothing imports it before this."""

import asyncio

import uvloop

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
from daphne import server  # noqa: E402

asyncio.set_event_loop_policy(None)

__all__ = ["server"]
