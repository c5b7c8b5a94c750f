"""Says odd frames to a worker one by one and waits for the answer of each."""

import asyncio
import itertools
import json
from collections import Counter
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .odd_frames import Frame, frames

PATIENCE = 10  # seconds until an answer is missing
IN_A_ROW = 8  # bad frames; ten would cost the socket
ANSWERS = {"ok", "error", "pong"}


@dataclass
class Said:
    """What became of the frames. `wrong` has the first of those that were answered otherwise than they must be."""

    frames: int = 0
    answers: Counter = field(default_factory=Counter)
    closed: int = 0  # by the protocol, as it must
    missed: int = 0
    wrong: list[str] = field(default_factory=list)

    def miss(self, what: str, frame: Frame) -> None:
        self.missed += 1
        if len(self.wrong) < 20:
            self.wrong.append(f"{what}: {frame.payload[:300]!r}")


async def say_odd_frames(url: str, cookies: list[str], talks: list[int], number: int, seed: int) -> Said:
    """`number` frames in all, shared by one socket for each of the cookies (Cookie headers of people logged in)."""
    said = Said()
    share = -(-number // len(cookies))
    async with asyncio.TaskGroup() as group:
        for place, cookie in enumerate(cookies):
            odd = itertools.islice(frames(seed + place, talks), share)
            group.create_task(_Talker(url, cookie, said).say_all(odd))
    return said


class _Talker:
    def __init__(self, url: str, cookie: str, said: Said):
        self.url, self.cookie, self.said = url, cookie, said
        self.socket: ClientConnection | None = None
        self.bad = 0
        self.seq = 0  # of the newest event: acknowledged, for a shut window would hide answers behind nothing

    async def say_all(self, odd) -> None:
        for frame in odd:
            if self.socket is None:
                await self._open()
            self.said.frames += 1
            try:
                await self._say(frame)
            except ConnectionClosed:
                self.socket = None
                self._judge_close(frame)
        if self.socket:
            await self.socket.close()

    async def _open(self) -> None:
        origin = self.url.replace("ws", "http", 1).removesuffix("/ws/")
        self.socket = await connect(
            self.url,
            origin=origin,
            additional_headers={"Cookie": self.cookie},
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
        self.bad = self.seq = 0
        hello = json.loads(await self.socket.recv())
        if hello["type"] != "hello":
            raise ConnectionError(f"The socket was not opened: {hello}")

    def _judge_close(self, frame: Frame) -> None:
        if frame.fatal:
            self.said.closed += 1
        else:
            self.said.miss("closed", frame)

    async def _say(self, frame: Frame) -> None:
        await self.socket.send(frame.payload, text=frame.is_text)
        # Whatever the frame is answered by comes before the answer to this; a message's own may come later.
        mark = f"mark-{self.said.frames}"
        if frame.is_typing:
            await self._ask(mark)
        answer = await self._next()
        if answer is None or frame.fatal:
            self.said.miss("not answered" if answer is None else "not closed", frame)
            return
        if answer.get("ref") == mark:
            self.said.answers["none, to typing"] += 1
            return
        if frame.is_typing and (await self._next() or {}).get("ref") != mark:
            self.said.miss("answered twice", frame)
        self.said.answers[answer.get("code", answer["type"])] += 1
        if "ref" in answer and answer["ref"] not in (None, frame.ref):
            self.said.miss(f"answered as {answer['ref']!r}", frame)
        self.bad = self.bad + 1 if answer.get("code") == "bad_frame" else 0
        if self.bad >= IN_A_ROW or self.said.frames % 50 == 0:
            await self._ask(mark, seq=self.seq) if self.seq else await self._ask(mark)
            if (await self._next() or {}).get("ref") != mark:
                self.said.miss("answered twice", frame)
            self.bad = 0

    async def _ask(self, ref: str, **fields) -> None:
        await self.socket.send(json.dumps({"type": "ping", "ref": ref, **fields}))

    async def _next(self) -> dict | None:
        """The next answer; events on the way are noted."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    frame = json.loads(await self.socket.recv())
                    self.seq = max(self.seq, frame.get("seq", 0))
                    if frame["type"] in ANSWERS:
                        return frame
        except TimeoutError:
            return None
