"""A WebSocket of the generator: as little as a client can do, so that the servers are what is measured."""

import asyncio
import os
import struct
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Wire(asyncio.Protocol):
    """`heard(payload)` gets every text frame. Frames are whole: none of the servers here cuts them."""

    def __init__(self):
        self.transport: asyncio.Transport | None = None
        self.open: asyncio.Future = asyncio.get_running_loop().create_future()
        self.ready: asyncio.Future = asyncio.get_running_loop().create_future()
        self._rest = b""
        self._mask = os.urandom(4)
        self._masks = self._mask * 64

    async def connect(self, url: str, path: str, headers: dict[str, str]) -> None:
        """Until the handshake is done. Raises ConnectionError, OSError."""
        place = urlsplit(url)
        await asyncio.get_running_loop().create_connection(lambda: self, place.hostname, place.port)
        lines = {
            "Host": place.netloc,
            "Origin": url,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA==",
            **headers,
        }
        head = f"GET {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.transport.write(f"{head}\r\n".encode())
        await self.open

    def heard(self, payload: bytes) -> None:
        raise NotImplementedError

    def lost(self, why: str) -> None:
        """The server ended it."""

    def close(self) -> None:
        self.lost = lambda why: None
        if self.transport:
            self.transport.abort()

    def say(self, payload: bytes, kind: int = TEXT) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | kind, 0x80 | size))
        elif size < 65_536:
            head = struct.pack(">BBH", 0x80 | kind, 0x80 | 126, size)
        else:
            head = struct.pack(">BBQ", 0x80 | kind, 0x80 | 127, size)
        self.transport.write(head + self._mask + self._masked(payload))

    def _masked(self, payload: bytes) -> bytes:
        size = len(payload)
        if size > len(self._masks):
            self._masks = self._mask * (size // 4 + 1)
        return (int.from_bytes(payload) ^ int.from_bytes(self._masks[:size])).to_bytes(size)

    # What the loop calls

    def connection_made(self, transport) -> None:
        self.transport = transport

    def connection_lost(self, error) -> None:
        for waiting in (self.open, self.ready):
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the server closed the connection"))
                waiting.exception()  # whether anybody asks or not
        self.lost(str(error or "closed"))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at = 0
        if not self.open.done():
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self.open.set_exception(ConnectionRefusedError(data.partition(b"\r\n")[0].decode()))
                self.transport.abort()
                return
            self.open.set_result(None)
            at = end + 4
        whole = len(data)
        while whole - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                start, size = at + 4, int.from_bytes(data[at + 2 : at + 4])
            elif size == 127:
                start, size = at + 10, int.from_bytes(data[at + 2 : at + 10])
            if whole < start + size or whole < start:
                break
            kind, payload = data[at] & 15, data[start : start + size]
            at = start + size
            if kind == TEXT:
                self.heard(payload)
            elif kind == PING:
                self.say(payload, PONG)
            elif kind == CLOSE:
                self.lost(f"closed with {int.from_bytes(payload[:2])}")
                self.close()
                return
        self._rest = data[at:]
