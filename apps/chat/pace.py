"""How fast one may write: a bucket of tokens, and one bucket a user in this worker for the form and the socket together."""

import threading
import time
from collections.abc import Callable

from django.conf import settings

_FORGET_AT = 10_000  # buckets


class Bucket:
    """`rate` tokens a second, `burst` at most; full at first."""

    __slots__ = ("rate", "burst", "left", "at", "_clock")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self.rate, self.burst, self._clock = rate, burst, clock
        self.left, self.at = burst, clock()

    def take(self) -> float:
        """0 where a token was there, which is taken; else the seconds until the next one."""
        if not settings.RATE_LIMITS:
            return 0
        now = self._clock()
        self.left, self.at = min(self.burst, self.left + (now - self.at) * self.rate), now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0

    @property
    def full(self) -> bool:
        """Whether it would be, by now: such a bucket says nothing any more."""
        return self.left + (self._clock() - self.at) * self.rate >= self.burst


class Pace:
    """A bucket for each user who writes; forms call it from many threads."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self._new = lambda: Bucket(rate, burst, clock)
        self._buckets: dict[int, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, who: int) -> float:
        """0 where `who` may write now, which is counted; else the seconds until then."""
        with self._lock:
            if who not in self._buckets and len(self._buckets) >= _FORGET_AT:
                self._buckets = {who: bucket for who, bucket in self._buckets.items() if not bucket.full}
            return self._buckets.setdefault(who, self._new()).take()

    def forget(self) -> None:
        """Everybody's bucket is full again."""
        with self._lock:
            self._buckets.clear()


messages = Pace(settings.MESSAGE_RATE, settings.MESSAGE_BURST)
