"""How daphne reads a request, where it would believe what only a proxy of ours could say, and how much it keeps for a tab."""

import asyncio
import io
import time

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings

# The first moves every address of the site, the second is of no use to us; in other letters than ASCII both are a 500.
UNHEARD = (b"Daphne-Root-Path", b"Sec-WebSocket-Protocol")


# RFC 6455, 5.2: the first byte of a text frame that is not one of several, the mask's bit, and where the size follows.
WHOLE_TEXT, MASKED, TWO_BYTES, EIGHT_BYTES = 0x81, 0x80, 126, 127


class Request(WebRequest):
    def process(self):
        if self._is_unclear():
            # A proxy may have read it otherwise, and then what follows is no request of its client's.
            self.channel.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            self.channel.loseConnection()
            return None
        for name in UNHEARD:
            self.requestHeaders.removeHeader(name)
        return super().process()

    def _is_unclear(self) -> bool:
        codings = self.requestHeaders.getRawHeaders(b"Transfer-Encoding", [])
        if codings and [coding.strip().lower() for coding in codings] != [b"chunked"]:
            return True
        # Daphne takes the body of an upgrade for the tab's first frames.
        upgrade = self.requestHeaders.getRawHeaders(b"Upgrade", [b""])[0]
        return upgrade.lower() == b"websocket" and self.content.seek(0, io.SEEK_END) > 0


class Requests(HTTPFactory):
    def buildProtocol(self, addr):
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class Socket(WebSocketProtocol):
    """Nearly all that passes are whole text frames: these are read and written at once, and all the rest by autobahn."""

    _due = False  # whether what waits in the transport is to be written in the next turn of the loop

    def dataReceived(self, data):
        while (frame := self._whole_text(data)) is not None:
            text, end = frame
            if self.autoPingTimeoutCall:
                self._cancelAutoPingTimeoutCall()
            if not self.muted:
                self.last_ping = time.time()
                self.application_queue.put_nowait({"type": "websocket.receive", "text": text})
            data = data[end:]
        if data:
            super().dataReceived(data)

    def _whole_text(self, data: bytes) -> tuple[str, int] | None:
        """The text of a whole, masked, unfragmented frame and where it ends; None for autobahn to judge."""
        if len(data) < 6 or data[0] != WHOLE_TEXT or self.data or self.current_frame or self.inside_message:
            return None
        if self.state != self.STATE_OPEN or not data[1] & MASKED:
            return None
        size, start = data[1] & ~MASKED, 2
        if size == TWO_BYTES:
            size, start = int.from_bytes(data[2:4]), 4
            if size < TWO_BYTES:
                return None
        end = start + 4 + size
        if size > self.maxFramePayloadSize or (start == 2 and size > TWO_BYTES) or len(data) < end:
            return None
        mask = data[start : start + 4] * (size // 4 + 1)
        plain = int.from_bytes(data[start + 4 : end]) ^ int.from_bytes(mask[:size])
        try:
            return plain.to_bytes(size).decode(), end
        except UnicodeDecodeError:
            return None

    def serverSend(self, content, binary=False):
        if self.state in (self.STATE_CLOSING, self.STATE_CLOSED):
            return  # the tab has left, which the application hears in its turn
        if binary or self.state != self.STATE_OPEN or self.send_queue:
            super().serverSend(content, binary)
        else:
            payload = content.encode()
            self._write_soon(_header(len(payload)) + payload)
        if self.unsent > self.factory.most_unsent:
            # Nobody reads: a goodbye would only wait behind the rest.
            self.dropConnection(abort=True)

    def _write_soon(self, data: bytes) -> None:
        """What is said in one turn of the loop goes out together in the next. The reactor, whose way is longer, is asked
        only where the kernel does not take all of it at once."""
        transport = self.transport
        if not self._due:
            if not transport.connected or transport.disconnecting or self.unsent:
                transport.write(data)
                return
            self._due = True
            asyncio.get_running_loop().call_soon(self._write_now)
        transport._tempDataBuffer.append(data)
        transport._tempDataLen += len(data)

    def _write_now(self) -> None:
        self._due = False
        if self.transport.connected and self.unsent and (self.transport.doWrite() or self.unsent):
            self.transport.startWriting()

    @property
    def unsent(self) -> int:
        transport = self.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen


def _header(size: int) -> bytes:
    """Of a whole text frame of so many bytes, as a server sends it."""
    if size < TWO_BYTES:
        return bytes((WHOLE_TEXT, size))
    if size < 1 << 16:
        return bytes((WHOLE_TEXT, TWO_BYTES)) + size.to_bytes(2)
    return bytes((WHOLE_TEXT, EIGHT_BYTES)) + size.to_bytes(8)


class Sockets(WebSocketFactory):
    protocol = Socket

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Asked at every frame, which is too often for the settings.
        self.most_unsent = settings.SOCKET_UNSENT
