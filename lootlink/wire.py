"""How daphne reads a request, where it would believe what only a proxy of ours could say."""

from daphne.http_protocol import HTTPFactory, WebRequest

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


class Factory(HTTPFactory):
    def buildProtocol(self, addr):
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol
