"""A task that is there only while it has something to do: a thousand idle tabs then cost one task each."""

import asyncio
from collections.abc import Callable, Coroutine


class Errand:
    """`call` runs until nothing is left to do; what comes meanwhile it finds itself, what comes later needs another go()."""

    __slots__ = ("_call", "_task")

    def __init__(self, call: Callable[[], Coroutine]):
        self._call = call
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
        try:
            await self._call()
        finally:
            self._task = None
