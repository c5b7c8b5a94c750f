"""Sessions in the database that end after 14 idle days, and in any case 30 days after logging in."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from apps.live.compiled import Compiled, Given

STARTED = "started"  # seconds since 1970, in the session's data
DAY = 24 * 60 * 60
_LIVING = Compiled(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    ).values_list("session_data", "expire_date")
)


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key):
        """A quoted cookie may hold any character, also one that PostgreSQL refuses to be asked for."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def load(self):
        row = _LIVING.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
            return {}
        written, until = row
        data = self.decode(written)
        if age(data) >= settings.SESSION_LONGEST:
            self._session_key = None
            return {}
        # Not at every request: a day's precision costs one write a day.
        if until - timezone.now() < timedelta(seconds=settings.SESSION_COOKIE_AGE - DAY):
            self.modified = STARTED in data
        return data

    def get_expiry_age(self, **kwargs):
        return max(0, min(super().get_expiry_age(**kwargs), settings.SESSION_LONGEST - age(self)))

    def get_expiry_date(self, **kwargs):
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**kwargs))


def age(session) -> int:
    """Seconds since its user logged in; 0 for a visitor's."""
    return int(time.time()) - session[STARTED] if STARTED in session else 0
