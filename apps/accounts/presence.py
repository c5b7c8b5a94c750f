"""Who is on the site, by heartbeats of the workers and the database's clock: a crash heals by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, Q
from django.db.models.functions import Now

from apps.live.compiled import Compiled, Given

from .models import Presence


class Seen(NamedTuple):
    online: bool
    last_seen: datetime | None


NEVER = Seen(False, None)
_SEEN = Compiled(
    lambda: Presence.objects.filter(pk__in=Given("users", many=True)).values_list(
        "pk", "seen_at", ExpressionWrapper(Now(), output_field=DateTimeField())
    )
)


def touch(user_ids: Iterable[int]) -> None:
    """These users have a socket open now. One statement; in id order, so that two workers can't deadlock."""
    beats = [Presence(user_id=user_id) for user_id in sorted(set(user_ids))]
    Presence.objects.bulk_create(beats, update_conflicts=True, unique_fields=["user"], update_fields=["seen_at"])


def of(user_ids: Iterable[int]) -> dict[int, Seen]:
    """Every one of the ids, also those never seen. One query."""
    user_ids = list(user_ids)
    rows = _SEEN.all(users=user_ids) if user_ids else ()
    seen = {pk: Seen(is_online(seen_at, now), seen_at) for pk, seen_at, now in rows}
    return {user_id: seen.get(user_id, NEVER) for user_id in user_ids}


def online(column: str) -> ExpressionWrapper:
    """Whether who was seen at the time in this column is here now, as a column; null: never seen."""
    since = Now() - timedelta(seconds=settings.ONLINE_FOR)
    return ExpressionWrapper(Q(**{f"{column}__gte": since}), BooleanField())


def is_online(seen_at: datetime | None, now: datetime) -> bool:
    """Both by the database's clock; None: never seen."""
    return seen_at is not None and now - seen_at <= timedelta(seconds=settings.ONLINE_FOR)
