"""A tab without a browser: it speaks through the real ASGI application and keeps all it was told."""

import asyncio
import json

from channels.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from consumers.socket import Socket

ORIGIN = "http://127.0.0.1:8000"
WAIT = 4  # seconds until a missing frame is a failure
LOGGED = {"message.new", "message.read", "deal.changed", "notification.new", "notification.read"}


def session_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Tab:
    def __init__(self, hub, session="", after=None, origin=ORIGIN, host="127.0.0.1:8000", language="ru", proto=None, cookies=""):
        headers = [(b"host", host.encode()), (b"accept-language", language.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if proto is not None:
            headers.append((b"x-forwarded-proto", proto.encode()))
        if session:
            before = f"{cookies}; " if cookies else ""
            headers.append((b"cookie", f"{before}{settings.SESSION_COOKIE_NAME}={session}".encode()))
        query = b"" if after is None else f"after={after}".encode()
        scope = {"type": "websocket", "path": "/ws/", "headers": headers, "query_string": query, "subprotocols": []}

        async def application(scope, receive, send):
            await Socket(hub, scope, send).run(receive)

        self._wire = ApplicationCommunicator(application, scope)
        self.heard: list[dict] = []  # every frame, in order
        self.close_code = None

    async def open(self) -> bool:
        """Whether the socket was accepted; without that it was refused with 403."""
        await self._wire.send_input({"type": "websocket.connect"})
        return (await self._wire.receive_output(WAIT))["type"] == "websocket.accept"

    async def next(self) -> dict | None:
        """The next frame, or None when the socket was closed."""
        event = await self._wire.receive_output(WAIT)
        if event["type"] == "websocket.close":
            self.close_code = event["code"]
            return None
        frame = json.loads(event["text"])
        self.heard.append(frame)
        return frame

    async def until(self, type: str, **fields) -> dict:
        """The next frame of this type with these fields, whatever comes before it."""
        while (frame := await self.next()) is not None:
            if frame["type"] == type and fields.items() <= frame.items():
                return frame
        raise AssertionError(f"closed with {self.close_code} before {type}; heard {self.heard}")

    async def ended(self) -> int:
        """The code with which the server closes, after a last `bye` of the same code."""
        while await self.next() is not None:
            pass
        assert self.heard[-1]["type"] == "bye", self.heard
        assert self.heard[-1]["code"] == self.close_code
        return self.close_code

    async def quiet(self, seconds=0.2) -> bool:
        return await self._wire.receive_nothing(timeout=seconds)

    async def say(self, type: str, **fields) -> None:
        await self.say_text(json.dumps({"type": type, **fields}))

    async def say_text(self, text: str) -> None:
        await self._wire.send_input({"type": "websocket.receive", "text": text})

    async def say_bytes(self, data: bytes) -> None:
        await self._wire.send_input({"type": "websocket.receive", "bytes": data})

    async def ask(self, type: str, **fields) -> dict:
        """Say it, and the answer with the same ref: `ok` or `error`."""
        ref = fields.setdefault("ref", f"ref-{len(self.heard)}")
        await self.say(type, **fields)
        while (frame := await self.next()) is not None:
            if frame["type"] in {"ok", "error"} and frame.get("ref") == ref:
                return frame
        raise AssertionError(f"closed with {self.close_code}")

    async def close(self) -> None:
        await self._wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._wire.wait(WAIT)

    @property
    def logged(self) -> list[dict]:
        return [frame for frame in self.heard if frame["type"] in LOGGED]

    async def hear_all(self, head: int) -> list[dict]:
        """Acknowledge and listen until the event `head` was told."""
        while not self.logged or self.logged[-1]["seq"] < head:
            async with asyncio.timeout(WAIT):
                frame = await self.next()
            if frame and "seq" in frame and frame["seq"] % 50 == 0:
                await self.say("ping", seq=frame["seq"])
        return self.logged
