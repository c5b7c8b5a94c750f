"""Sends odd requests to workers, each over a connection of its own, and counts what they answer."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from .odd_requests import ROLES, Request, requests

ANSWER_WITHIN = 20  # seconds
RENEW_EVERY = 100  # requests: some of them log out, ban, or change a password
TOGETHER = 4


@dataclass
class Answered:
    statuses: Counter = field(default_factory=Counter)
    hung_up: int = 0  # on requests that broke HTTP
    failures: list[str] = field(default_factory=list)  # 5xx, or no answer where there must be one
    seconds: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values()) + self.hung_up

    def take(self, request: Request, status: int, seconds: float) -> None:
        self.seconds.append(seconds)
        if status:
            self.statuses[status] += 1
        elif request.rude:
            self.hung_up += 1
        if status >= 500 or not (status or request.rude):
            self.failures.append(f"{status or 'no answer'} {request.role} {request.head[:400]!r} {request.body[:300]!r}")


async def send_odd_requests(
    urls: list[str], sessions: Callable[[], dict[str, str]], names: dict, number: int, seed: int
) -> Answered:
    """`sessions()`: fresh session keys by role, asked for again and again; `names` as odd_requests has them."""
    answered = Answered()
    source = itertools.islice(requests(seed, names), number)
    while batch := list(itertools.islice(source, RENEW_EVERY)):
        keys = await asyncio.to_thread(sessions)
        cookies = {role: f"{settings.SESSION_COOKIE_NAME}={keys.get(role, '')}".encode() for role in ROLES}
        turns = iter(zip(batch, itertools.cycle(urls), strict=False))

        async def take_turns(turns=turns, cookies=cookies):
            for request, url in turns:
                began = time.perf_counter()
                status = await _status(url, request, cookies[request.role])
                answered.take(request, status, time.perf_counter() - began)

        await asyncio.gather(*(take_turns() for _ in range(TOGETHER)))
    return answered


async def _status(url: str, request: Request, cookie: bytes) -> int:
    """0 where the connection ended, or nothing came, without an answer."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            writer.write(request.head.replace(b"{session}", cookie) + request.body)
            if request.rude and not request.handshake:
                writer.write_eof()  # else both would wait for the rest
            answer = await reader.read(1 << 16)
            while answer.startswith(b"HTTP/1.1 100"):
                answer = answer.partition(b"\r\n\r\n")[2] or await reader.read(1 << 16)
            while not request.handshake and await reader.read(1 << 16):
                pass
            return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
    except (OSError, TimeoutError):
        return 0
    finally:
        writer.close()
