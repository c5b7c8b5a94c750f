"""What one worker tells the others and hears from them, by the layer's group `live`; Redis may be away, or slow, or forget."""

import asyncio
import logging
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable

import msgspec
from django.conf import settings
from redis.exceptions import RedisError

from apps.live import push
from apps.live.push import GROUP, Hint

logger = logging.getLogger(__name__)

# redis-py's errors are no OSErrors; the layer's pool raises RuntimeError once its loop is closed.
AWAY = (OSError, RedisError, TimeoutError, RuntimeError)
REJOIN = 2  # seconds that a new subscription has until it is heard, before it is given up for another
# Seconds that a hint may be later than the one after it: of two workers that write to one trader each is heard by another
# way. Busy ones take longer, and would be busier still if every tab read the log meanwhile.
LATE, LATE_ECHOES, LATE_AT_MOST = 0.02, 3, 0.5
LATE_WITHOUT_REDIS = 0.25  # a worker then hears itself alone, and every hint would be a gap
WAITING_HINTS = 1_000  # beyond it the oldest is dropped: its readers are healed by the tick
TOGETHER = 20  # hints that waited for one another go in one message


def _soon() -> asyncio.Timeout:
    """The time that Redis may take. Not wait_for(): it swallows a cancellation that meets the answer."""
    return asyncio.timeout(settings.LAYER_TIMEOUT)


class Group:
    """A member on the running event loop. `heard` is called with what other workers say."""

    def __init__(self, layer, heard: Callable[[Hint], object], counts: Counter[str]):
        self._layer, self._others_say, self._counts = layer, heard, counts
        self._id = uuid.uuid4().hex
        self._waiting: deque[Hint] = deque(maxlen=WAITING_HINTS)
        self._speak_now = asyncio.Event()
        self._heard_at = time.monotonic()
        self._echo = 0.0  # seconds that a hint of this worker took through Redis and back
        self._silent_until = 0.0
        self._rejoined_at = 0.0
        self._listener = asyncio.create_task(self._listen())
        self._speaker = asyncio.create_task(self._speak())

    async def leave(self) -> None:
        await self._forget_layer()
        self._listener.cancel()
        self._speaker.cancel()
        await asyncio.gather(self._listener, self._speaker, return_exceptions=True)

    @property
    def well(self) -> bool:
        """Whether this worker has lately heard itself through Redis; without Redis there is nothing to hear through."""
        patience = settings.TICK + settings.TICK_WITHOUT_REDIS + settings.LAYER_TIMEOUT
        return not settings.REDIS_URL or time.monotonic() - self._heard_at < patience

    @property
    def late(self) -> float:
        """Seconds that the hint of a number below the one that came may still be on its way."""
        return min(LATE + LATE_ECHOES * self._echo, LATE_AT_MOST) if self.well else LATE_WITHOUT_REDIS

    def tell(self, hint: Hint) -> None:
        hint.origin = self._id
        hint.at = hint.at or time.time()
        self._waiting.append(hint)
        self._speak_now.set()

    async def look_after(self) -> None:
        """To be called now and then: where nothing was heard for too long the group is joined anew."""
        if not self.well and time.monotonic() - self._rejoined_at > REJOIN:
            self._rejoined_at = time.monotonic()
            if await self._forget_layer():
                self._listener.cancel()
                self._listener = asyncio.create_task(self._listen())
        self.tell(Hint())  # hearing it come back is how the subscription is known to live

    async def _speak(self) -> None:
        """Bounded and never raising: while Redis is away hints are dropped and the tick carries the feed."""
        while True:
            await self._speak_now.wait()
            self._speak_now.clear()
            while self._waiting:
                hints = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
                if time.monotonic() < self._silent_until:
                    self._counts["hints_dropped"] += len(hints)
                    continue
                try:
                    async with _soon():
                        await self._layer.group_send(GROUP, push.packed(hints))
                    self._counts["hints_sent"] += len(hints)
                except AWAY as error:
                    self._counts["hints_failed"] += len(hints)
                    self._lost(error)

    def _lost(self, error: BaseException) -> None:
        if self.well:
            logger.warning("Redis away (%s): the tick carries the feed", error or type(error).__name__)
        self._silent_until = time.monotonic() + settings.TICK_WITHOUT_REDIS
        self._heard_at = 0.0

    async def _listen(self) -> None:
        """What other workers say. A pending receive() must never be cancelled while its channel is known: that unsubscribes."""
        while True:
            try:
                async with _soon():
                    channel = await self._layer.new_channel()
                    await self._layer.group_add(GROUP, channel)
                self.tell(Hint())
                while True:
                    self._read(await self._layer.receive(channel))
            except AWAY as error:
                self._lost(error)
                await asyncio.sleep(settings.TICK_WITHOUT_REDIS)

    def _read(self, message: dict) -> None:
        try:
            hints = push.unpacked(message)
        except msgspec.MsgspecError as error:
            logger.warning("a hint that makes no sense here: %s", error)
            return
        for hint in hints:
            self.hear(hint)

    def hear(self, hint: Hint) -> None:
        if hint.origin != self._id:
            self._others_say(hint)
            return
        if not self.well:
            logger.warning("Redis is back")
        self._heard_at = time.monotonic()
        self._echo = max(0.0, time.time() - hint.at)

    async def _forget_layer(self) -> bool:
        """Close the layer's connections. It forgets its channels too, so that a cancelled receive() has nothing
        to unsubscribe: with Redis frozen that would never end."""
        try:
            async with _soon():
                await self._layer.flush()
        except AWAY:
            return False
        return True
