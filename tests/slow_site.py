"""A stand-in for the site that takes its time, served by the real worker: `python -m tests.slow_site PORT [stopped]`.

`stopped`: it is told to stop in the moment in which it says that it is open.
"""

import asyncio
import os
import signal
import sys

from lootlink import serve

LONG = 0.5  # seconds: whoever asks for so much is told that it has begun
LARGE = 8 * 1024 * 1024  # bytes, more than the kernel buffers for a reader that waits


class Hub:
    def __init__(self):
        self.sockets = set()

    async def drain(self):
        for send in list(self.sockets):
            await send({"type": "websocket.send", "text": "bye"})
            await send({"type": "websocket.close", "code": 4012})


class Site:
    hub = Hub()

    async def __call__(self, scope, receive, send):
        answer = {"http": self.page, "websocket": self.tab}[scope["type"]]
        await answer(scope, receive, send)

    async def page(self, scope, receive, send):
        seconds, _, size = scope["query_string"].decode().partition("&")
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        if float(seconds) >= LONG:
            print("asked", flush=True)
        await asyncio.sleep(float(seconds))
        body = b"x" * LARGE if size else body
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})

    async def tab(self, scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        self.hub.sockets.add(send)
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message["text"]))})
        self.hub.sockets.discard(send)


def say_and_stop(line):
    print(line, flush=True)
    if "is listening on" in line:
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    if "stopped" in sys.argv:
        serve.say = say_and_stop
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lootlink.settings")
    with serve.claim_database():
        serve.serve(Site(), serve.listen("127.0.0.1", int(sys.argv[1])))
