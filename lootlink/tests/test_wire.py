"""The short way of frames: whole masked texts are taken, everything else is left to autobahn untouched."""

import asyncio
from types import SimpleNamespace

import pytest
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.abstract import FileDescriptor

from lootlink.wire import Socket


def frame(payload: bytes, first=0x81, masked=True) -> bytes:
    size = len(payload)
    head = bytes((size,)) if size < 126 else b"\x7e" + size.to_bytes(2) if size < 1 << 16 else b"\x7f" + size.to_bytes(8)
    mask = b"\x17\x80\xfe\x03" if masked else b""
    body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload)) if masked else payload
    return bytes((first, head[0] | (0x80 if masked else 0))) + head[1:] + mask + body


class Transport(FileDescriptor):
    """Twisted's own buffers over a kernel that takes so many bytes, and a reactor that only notes who waits for it."""

    connected = True

    def __init__(self, room=10**9):
        self.waiting = set()
        super().__init__(SimpleNamespace(addWriter=self.waiting.add, removeWriter=self.waiting.discard))
        self.sent, self.room = [], room

    def writeSomeData(self, data):
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        if taken:
            self.sent.append(taken)
        return len(taken)


@pytest.fixture
def socket(monkeypatch):
    made = Socket.__new__(Socket)
    left = []
    transport = Transport()
    vars(made).update(
        state=Socket.STATE_OPEN,
        data=b"",
        current_frame=None,
        inside_message=False,
        autoPingTimeoutCall=None,
        muted=False,
        application_queue=asyncio.Queue(),
        send_queue=[],
        transport=transport,
        factory=SimpleNamespace(most_unsent=1000),
        maxFramePayloadSize=32_768,
        left=left,
        sent=transport.sent,
    )
    monkeypatch.setattr(WebSocketProtocol, "dataReceived", lambda self, data: left.append(data))
    monkeypatch.setattr(WebSocketProtocol, "serverSend", lambda self, content, binary=False: left.append(content))
    return made


def heard(socket):
    return [socket.application_queue.get_nowait()["text"] for _ in range(socket.application_queue.qsize())]


@pytest.mark.parametrize("text", ["", "x", '{"type":"ping"}', "ж" * 62, "ж" * 63, "x" * 125, "x" * 126, "ж" * 10_000])
def test_whole_texts_of_any_size(socket, text):
    socket.dataReceived(frame(text.encode()))
    assert heard(socket) == [text]
    assert socket.left == []


def test_several_in_one_piece_and_the_begun_one_left(socket):
    begun = frame(b"three")[:-2]
    socket.dataReceived(frame(b"one") + frame("два".encode()) + begun)
    assert heard(socket) == ["one", "два"]
    assert socket.left == [begun]


@pytest.mark.parametrize(
    "data",
    [
        frame(b"binary", first=0x82),
        frame(b"begins", first=0x01),
        frame(b"goes on", first=0x80),
        frame(b"ping", first=0x89),
        frame(b"\x03\xe8", first=0x88),
        frame(b"reserved", first=0xC1),
        frame(b"bare", masked=False),
        frame("ж".encode()[:1]),
        frame(b"x" * 32_769),
        frame(b"x" * 70_000),
        b"\x81\xfe\x00\x05" + frame(b"short")[2:],
        b"\x81",
        b"",
    ],
)
def test_everything_else_is_left_as_it_came(socket, data):
    socket.dataReceived(data)
    assert heard(socket) == []
    assert socket.left == ([data] if data else [])


@pytest.mark.parametrize("state", [{"data": b"\x81"}, {"inside_message": True}, {"current_frame": object()}, {"state": 2}])
def test_in_the_middle_of_something_autobahn_goes_on(socket, state):
    vars(socket).update(state)
    socket.dataReceived(frame(b"text"))
    assert heard(socket) == []
    assert len(socket.left) == 1


def test_a_muted_socket_hears_nothing(socket):
    socket.muted = True
    socket.dataReceived(frame(b"text"))
    assert heard(socket) == socket.left == []


@pytest.mark.parametrize("text", ["x" * 125, "ж" * 63, "x" * 65_535, "x" * 65_536])
async def test_texts_go_out_whole(socket, text):
    socket.factory.most_unsent = 10**6
    socket.serverSend(text)
    await asyncio.sleep(0)
    assert socket.sent == [frame(text.encode(), masked=False)]


async def test_what_is_said_in_one_turn_goes_out_together(socket):
    socket.serverSend("one")
    socket.serverSend("two")
    assert socket.sent == []
    await asyncio.sleep(0)
    socket.serverSend("three")
    await asyncio.sleep(0)
    one, two, three = (frame(text, masked=False) for text in (b"one", b"two", b"three"))
    assert socket.sent == [one + two, three]
    assert not socket.transport.waiting


async def test_what_autobahn_says_next_comes_next(socket):
    socket.serverSend("last words")
    socket.transport.write(b"the close frame")
    await asyncio.sleep(0)
    assert b"".join(socket.sent) == frame(b"last words", masked=False) + b"the close frame"


async def test_what_the_kernel_does_not_take_waits_for_it_in_order(socket):
    socket.transport.room = 5
    socket.serverSend("one")
    socket.serverSend("two")
    await asyncio.sleep(0)
    assert socket.transport.waiting == {socket.transport}
    socket.serverSend("three")
    await asyncio.sleep(0)
    assert sum(map(len, socket.sent)) == 5
    socket.transport.room = 10**9
    socket.transport.doWrite()
    assert b"".join(socket.sent) == b"".join(frame(text, masked=False) for text in (b"one", b"two", b"three"))
    assert not socket.transport.waiting


async def test_a_connection_that_goes_meanwhile_is_written_to_no_more(socket):
    socket.serverSend("late")
    socket.transport.connected = False
    await asyncio.sleep(0)
    assert socket.sent == []


@pytest.mark.parametrize("state", [Socket.STATE_CLOSING, Socket.STATE_CLOSED])
def test_after_the_goodbye_nothing_goes_out(socket, state):
    socket.state = state
    socket.serverSend("late")
    assert socket.sent == socket.left == []
