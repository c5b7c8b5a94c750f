"""How often one visitor may search and be told what there is, counted together by all workers.

A page that is only read writes nothing: the first few searches are kept in this worker's memory, and only who goes on
is written down. Who has logged in is counted as themselves, not with everybody behind their address.
"""

import threading
import time
from collections import OrderedDict

from django.conf import settings

from apps.accounts import limits

VISITORS = 10_000  # remembered at once; the one unheard of for longest is forgotten first
UNWRITTEN = 6  # one part in so many of the rate may stay in a worker's memory
_counting = threading.Lock()
_unwritten: OrderedDict[str, list[float]] = OrderedDict()


def count(what: str, request) -> None:
    """Raises TooMany when this visitor has done it too often. Writes, so it is called outside of a snapshot."""
    if not settings.RATE_LIMITS:
        return
    who = f"user:{request.user.pk}" if request.user.is_authenticated else limits.address(request)
    allowed, seconds = settings.RATES[what]
    written = limits.check(what, who)
    if hits := _to_write(f"{what}:{who}", seconds, allowed // UNWRITTEN if not written else 0):
        limits.take(what, who, hits)


def _to_write(who: str, seconds: int, free: int) -> int:
    """How many searches are to be written down now, this one included: none while there are at most `free`."""
    now = time.monotonic()
    with _counting:
        times = [at for at in _unwritten.pop(who, ()) if now - at < seconds] + [now]
        if len(times) > free:
            return len(times)
        _unwritten[who] = times
        if len(_unwritten) > VISITORS:
            _unwritten.popitem(last=False)
        return 0


def forget() -> None:
    """Begin anew."""
    with _counting:
        _unwritten.clear()
