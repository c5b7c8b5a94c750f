"""What may be done only so often. Counted in the database: on every worker alike, and with Redis away."""

import ipaddress
import math
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .models import Hits


class TooMany(Exception):
    """Too often; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(_("Слишком часто. Попробуйте позже."))
        self.retry_after = retry_after


def check(rate: str, who: str) -> None:
    """Raise TooMany when `who` has already used up `rate` (a name of settings.RATES) in the present window."""
    if not settings.RATE_LIMITS:
        return
    allowed, seconds = settings.RATES[rate]
    if used(rate, who) >= allowed:
        raise TooMany(_window(seconds)[1])


def used(rate: str, who: str) -> int:
    """How many hits of `who` the present window has."""
    window, _left = _window(settings.RATES[rate][1])
    return Hits.objects.filter(key=_key(rate, who), window=window).values_list("count", flat=True).first() or 0


def recent(rate: str, who: str) -> float:
    """Hits within the last window's length, those of the window before taken as evenly spread: no gap between the two."""
    seconds = settings.RATES[rate][1]
    window, left = _window(seconds)
    counts = dict(Hits.objects.filter(key=_key(rate, who), window__in=[window - 1, window]).values_list("window", "count"))
    return counts.get(window, 0) + counts.get(window - 1, 0) * left / seconds


def patience(rate: str, who: str) -> int:
    """Seconds until recent() is below what `rate` allows."""
    allowed, seconds = settings.RATES[rate]
    _number, left = _window(seconds)
    present = used(rate, who)
    if present >= allowed:
        return min(seconds, left + math.ceil(seconds * (1 - (allowed - 1) / present)))
    # What the window before still counts for falls evenly to nothing at the end of this one.
    over = recent(rate, who) - (allowed - 1)
    before = recent(rate, who) - present
    return max(1, math.ceil(left * over / before)) if before else 1


def count(rate: str, who: str, hits: int = 1) -> int:
    """Count hits of `who` against `rate` in one statement, so that those of the same moment all count; returns the sum."""
    if not settings.RATE_LIMITS:
        return 0
    window, _left = _window(settings.RATES[rate][1])
    with connection.cursor() as cursor:
        # Quoted: PostgreSQL keeps the word "window" for itself.
        cursor.execute(
            'INSERT INTO accounts_hits (key, "window", count) VALUES (%s, %s, %s) '
            'ON CONFLICT (key, "window") DO UPDATE SET count = accounts_hits.count + excluded.count RETURNING count',
            [_key(rate, who), window, hits],
        )
        return cursor.fetchone()[0]


def take(rate: str, who: str) -> None:
    """Count one hit, then raise TooMany if it was one too many: of a crowd at the same moment only the allowed pass."""
    allowed, seconds = settings.RATES[rate]
    if count(rate, who) > allowed:
        raise TooMany(_window(seconds)[1])


def forgive(rate: str, who: str) -> None:
    """Take one hit of the present window back."""
    window, _left = _window(settings.RATES[rate][1])
    Hits.objects.filter(key=_key(rate, who), window=window, count__gt=0).update(count=F("count") - 1)


def rows(rate: str, queryset: QuerySet) -> None:
    """Raise TooMany when `queryset` has as many rows younger than the window of `rate` as it allows (by `created_at`)."""
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
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(given)
    except ValueError:
        return given[:64]
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def prune() -> int:
    """Delete the counts of windows that are over; returns how many."""
    deleted = 0
    for rate, (_allowed, seconds) in settings.RATES.items():
        deleted += Hits.objects.filter(key__startswith=f"{rate}:", window__lt=_window(seconds)[0]).delete()[0]
    return deleted


def _key(rate: str, who: str) -> str:
    return f"{rate}:{who}"[:200]


def _window(seconds: int) -> tuple[int, int]:
    """The number of the present window, and how many seconds of it are left."""
    now = int(time.time())
    return now // seconds, seconds - now % seconds
