"""How often one address may search: counted in this worker's memory, because a page that is only read writes nothing."""

import threading
import time
from collections import OrderedDict, deque

from django.conf import settings

from apps.accounts.limits import TooMany

ADDRESSES = 10_000  # remembered at once; the one unheard of for longest is forgotten first
_counting = threading.Lock()
_searches: OrderedDict[str, deque[float]] = OrderedDict()


def count_search(address: str) -> None:
    """Raises TooMany when `address` has searched too often within the rate's seconds."""
    if not settings.RATE_LIMITS:
        return
    allowed, seconds = settings.RATES["search"]
    now = time.monotonic()
    with _counting:
        times = _searches.setdefault(address, deque(maxlen=allowed))
        _searches.move_to_end(address)
        if len(_searches) > ADDRESSES:
            _searches.popitem(last=False)
        if len(times) == allowed and now - times[0] < seconds:
            raise TooMany(int(seconds - (now - times[0])) + 1)
        times.append(now)


def forget() -> None:
    """Begin anew."""
    with _counting:
        _searches.clear()
