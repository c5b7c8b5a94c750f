"""What may be done only so often. Counted in the database: on every worker alike, and with Redis away."""

import ipaddress
import time
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .models import Hits


class Hit(NamedTuple):
    """What was counted; `place` among those of its second."""

    key: str
    second: int
    place: int


class TooMany(Exception):
    """Too often; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(_("Слишком часто. Попробуйте позже."))
        self.retry_after = retry_after


def check(rate: str, who: str) -> int:
    """How many hits `who` has had lately. Raises TooMany when they are all that `rate` (a name of settings.RATES) allows."""
    if not settings.RATE_LIMITS:
        return 0
    hits = used(rate, who)
    if hits >= settings.RATES[rate][0]:
        raise TooMany(_wait(rate, who))
    return hits


def used(rate: str, who: str) -> int:
    """The hits of `who` in the time of `rate` that ends now, wherever the clock stands."""
    return _lately(rate, who).aggregate(hits=Sum("count", default=0))["hits"]


def count(rate: str, who: str, hits: int = 1) -> Hit | None:
    """Count hits of `who` against `rate` in one statement, so that those of the same moment all count."""
    if not settings.RATE_LIMITS:
        return None
    second = int(time.time())
    with connection.cursor() as cursor:
        # Quoted: PostgreSQL keeps the word "window" for itself.
        cursor.execute(
            'INSERT INTO accounts_hits (key, "window", count) VALUES (%s, %s, %s) '
            'ON CONFLICT (key, "window") DO UPDATE SET count = accounts_hits.count + excluded.count RETURNING count',
            [_key(rate, who), second, hits],
        )
        return Hit(_key(rate, who), second, cursor.fetchone()[0])


def take(rate: str, who: str, hits: int = 1) -> Hit | None:
    """Count a hit, or raise TooMany: of a crowd at the same moment only the allowed pass.

    Who is refused counts for nothing: however long somebody goes on, the refusals end with the time of `rate`.
    """
    check(rate, who)
    hit = count(rate, who, hits)
    if hit is None:
        return None
    # Its own second by the order in it; the others are read after it was written: of any two at least one sees the other.
    others = _lately(rate, who).exclude(window=hit.second).aggregate(hits=Sum("count", default=0))["hits"]
    if hit.place + others > settings.RATES[rate][0]:
        forgive(hit)
        raise TooMany(_wait(rate, who))
    return hit


def forgive(hit: Hit | None) -> None:
    """As if it had not been. Of many that were counted at once only the last: those before it were allowed."""
    if hit is not None:
        Hits.objects.filter(key=hit.key, window=hit.second, count__gt=0).update(count=F("count") - 1)


def rows(rate: str, queryset: QuerySet) -> None:
    """Raise TooMany when `queryset` has as many rows younger than the time of `rate` as it allows (by `created_at`)."""
    if not settings.RATE_LIMITS:
        return
    allowed, seconds = settings.RATES[rate]
    youngest = queryset.order_by("-created_at").annotate(now=ExpressionWrapper(Now(), output_field=DateTimeField()))
    last_allowed = youngest.values_list("now", "created_at")[allowed - 1 : allowed].first()
    if last_allowed is None:
        return
    left = timedelta(seconds=seconds) - (last_allowed[0] - last_allowed[1])
    if left > timedelta():
        raise TooMany(int(left.total_seconds()) + 1)


def address(request) -> str:
    """Whose address a request comes from. One holder of IPv6 has a whole /64 of them."""
    whole = whole_address(request)
    try:
        ip = ipaddress.ip_address(whole)
    except ValueError:
        return whole
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else whole


def whole_address(request) -> str:
    """The one address a request comes from; a server that listens on IPv6 for both gives those of IPv4 in its own form."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(given)
    except ValueError:
        return given[:64]
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def prune() -> int:
    """Delete what is too old to count; returns how many rows."""
    deleted = 0
    for rate, (_allowed, seconds) in settings.RATES.items():
        deleted += Hits.objects.filter(key__startswith=f"{rate}:", window__lte=int(time.time()) - seconds).delete()[0]
    return deleted


def _key(rate: str, who: str) -> str:
    return f"{rate}:{who}"[:200]


def _lately(rate: str, who: str) -> QuerySet:
    """Each row holds the hits of one second."""
    return Hits.objects.filter(key=_key(rate, who), window__gt=int(time.time()) - settings.RATES[rate][1])


def _wait(rate: str, who: str) -> int:
    """Seconds until so many hits are too old to count that one more is allowed."""
    allowed, seconds = settings.RATES[rate]
    now, hits = int(time.time()), 0
    for second, number in _lately(rate, who).order_by("-window").values_list("window", "count"):
        hits += number
        if hits >= allowed:
            return min(max(second + seconds - now, 1), seconds)
    return 1
