"""Pages as a browser without scripts asks for them, and somebody who keeps asking."""

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode, urlsplit

from .clients import COOKIE
from .row import Times

TOKEN = "d" * 32  # any: the form repeats what the cookie says
PATIENCE = 35  # seconds, a little more than the server's
NEVER = 0  # the status of a request that was not answered


@dataclass
class Answer:
    """`at` is when it was asked, in the loop's seconds; `seconds` until the last byte."""

    status: int
    at: float
    seconds: float
    headers: dict[str, str]
    body: bytes

    @property
    def session(self) -> str:
        """The key of the session that it sets, if it does."""
        return self.headers.get("set-cookie", "").partition(f"{COOKIE}=")[2].partition(";")[0]

    def json(self) -> dict:
        return json.loads(self.body)


async def fetch(url: str, path: str, session: str = "", form: dict | None = None, headers: dict | None = None) -> Answer:
    """GET, or POST where there is a form. A connection of its own each time."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE):
            status, known, body = await _exchange(url, path, session, form, headers or {})
    except (OSError, EOFError, ValueError, TimeoutError):
        status, known, body = NEVER, {}, b""
    return Answer(status, began, time.monotonic() - began, known, body)


async def _exchange(url, path, session, form, more):
    host = urlsplit(url).netloc
    name, _colon, port = host.partition(":")
    cookies = f"csrftoken={TOKEN}" + (f"; {COOKIE}={session}" if session else "")
    lines = {"Host": host, "Cookie": cookies, "Connection": "close", **more}
    body = b""
    if form is not None:
        body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}).encode()
        lines |= {"Origin": url, "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    reader, writer = await asyncio.open_connection(name, int(port))
    try:
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        known: dict[str, str] = {}
        for line in filter(None, rest):
            key, _colon, value = line.partition(": ")
            known[key.lower()] = f"{known[key.lower()]}; {value}" if key.lower() in known else value
        answer = await reader.read()
        if int(known.get("content-length", len(answer))) > len(answer):
            raise EOFError
        return int(first.split()[1]), known, answer
    finally:
        writer.close()


class Visitor:
    """Asks again and again, `rate` times a second, whatever became of the last request."""

    def __init__(self, ask: Callable[[int], "asyncio.Future[Answer]"], rate: float):
        self.ask, self.rate = ask, rate
        self.answers: list[Answer] = []

    @contextlib.asynccontextmanager
    async def busy(self) -> AsyncIterator["Visitor"]:
        going: set[asyncio.Task] = set()
        walk = asyncio.create_task(self._walk(going))
        try:
            yield self
        finally:
            walk.cancel()
            if going:
                await asyncio.wait(going, timeout=PATIENCE)

    async def _walk(self, going: set) -> None:
        for number in count():
            task = asyncio.create_task(self._one(number))
            going.add(task)
            task.add_done_callback(going.discard)
            await asyncio.sleep(1 / self.rate)

    async def _one(self, number: int) -> None:
        self.answers.append(await self.ask(number))

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    @property
    def failures(self) -> int:
        """Neither an answer nor a plain one."""
        return sum(answer.status == NEVER or answer.status >= 500 for answer in self.answers)

    @property
    def times(self) -> Times | None:
        return Times.of(answer.seconds for answer in self.answers)


def reading(url: str, people: list, rate: float = 5) -> Visitor:
    """Logged-in traders who look at their talks, and strangers at the market."""

    def ask(number: int):
        person = people[number % len(people)]
        return fetch(url, "/chat/", person.session) if number % 2 else fetch(url, "/")

    return Visitor(ask, rate)
