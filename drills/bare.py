"""A socket spoken to by hand: for clients that don't read, flood, or are a thousand."""

import asyncio
import json
import os
import socket as sockets
import struct
import time
from urllib.parse import urlsplit

from .clients import COOKIE
from .people import Person

ESTABLISHED = 1
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Refused(Exception):
    """The handshake's answer, which is not 101."""


def packed(payload: bytes, kind: int = TEXT) -> bytes:
    """A frame of a client: masked, by zeros."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65_536:
        length = bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        length = bytes([0x80 | 127]) + struct.pack(">Q", size)
    return bytes([0x80 | kind]) + length + bytes(4) + payload


class Bare:
    """Nothing is read but by next(): not even pings are answered otherwise."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer
        self.code = 0  # that the server closed by

    @classmethod
    async def open(cls, url: str, person: Person, query: str = "", buffer: int = 0) -> "Bare":
        """`buffer`: bytes that the kernel may keep for a client that doesn't read. Raises Refused, OSError."""
        place = urlsplit(url)
        wire = sockets.socket()
        wire.setblocking(False)
        if buffer:
            wire.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, buffer)
        await asyncio.get_running_loop().sock_connect(wire, (place.hostname, place.port))
        # A stream that nobody reads stops reading at twice its limit.
        reader, writer = await asyncio.open_connection(sock=wire, limit=buffer or 2**16)
        lines = {
            "Host": place.netloc,
            "Origin": url,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA==",
            "Cookie": f"{COOKIE}={person.session}",
        }
        head = f"GET /ws/{query} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{head}\r\n".encode())
        try:
            answer = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as cut:
            raise ConnectionResetError from cut
        if not answer.startswith(b"HTTP/1.1 101"):
            writer.close()
            raise Refused(answer.partition(b"\r\n")[0].decode())
        return cls(reader, writer)

    def say(self, type: str, **fields) -> None:
        self.say_text(json.dumps({"type": type, **fields}, ensure_ascii=False).encode())

    def say_text(self, text: bytes) -> None:
        self.writer.write(packed(text))

    def pong(self) -> None:
        """Unasked for, as the standard allows: daphne takes it for a sign of life."""
        self.writer.write(packed(b"", PONG))

    async def next(self) -> dict | None:
        """The next frame of the site, pings answered on the way; None at the end of the connection."""
        try:
            while True:
                first, size = await self.reader.readexactly(2)
                if size == 126:
                    (size,) = struct.unpack(">H", await self.reader.readexactly(2))
                elif size == 127:
                    (size,) = struct.unpack(">Q", await self.reader.readexactly(8))
                payload = await self.reader.readexactly(size)
                match first & 15:
                    case 1:
                        return json.loads(payload)
                    case 9:
                        self.writer.write(packed(payload, PONG))
                    case 8:
                        self.code = int.from_bytes(payload[:2]) if len(payload) >= 2 else 1005
                        self.writer.write(packed(payload, CLOSE))
                        return None
        except (asyncio.IncompleteReadError, OSError):
            return None

    async def until(self, type: str, **fields) -> dict:
        while (frame := await self.next()) is not None:
            if frame["type"] == type and fields.items() <= frame.items():
                return frame
        raise ConnectionResetError(f"closed with {self.code} before {type}")

    async def ended(self) -> None:
        """Until the server ends it, whatever it says before."""
        while await self.next() is not None:
            pass

    async def ping(self) -> float:
        """Seconds until the answer."""
        began, ref = time.perf_counter(), os.urandom(4).hex()
        self.say("ping", ref=ref)
        await self.until("pong", ref=ref)
        return time.perf_counter() - began

    @property
    def held(self) -> bool:
        """Whether the server still keeps the connection, as the kernel knows without reading."""
        wire = self.writer.get_extra_info("socket")
        if wire is None or wire.fileno() < 0:
            return False
        return wire.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_INFO, 1)[0] == ESTABLISHED

    def close(self) -> None:
        self.writer.close()


async def pings(bare: Bare, seconds: float, every: float = 0.05) -> list[float]:
    """How long each answer took, one question after another."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        times.append(await bare.ping())
        await asyncio.sleep(every)
    return times
