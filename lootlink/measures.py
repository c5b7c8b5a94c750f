"""What this process measures of itself. Without locks: the path of a message is no place to wait for a count."""

from bisect import bisect_left
from collections import Counter, defaultdict

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)  # seconds


class Durations:
    """Two threads that add at the very same moment may count once; a measure can bear that."""

    __slots__ = ("places", "total")

    def __init__(self):
        self.places = [0] * (len(BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.places[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


travel = Durations()  # from a commit until the sockets of this worker were written to
executor_wait = Durations()  # of the sockets' database work, for a thread
requests: Counter[tuple[str, str, str]] = Counter()  # view, method, status
request_times: defaultdict[tuple[str, str], Durations] = defaultdict(Durations)  # view, method
