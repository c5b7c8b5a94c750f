"""A task that is there only while it has something to do: a thousand idle tabs then cost one task each."""

import asyncio
from collections.abc import Callable, Coroutine


class Errand:
    """`call` runs until nothing is left to do; what comes meanwhile it finds itself, what comes later needs another go().

    `failed` is called after it has ended by a mistake, which the event loop logs.
    """

    __slots__ = ("_call", "_failed", "_task")

    def __init__(self, call: Callable[[], Coroutine], failed: Callable[[], object]):
        self._call, self._failed = call, failed
        self._task: asyncio.Task | None = None

    def go(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def done(self) -> None:
        """When what is being done is done."""
        if self._task is not None:
            await self._task

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        well = False
        try:
            await self._call()
            well = True
        finally:
            self._task = None
            if not well:
                self._failed()
