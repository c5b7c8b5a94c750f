"""Who is on the site, by heartbeats of the workers and the database's clock: a crash heals by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now

from .models import Presence


class Seen(NamedTuple):
    online: bool
    last_seen: datetime | None


NEVER = Seen(False, None)


def touch(user_ids: Iterable[int]) -> None:
    """These users have a socket open now. One statement; in id order, so that two workers can't deadlock."""
    beats = [Presence(user_id=user_id) for user_id in sorted(set(user_ids))]
    Presence.objects.bulk_create(beats, update_conflicts=True, unique_fields=["user"], update_fields=["seen_at"])


def of(user_ids: Iterable[int]) -> dict[int, Seen]:
    """Every one of the ids, also those never seen. One query."""
    user_ids = list(user_ids)
    rows = Presence.objects.filter(pk__in=user_ids).annotate(now=ExpressionWrapper(Now(), output_field=DateTimeField()))
    fresh = timedelta(seconds=settings.ONLINE_FOR)
    seen = {pk: Seen(now - seen_at <= fresh, seen_at) for pk, seen_at, now in rows.values_list("pk", "seen_at", "now")}
    return {user_id: seen.get(user_id, NEVER) for user_id in user_ids}
