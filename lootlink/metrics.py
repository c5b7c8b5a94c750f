"""GET /metrics, for a monitor that is known: what this worker counted, read when it is asked for and not before."""

import secrets
import time
from collections.abc import Iterator
from itertools import accumulate

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from apps.accounts import limits, staff
from consumers.hub import hub

from . import measures

# The hub's name for it, ours, and what it is.
COUNTS = (
    ("frames_in", "lootlink_frames_in", "Frames that tabs sent"),
    ("frames_out", "lootlink_frames_out", "Frames sent to tabs"),
    ("events", "lootlink_events_recorded", "Events recorded by this worker"),
    ("hints_sent", "lootlink_hints_sent", "Hints given to Redis"),
    ("hints_failed", "lootlink_hints_failed", "Hints that Redis did not take"),
    ("hints_dropped", "lootlink_hints_dropped", "Hints not tried while Redis was away"),
    ("healed", "lootlink_hints_healed", "Sockets that the tick found behind for want of a hint"),
    ("gaps", "lootlink_gaps", "Numbers that came before the one below them"),
    ("resumes", "lootlink_resumes", "Tabs that came back and went on where they were"),
    ("resets", "lootlink_resets", "Tabs told to load anew"),
    ("duplicates", "lootlink_duplicates", "Events heard of twice"),
    ("refusals", "lootlink_frames_refused", "Frames answered by an error"),
    ("ticks_failed", "lootlink_ticks_failed", "Ticks that the database did not answer"),
)


class Counted:
    """Each request by the name of its view; what has none (a file, an unknown address) counts together."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # A stranger's own words are no label.
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        view = match.view_name if match else "none"
        measures.requests[view, method, str(response.status_code)] += 1
        measures.request_times[view, method].add(time.perf_counter() - began)
        return response


@require_safe
@never_cache
def show(request):
    if not _is_known(request):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _is_known(request) -> bool:
    token = f"Bearer {settings.METRICS_TOKEN}"
    if settings.METRICS_TOKEN and secrets.compare_digest(request.headers.get("Authorization", "").encode(), token.encode()):
        return True
    return staff.is_within(limits.whole_address(request), settings.METRICS_ADDRESSES)


class Worker:
    """A collector; prometheus_client asks it for every answer anew."""

    def collect(self) -> Iterator[Metric]:
        yield from _sockets()
        for key, name, what in COUNTS:
            yield CounterMetricFamily(name, what, hub.counts[key])
        yield _histogram("lootlink_commit_to_socket_seconds", "From a commit to the sockets", {(): measures.travel})
        yield _histogram("lootlink_executor_wait_seconds", "Wait of the sockets' database work", {(): measures.executor_wait})
        yield from _requests()
        yield from _database()
        yield from _backup()

    def describe(self) -> list[Metric]:
        return []


def _sockets() -> Iterator[Metric]:
    # Lists made at one stroke, for the event loop goes on meanwhile.
    known = [socket for mine in list(hub.sockets.values()) for socket in list(mine)]
    yield GaugeMetricFamily("lootlink_sockets", "Open sockets", len(hub.open))
    yield GaugeMetricFamily("lootlink_traders", "Traders with an open socket", len(hub.sockets))
    waiting = sum(socket.tail.cursor - socket.tail.acknowledged for socket in known)
    yield GaugeMetricFamily("lootlink_unacknowledged_events", "Events sent to tabs that have not said they applied them", waiting)
    yield GaugeMetricFamily("lootlink_redis_well", "Whether this worker hears itself through Redis", hub.layer_well)
    yield GaugeMetricFamily("lootlink_draining", "Whether this worker sends its tabs elsewhere", hub.draining)
    build = GaugeMetricFamily("lootlink_build", "The release, as a label", labels=["build"])
    build.add_metric([settings.BUILD], 1)
    yield build


def _requests() -> Iterator[Metric]:
    requests = CounterMetricFamily("lootlink_http_requests", "Answers", labels=["view", "method", "status"])
    for labels, number in list(measures.requests.items()):
        requests.add_metric(labels, number)
    yield requests
    yield _histogram("lootlink_http_seconds", "From a request to its answer", dict(measures.request_times), ["view", "method"])


def _database() -> Iterator[Metric]:
    """The pool's own figures; SQLite has none."""
    pool = connection.pool.get_stats() if connection.vendor == "postgresql" and connection.pool else {}
    open_ones, idle = pool.get("pool_size", 0), pool.get("pool_available", 0)
    yield GaugeMetricFamily("lootlink_database_connections_used", "Connections at work", open_ones - idle)
    yield GaugeMetricFamily("lootlink_database_waiting", "Threads that wait for a connection", pool.get("requests_waiting", 0))


def _backup() -> Iterator[Metric]:
    """Nothing where no key is given: then others make backups, or nobody waits for one."""
    if settings.BACKUP_RECIPIENT:
        try:
            made_at = settings.LAST_BACKUP.stat().st_mtime
        except OSError:
            made_at = 0
        yield GaugeMetricFamily("lootlink_backup_timestamp_seconds", "When the last backup was whole; 0 for never", made_at)


def _histogram(name: str, what: str, durations: dict[tuple, measures.Durations], labels=()) -> Metric:
    family = HistogramMetricFamily(name, what, labels=labels)
    bounds = [*map(str, measures.BOUNDS), "+Inf"]
    for values, each in durations.items():
        family.add_metric(values, list(zip(bounds, accumulate(each.places), strict=True)), each.total)
    return family


REGISTRY.register(Worker())
