"""Putting a notification into a user's list, inside the change that is its cause."""

from collections.abc import Iterable

from apps.live import feed

from .kinds import text
from .models import Bell, Notification


def notify(user_id: int, kind: str, about: int, **words) -> Notification:
    """One notification about a deal; `words` are what the kind's sentence names. Records notification.new."""
    return notify_all([Notification(user_id=user_id, kind=kind, about=about, words=words)])[0]


def notify_all(notifications: Iterable[Notification]) -> list[Notification]:
    """Many at once. The bells are locked first: ids then come in the order of the commits, and no pointer skips one."""
    waiting = list(notifications)
    for notification in waiting:
        text(notification)  # a word that is missing shows here, not in the list
    Bell.locked(notification.user_id for notification in waiting)
    for notification in Notification.objects.bulk_create(waiting):
        feed.record("notification.new", notification, to=[notification.user_id])
    return waiting
