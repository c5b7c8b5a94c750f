"""How daphne reads a request, where it would believe what only a proxy of ours could say."""

from daphne.http_protocol import HTTPFactory, WebRequest

# The first moves every address of the site, the second is of no use to us; in other letters than ASCII both are a 500.
UNHEARD = (b"Daphne-Root-Path", b"Sec-WebSocket-Protocol")


class Request(WebRequest):
    def process(self):
        for name in UNHEARD:
            self.requestHeaders.removeHeader(name)
        return super().process()


class Factory(HTTPFactory):
    def buildProtocol(self, addr):
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol
