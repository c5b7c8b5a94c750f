"""A balancer of plain TCP: `python -m drills.balancer PORT,PORT …`. Connections go round the workers that take them.

It says the port it listens on, and takes one command a line: `cut 0.05` cuts that part of its sockets in mid-frame.
"""

import asyncio
import random
import sys

PATIENCE = 10  # seconds until somebody who finds no worker at all is sent away
CHUNK = 64 * 1024  # bytes


class Balancer:
    def __init__(self, ports: list[int], seed: int = 1):
        self.ports, self.turn = ports, 0
        self.random = random.Random(seed)
        self.sockets: set[Pair] = set()

    async def serve(self) -> None:
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0, backlog=2048)
        print(server.sockets[0].getsockname()[1], flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        # The end of the one that started it is its end too.
        while line := await lines.readline():
            _word, _space, part = line.decode().partition(" ")
            self.cut(float(part))

    async def accept(self, reader, writer) -> None:
        upstream = await self.worker()
        if upstream is None:
            writer.close()
            return
        pair = Pair((reader, writer), upstream)
        self.sockets.add(pair)
        try:
            await pair.run()
        finally:
            self.sockets.discard(pair)

    async def worker(self):
        """A connection to the next worker that takes one."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while loop.time() < deadline:
            for _port in self.ports:
                self.turn += 1
                try:
                    return await asyncio.open_connection("127.0.0.1", self.ports[self.turn % len(self.ports)])
                except OSError:
                    continue
            await asyncio.sleep(0.02)
        return None

    def cut(self, part: float) -> None:
        open_now = [pair for pair in self.sockets if pair.upgraded]
        for pair in self.random.sample(open_now, min(len(open_now), max(1, round(part * len(open_now))))):
            pair.doomed = True


class Pair:
    """A client's connection and the worker's."""

    def __init__(self, client, worker):
        self.client, self.worker = client, worker
        self.upgraded = self.doomed = False

    async def run(self) -> None:
        ways = [
            asyncio.create_task(self.carry(self.client[0], self.worker[1], up=True)),
            asyncio.create_task(self.carry(self.worker[0], self.client[1])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if not self.doomed:
                # An answer that is on its way is still carried; a request half told to a dead worker is not.
                await asyncio.wait(ways, timeout=1)
        finally:
            for way in ways:
                way.cancel()
            for _reader, writer in (self.client, self.worker):
                writer.transport.abort() if self.doomed else writer.close()

    async def carry(self, reader, writer, up=False) -> None:
        try:
            while chunk := await reader.read(CHUNK):
                if up and not self.upgraded:
                    self.upgraded = b"upgrade: websocket" in chunk.lower()
                if self.doomed and self.upgraded:
                    writer.write(chunk[: len(chunk) // 2])
                    await asyncio.sleep(0.01)  # the half goes out before the cut
                    return
                writer.write(chunk)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            return


if __name__ == "__main__":
    asyncio.run(Balancer([int(port) for port in sys.argv[1].split(",")]).serve())
