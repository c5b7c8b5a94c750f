"""Work in the event loop's next turn; a task is there only while it has to wait: a thousand idle tabs then cost one task each."""

import asyncio
from collections.abc import Callable, Coroutine


class Errand:
    """`call` does what there is to do, and gives back what has to be waited for first; then it is called again, unless that
    ended with False.

    What comes meanwhile it finds itself, what comes later needs another go(). `failed` is called after it has ended by a
    mistake, which the event loop logs.
    """

    __slots__ = ("_call", "_failed", "_going")

    def __init__(self, call: Callable[[], Coroutine | None], failed: Callable[[], object]):
        self._call, self._failed = call, failed
        self._going: asyncio.Handle | asyncio.Task | None = None

    def go(self) -> None:
        if self._going is None:
            self._going = asyncio.get_running_loop().call_soon(self._begin)

    async def done(self) -> None:
        """When what is being done is done."""
        while self._going is not None:
            await (self._going if isinstance(self._going, asyncio.Task) else asyncio.sleep(0))

    def cancel(self) -> None:
        if self._going is not None:
            self._going.cancel()

    def _begin(self) -> None:
        rest = None
        well = False
        try:
            rest = self._call()
            well = True
        finally:
            if rest is None:
                self._end(well)
        if rest is not None:
            self._going = asyncio.create_task(self._go_on(rest))

    async def _go_on(self, rest: Coroutine | None) -> None:
        well = False
        try:
            while rest is not None and await rest is not False:
                rest = self._call()
            well = True
        finally:
            self._end(well)

    def _end(self, well: bool) -> None:
        self._going = None
        if not well:
            self._failed()
