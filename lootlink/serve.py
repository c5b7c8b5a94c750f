"""One daphne worker: `python -m lootlink.serve`. Told to stop, it lets requests finish and its sockets say goodbye."""

import argparse
import asyncio
import fcntl
import gc
import hashlib
import logging
import os
import signal
import socket
import sys
import tempfile
import time
import weakref
from pathlib import Path

from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from twisted.internet.main import CONNECTION_DONE
from twisted.python.failure import Failure

from . import wire
from .loop import server

# Seconds.
HTTP_TIMEOUT = 30
PING_INTERVAL, PING_TIMEOUT = 20, 30
HANDSHAKE_TIMEOUT = 15  # of a thousand who come back at once the last must not be sent to try again
GOODBYES = 4  # the hub spreads them over 1.5
KEEP_ALIVE_GRACE = 1  # busy keep-alive connections get `Connection: close` with an answer, not a reset
REQUESTS = 15
CLOSING = 1
EXIT_WITHIN = 24
LOCK_PATIENCE = 4  # a predecessor may still be draining

BACKLOG = 1024  # connections
GARBAGE = (10_000, 20, 50)  # a page makes some thousands of objects, nearly all of which go with their last mention
GONE = {"disconnected": 0}  # what daphne knows of a connection that it has forgotten


class Refused(Exception):
    """Why this worker does not start, in a sentence."""


def say(line):
    try:
        print(line, flush=True)
    except OSError:
        # Who started us has gone, and what it can't be told would fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Worker(server.Server):
    def __init__(self, application, listener, notice=""):
        proxy = {}
        if settings.TRUST_PROXY:
            proxy = {"proxy_forwarded_address_header": "X-Forwarded-For", "proxy_forwarded_proto_header": "X-Forwarded-Proto"}
        super().__init__(
            application,
            # Twisted adopts a copy and closes the original.
            endpoints=[f"fd:fileno={listener.detach()}"],
            signal_handlers=False,
            http_timeout=HTTP_TIMEOUT,
            websocket_handshake_timeout=HANDSHAKE_TIMEOUT,
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            websocket_max_message_size=settings.FRAME_BYTES,
            websocket_max_frame_size=settings.FRAME_BYTES,
            verbosity=0,
            server_name="",
            ready_callable=self.announce,
            **proxy,
        )
        self.notice = notice
        self.ports = []
        self.channels = weakref.WeakSet()
        self.drained = None

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            # Not the loop's own handlers: uvloop forgets a signal that comes before it runs, and we say that we are
            # open a moment earlier.
            signal.signal(number, lambda *_: server.twisted_loop.call_soon_threadsafe(self.leave))
        super().run()

    def announce(self):
        for host, port in self.listening_addresses:
            say(f"LootLink is listening on http://{host}:{port}/ (process {os.getpid()})")
        if self.notice:
            say(self.notice)

    # What daphne tells -----------------------------------------------------------------------

    def listen_success(self, port):
        self.ports.append(port)
        super().listen_success(port)

    def protocol_connected(self, protocol):
        super().protocol_connected(protocol)
        if isinstance(protocol, WebRequest):
            self.channels.add(protocol.channel)

    async def handle_reply(self, protocol, message):
        if message["type"] == "websocket.send":
            # The way of nearly all that goes out, without what it could be but is not.
            if "disconnected" not in self.connections.get(protocol, GONE):
                protocol.serverSend(message["text"])
            return
        if self.drained and message["type"] == "http.response.start" and protocol.channel:
            protocol.channel.persistent = False
            message = {**message, "headers": [*message.get("headers", []), (b"Connection", b"close")]}
        await super().handle_reply(protocol, message)

    def kill_all_applications(self):
        # Daphne's own expects an application in every entry; one that has just ended is not there any more.
        for details in self.connections.values():
            if "application_instance" in details:
                details["application_instance"].cancel()

    # Leaving ---------------------------------------------------------------------------------

    def leave(self):
        """Begins the drain; a second signal changes nothing, since make and a terminal both send one."""
        if not self.drained:
            say("LootLink is finishing its requests and stops.")
            # Whatever hangs, a thread in a query included, the process is gone by then.
            signal.alarm(EXIT_WITHIN)
            self.drained = server.twisted_loop.create_task(self.drain())

    async def drain(self):
        goodbyes = asyncio.create_task(self.application.hub.drain())
        await asyncio.sleep(0)
        for port in self.ports:
            # Takes in all that waits in the queue of the kernel, which closing would reset; Twisted takes in as many
            # as came the last time, and stopListening() closes only a turn later, when others have come.
            port.numberAccepts = BACKLOG
            port.stopReading()
            port.doRead()
            port.connectionLost(Failure(CONNECTION_DONE))
        if self.open_channels():
            await asyncio.sleep(KEEP_ALIVE_GRACE)
        _done, late = await asyncio.wait({goodbyes}, timeout=GOODBYES)
        if late:
            goodbyes.cancel()
        deadline = time.monotonic() + REQUESTS
        while (
            self.open_channels() or self.working() or self.sockets(WebSocketProtocol.STATE_CONNECTING)
        ) and time.monotonic() < deadline:
            for channel in self.open_channels():
                if not channel.requests:
                    channel.loseConnection()
            await asyncio.sleep(0.02)
        # Those that came last were told goodbye just now: the word must leave before the process does.
        deadline = time.monotonic() + CLOSING
        while self.sockets() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=1)
        server.reactor.stop()

    def open_channels(self):
        """HTTP connections that still carry a request, unsent bytes of an answer, or nothing."""
        return [
            channel
            for channel in list(self.channels)
            if not channel.transport.disconnected and not isinstance(channel.transport.protocol, WebSocketProtocol)
        ]

    def sockets(self, *states):
        """Those in one of these states; without any, all that are not closed."""
        sockets = [protocol for protocol in list(self.connections) if isinstance(protocol, WebSocketProtocol)]
        return [each for each in sockets if (each.state in states if states else each.state != WebSocketProtocol.STATE_CLOSED)]

    def working(self):
        """Requests whose client has gone; their work is finished all the same."""
        return any(
            isinstance(protocol, WebRequest) and "application_instance" in details and not details["application_instance"].done()
            for protocol, details in self.connections.items()
        )


