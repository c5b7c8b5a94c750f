"""Who a session belongs to, for those who hold no request: the sockets."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from .models import CustomUser
from .store import SessionStore


def trader(session_key: str) -> CustomUser | None:
    """The user of a living session, banned ones too, so that the socket can say so; None for a stranger."""
    data = SessionStore(session_key).load() if session_key else {}
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = CustomUser.objects.filter(pk=data.get(SESSION_KEY)).first()
    if user is None or not constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    return user


def living(session_keys: Iterable[str]) -> set[str]:
    """Those of the sessions that are neither ended nor expired. One query."""
    return set(
        Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=Now()).values_list("session_key", flat=True)
    )


def accounts(user_ids: Iterable[int]) -> dict[int, tuple[bool, str]]:
    """user → (is active, the password's hash): a changed hash ends the sessions that were opened under the old one."""
    rows = CustomUser.objects.filter(pk__in=list(user_ids)).values_list("pk", "is_active", "password")
    return {pk: (is_active, password) for pk, is_active, password in rows}
