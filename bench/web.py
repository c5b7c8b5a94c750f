"""Pages by the second: a few keep-alive connections that ask for one path, and what the servers worked meanwhile."""

import asyncio
import time
from urllib.parse import urlsplit

from drills.row import quantile

from . import cpu
from .field import Field
from .part import Measured

WARM = 0.5  # seconds that don't count
CONNECTIONS = 8


class Asker:
    """One connection. `times` has the answers since it was emptied, in seconds."""

    def __init__(self, url: str, path: str, cookie: str):
        self.place = urlsplit(url)
        headers = f"Host: {self.place.netloc}\r\nAccept-Language: ru\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
        self.question = f"GET {path} HTTP/1.1\r\n{headers}\r\n".encode()
        self.times: list[float] = []
        self.faults: list[str] = []
        self.size = 0

    async def run(self) -> None:
        reader, writer = await asyncio.open_connection(self.place.hostname, self.place.port, limit=2**20)
        try:
            while True:
                began = time.perf_counter()
                writer.write(self.question)
                status = await self._answer(reader)
                self.times.append(time.perf_counter() - began)
                if status != 200:
                    self.faults.append(f"answered with {status}")
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> int:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in head:
            self.size = 0
            while size := int(await reader.readline(), 16):
                self.size += size
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        else:
            self.size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            await reader.readexactly(self.size)
        return int(head.split(b" ", 2)[1])


def ask(field: Field, pids: list[int], url: str, path: str, *, seconds: float, cookie: str = "", at_once=CONNECTIONS) -> Measured:
    """`pids`: the application's processes. A page that doesn't answer 200 is a fault."""
    return asyncio.run(_ask(field, pids, [Asker(url, path, cookie) for _ in range(at_once)], seconds))


async def _ask(field: Field, pids: list[int], askers: list[Asker], seconds: float) -> Measured:
    tasks = [asyncio.create_task(each.run()) for each in askers]
    await asyncio.sleep(WARM)
    for each in askers:
        each.times.clear()
    before, mine, began = field.cpu(*pids), cpu.own(), time.perf_counter()
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    took, share = time.perf_counter() - began, cpu.own() - mine
    after = field.cpu(*pids)
    faults = [fault for each in askers for fault in each.faults]
    for task in tasks:
        if task.done():
            faults.append(f"the connection ended: {task.exception()!r}")
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    times = sorted(time * 1000 for each in askers for time in each.times)
    answers = max(1, len(times))
    spent = {name: (after[name] - before[name]) / answers * 1000 for name in after}
    figures = {
        "requests/s": len(times) / took,
        "CPU ms": sum(spent.values()),
        **{f"{name} ms": value for name, value in spent.items()},
        **({"p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99)} if times else {}),
        "KiB": askers[0].size / 1024,
        "generator": share / took,
    }
    return Measured(figures, sorted(set(faults)), times)
