"""A trader's tab without a browser. It does what static/js/live.js and outbox.js do, and keeps all that it saw."""

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from typing import NamedTuple
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from .people import Person

COOKIE = "sessionid"
BACK_OFF = (0.1, 10)  # seconds, with full jitter
RESTART_JITTER, STEADY_AFTER = 0.3, 5
HELLO_WITHIN = ANSWER_WITHIN = 10
PING_EVERY, ACKNOWLEDGE_AFTER, ACKNOWLEDGE_EVERY = 25, 2, 50
PAUSE = 1  # seconds after a failure, when the server says nothing else
LOST = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, EOFError)
LOGGED = {"message.new", "message.read", "deal.changed", "notification.new", "notification.read"}

_serial = itertools.count()


class Applied(NamedTuple):
    seq: int
    type: str
    about: int | None
    at: float


class Sent:
    """One message on its way: asked for at `at`, answered at `ok_at` by the row `id`."""

    def __init__(self, ref: str, conversation: int, content: str):
        self.ref, self.conversation, self.content = ref, conversation, content
        self.at = time.monotonic()
        self.ok_at = 0.0
        self.id: int | None = None
        self.tries = 0


class Trader:
    """`heals=False`: a tab that believes whatever it is told and never asks for what it lacks."""

    def __init__(self, url: str, person: Person, *, after: int | None = None, heals: bool = True, seed: int = 0, cookie=COOKIE):
        self.person, self.heals = person, heals
        self.random = random.Random(f"{seed}-{person.id}")
        self.move(url)
        self.headers = {"Cookie": f"{cookie}={person.session}"}
        self.began_at: int | None = after  # the log is followed from here on
        self.cursor = after
        self.applied: list[Applied] = []
        self.frames: list[dict] = []  # unlogged ones and answers, when keep is set
        self.keep = False
        self.doubled = self.disordered = self.gaps = self.resets = 0
        self.closed: Counter[int] = Counter()
        self.failed: Counter[str] = Counter()  # connections that were not made, by why
        self.errors: Counter[str] = Counter()
        self.refused: list[float] = []  # when
        self.opened: list[float] = []
        self.resumed: list[float] = []  # seconds from each loss to the next hello
        self.sent: dict[str, Sent] = {}
        self.arrived: dict[str, float] = {}  # content of others' messages → when
        self.strangers: list[dict] = []  # events of talks that are not one's own
        self.talks: set[int] = set()
        self.live = asyncio.Event()
        self.socket = None
        self.over = False
        self._outbox: asyncio.Queue[Sent] = asyncio.Queue()
        self._answers: dict[str, asyncio.Future] = {}
        self._tries = 0
        self._lost_at = 0.0
        self._received = 0
        self._unacknowledged = 0
        self._acknowledge: asyncio.TimerHandle | None = None
        self._tasks: list[asyncio.Task] = []

    def move(self, url: str) -> None:
        """Where its next connection goes."""
        self.url, self.address = url, f"ws://{urlsplit(url).netloc}/ws/"

    async def __aenter__(self) -> "Trader":
        self.start()
        await asyncio.wait_for(self.live.wait(), 30)
        return self

    async def __aexit__(self, *_error) -> None:
        await self.stop()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._empty())]

    async def stop(self) -> None:
        self.over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._forget_timer()

    # The socket

    async def _run(self) -> None:
        while not self.over:
            code = 0
            try:
                code = await self._once()
            except LOST as error:
                self.failed[type(error).__name__] += 1
            self.live.clear()
            self.socket = None
            self._lost_at = self._lost_at or time.monotonic()
            self._forget_timer()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_result({"type": "error", "code": "unavailable", "retry_after": 0.01})
            if code in {4401, 4403}:
                self.over = True
            elif not self.over:
                await asyncio.sleep(self._delay(code))

    def _delay(self, code: int) -> float:
        if code == 4012:
            return self.random.uniform(0, RESTART_JITTER)
        if self.opened and time.monotonic() - self.opened[-1] > STEADY_AFTER:
            self._tries = 0
        self._tries += 1
        first, longest = BACK_OFF
        return self.random.uniform(0, min(longest, first * 2**self._tries))

    async def _once(self) -> int:
        """One connection from its hello to its end; the code that it ended by."""
        address = self.address if self.cursor is None or not self.heals else f"{self.address}?after={self.cursor}"
        try:
            async with connect(
                address,
                origin=self.url,
                additional_headers=self.headers,
                ping_interval=None,
                compression=None,
                max_size=None,
                open_timeout=HELLO_WITHIN,
                close_timeout=1,
            ) as socket:
                self.socket = socket
                async with asyncio.timeout(HELLO_WITHIN):
                    frame = json.loads(await socket.recv())
                if frame["type"] == "hello":
                    self._greet(frame)
                    heart = asyncio.create_task(self._beat())
                    try:
                        async for text in socket:
                            self._hear(json.loads(text))
                    finally:
                        heart.cancel()
                code = frame["code"] if frame["type"] == "bye" else 0
        except ConnectionClosed:
            code = 0
        code = code or socket.close_code or 1006
        self.closed[code] += 1
        return code

    def _greet(self, hello: dict) -> None:
        now = time.monotonic()
        if self.cursor is None:
            self.cursor = self.began_at = hello["head"]
        self._received = self.cursor if self.heals else hello["head"]
        self._unacknowledged = 0
        self.opened.append(now)
        if self._lost_at:
            self.resumed.append(now - self._lost_at)
            self._lost_at = 0.0
        self.live.set()

    def _hear(self, frame: dict) -> None:
        if "seq" in frame:
            self._apply(frame)
        elif frame["type"] in {"ok", "error"}:
            answer = self._answers.get(frame.get("ref"))
            if answer and not answer.done():
                answer.set_result(frame)
            if frame["type"] == "error":
                self.errors[frame["code"]] += 1
                self.refused.append(time.monotonic())
        elif frame["type"] == "reset":
            self.resets += 1
            self.cursor = self.began_at = self._received = frame["head"]
        if self.keep:
            self.frames.append(frame)

    def _apply(self, frame: dict) -> None:
        seq, now = frame["seq"], time.monotonic()
        # What one connection says of the log is the log from `after` on, whatever the tab would do about it.
        if seq <= self._received:
            self.doubled += 1
        elif seq > self._received + 1:
            self.gaps += 1
        self._received = max(self._received, seq)
        if self.heals and seq != self.cursor + 1:
            if seq > self.cursor + 1:
                asyncio.ensure_future(self.socket.close())
            return
        if seq <= self.cursor:
            return
        self.cursor = seq
        message = frame.get("message")
        about = message["id"] if isinstance(message, dict) else frame.get("message")
        self.applied.append(Applied(seq, frame["type"], about, now))
        if frame["type"] == "message.new":
            self._note(message, now)
        self._unacknowledged += 1
        if self._unacknowledged >= ACKNOWLEDGE_EVERY:
            self._ping()
        elif self._acknowledge is None:
            self._acknowledge = asyncio.get_running_loop().call_later(ACKNOWLEDGE_AFTER, self._ping)

    def _note(self, message: dict, now: float) -> None:
        if self.talks and message["conversation"] not in self.talks:
            self.strangers.append(message)
        if message["sender"] != self.person.id:
            self.arrived.setdefault(message["content"], now)
        elif message["ref"] in self.sent and not self.sent[message["ref"]].ok_at:
            # The event may come before the answer, or instead of one that was lost.
            self._settle(self.sent[message["ref"]], message)

    def _ping(self) -> None:
        self._forget_timer()
        self._unacknowledged = 0
        self._say({"type": "ping", "seq": min(self._received, self.cursor)})

    def _forget_timer(self) -> None:
        if self._acknowledge:
            self._acknowledge.cancel()
            self._acknowledge = None

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            self._ping()

    def _say(self, frame: dict) -> None:
        if self.socket:
            task = asyncio.ensure_future(self.socket.send(json.dumps(frame, ensure_ascii=False)))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    # What it says

    async def ask(self, type: str, **fields) -> dict:
        """The answer to one command: `ok` or `error`, `unavailable` where the connection went first."""
        ref = fields.setdefault("ref", f"{type}-{next(_serial)}")
        self._answers[ref] = answer = asyncio.get_running_loop().create_future()
        try:
            await self.socket.send(json.dumps({"type": type, **fields}, ensure_ascii=False))
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        except (*LOST, AttributeError):
            return {"type": "error", "code": "unavailable"}
        finally:
            self._answers.pop(ref, None)

    def post(self, conversation: int, content: str = "") -> Sent:
        """Put one message into the outbox. Its content is like no other's."""
        ref = f"{self.person.id}-{next(_serial)}-{self.random.getrandbits(64):016x}"
        sent = Sent(ref, conversation, f"{ref} {content}".rstrip())
        self.sent[ref] = sent
        self._outbox.put_nowait(sent)
        return sent

    async def _empty(self) -> None:
        """One after another, each under its own ref until the server has it."""
        while True:
            sent = await self._outbox.get()
            while not sent.ok_at:
                await self.live.wait()
                sent.tries += 1
                answer = await self.ask("message.send", ref=sent.ref, conversation=sent.conversation, content=sent.content)
                if answer["type"] == "ok":
                    self._settle(sent, answer["message"])
                elif not sent.ok_at:
                    await asyncio.sleep(answer.get("retry_after") or PAUSE)

    def _settle(self, sent: Sent, message: dict) -> None:
        sent.ok_at, sent.id = sent.ok_at or time.monotonic(), message["id"]

    @property
    def waiting(self) -> int:
        """Messages without an `ok`."""
        return sum(not sent.ok_at for sent in self.sent.values())
