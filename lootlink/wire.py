"""How daphne reads a request, where it would believe what only a proxy of ours could say, and how much it keeps for a tab."""

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings

# The first moves every address of the site, the second is of no use to us; in other letters than ASCII both are a 500.
UNHEARD = (b"Daphne-Root-Path", b"Sec-WebSocket-Protocol")


class Request(WebRequest):
    def process(self):
        codings = self.requestHeaders.getRawHeaders(b"Transfer-Encoding", [])
        if codings and [coding.strip().lower() for coding in codings] != [b"chunked"]:
            # A proxy may have read it otherwise, and then what follows is no request of its client's.
            self.channel.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            self.channel.loseConnection()
            return None
        for name in UNHEARD:
            self.requestHeaders.removeHeader(name)
        return super().process()


class Requests(HTTPFactory):
    def buildProtocol(self, addr):
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class Socket(WebSocketProtocol):
    def serverSend(self, content, binary=False):
        super().serverSend(content, binary)
        if self.unsent > settings.SOCKET_UNSENT:
            # Nobody reads: a goodbye would only wait behind the rest.
            self.dropConnection(abort=True)

    @property
    def unsent(self) -> int:
        transport = self.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen


class Sockets(WebSocketFactory):
    protocol = Socket
