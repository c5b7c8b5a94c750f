"""A channel layer that lies: of what is sent through it some is lost, some comes twice, some late."""

import asyncio
import random

from channels.layers import InMemoryChannelLayer


class LyingLayer(InMemoryChannelLayer):
    def __init__(self, seed: int, drop=0.3, double=0.2, delay=0.2):
        super().__init__(capacity=100_000)
        self._random = random.Random(seed)
        self._drop, self._double, self._delay = drop, double, delay
        self._late: set[asyncio.Task] = set()
        self.lies = 0

    async def group_send(self, group, message):
        if self._random.random() < self._drop:
            self.lies += 1
            return
        times = 2 if self._random.random() < self._double else 1
        for _ in range(times):
            if self._random.random() < self._delay:
                self.lies += 1
                late = asyncio.create_task(self._send_late(group, message, self._random.uniform(0.01, 0.4)))
                self._late.add(late)
                late.add_done_callback(self._late.discard)
            else:
                await super().group_send(group, message)

    async def _send_late(self, group, message, seconds):
        await asyncio.sleep(seconds)
        await super().group_send(group, message)