def claim_database():
    """Workers with Redis share a database; one without needs it alone, or events of the others would come late.

    Returns the open lock file, which is held until the process ends.
    """
    alone = not settings.REDIS_URL
    workers = max(int(os.environ.get(name) or 1) for name in ("WEB_CONCURRENCY", "WORKERS"))
    if alone and workers > 1:
        raise Refused(f"{workers} workers need REDIS_URL: without Redis only one process can serve the site.")
    try:
        lock = os.fdopen(os.open(_lock_file(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+")
    except OSError as reason:
        raise Refused(f"the lock of the database can't be opened: {reason}") from None
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Refused(
                    "Another process already serves this database, and without REDIS_URL there can be only one. "
                    "Stop it, or give all of them the same REDIS_URL."
                ) from None
            time.sleep(0.1)


def _lock_file() -> Path:
    """Beside a database that is a file, however it was named; a server's is known by its address."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        return Path(f"{Path(database['NAME']).resolve()}.lock")
    name = hashlib.sha256(settings.DATABASE_URL.encode()).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"lootlink-{os.getuid()}-{name}.lock"


def listen(host, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise Refused(f"{host}:{port} can't be opened ({error.strerror}). Choose another one: PORT=8010.") from error
    return listener


def serve(application, listener, notice=""):
    """Runs until SIGTERM or SIGINT. `application` is ASGI and has a `hub` with `drain()`."""
    # Its word on every endpoint is said once, by announce().
    logging.getLogger("daphne").setLevel(logging.WARNING)
    # Its server makes the factories by these names, and takes none.
    server.HTTPFactory, server.WebSocketFactory = wire.Requests, wire.Sockets
    # What was imported stays, and need not be looked through for garbage.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    listener.listen(BACKLOG)
    Worker(application, listener, notice).run()


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m lootlink.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a bound socket, inherited from the parent, instead of host and port")
    parser.add_argument("--notice", default="", help="printed once the port is open")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lootlink.settings")
    try:
        lock = claim_database()
        listener = listen(options.host, options.port) if options.fd is None else socket.socket(fileno=options.fd)
        application = import_string(settings.ASGI_APPLICATION)
    except (Refused, ImproperlyConfigured) as refusal:
        sys.exit(f"LootLink does not start: {refusal}")
    with lock:
        serve(application, listener, options.notice)


if __name__ == "__main__":
    main()
