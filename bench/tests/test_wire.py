"""The generator's own WebSocket reads frames however they are cut, and masks what it says."""

import asyncio
import itertools

import pytest

from bench.chat.wire import Wire

HELLO = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
SIZES = (0, 1, 125, 126, 127, 70_000)


class Kept(Wire):
    def __init__(self):
        super().__init__()
        self.frames = []
        self.written = b""
        self.transport = self

    def heard(self, payload):
        self.frames.append(payload)

    def write(self, data):
        self.written += data

    def abort(self):
        pass


def frame(payload, kind=1):
    size = len(payload)
    if size < 126:
        return bytes((0x80 | kind, size)) + payload
    longer = size > 65_535
    return bytes((0x80 | kind, 127 if longer else 126)) + size.to_bytes(8 if longer else 2) + payload


@pytest.mark.parametrize("step", [1, 3, 1_000, 1_000_000])
async def test_frames_come_whole_however_they_are_cut(step):
    said = [b"x" * size for size in SIZES]
    stream = HELLO + b"".join(map(frame, said))
    wire = Kept()
    for at in range(0, len(stream), step):
        wire.data_received(stream[at : at + step])
    assert wire.open.done()
    assert wire.frames == said


async def test_a_ping_is_answered_and_a_close_is_told():
    wire = Kept()
    told = []
    wire.lost = told.append
    wire.data_received(HELLO + frame(b"are you there", 9) + frame((4012).to_bytes(2), 8) + frame(b"too late"))
    assert wire.written[:2] == bytes((0x8A, 0x80 | len(b"are you there")))
    assert told == ["closed with 4012"]
    assert wire.frames == []


async def test_what_is_said_is_masked():
    wire = Kept()
    for size in SIZES:
        wire.written = b""
        wire.say(b"y" * size)
        head = 2 + (0 if size < 126 else 2 if size < 65_536 else 8)
        mask, masked = wire.written[head : head + 4], wire.written[head + 4 :]
        assert bytes(byte ^ key for byte, key in zip(masked, itertools.cycle(mask), strict=False)) == b"y" * size


async def test_a_refused_handshake_is_an_error():
    wire = Kept()
    wire.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(ConnectionRefusedError, match="403"):
        await asyncio.wait_for(wire.open, 1)
