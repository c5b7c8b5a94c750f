"""Logging in by name or by email, whatever the case of either."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q

from apps.live.compiled import Compiled, Given

from . import names
from .models import CustomUser

# With the profile: every page's header shows the avatar.
_WHOLE = Compiled(lambda: CustomUser.objects.select_related("profile").filter(pk=Given("user")))


def find(login: str) -> CustomUser | None:
    """Whom a name or an email means."""
    return CustomUser.objects.filter(Q(username_key=names.key(login)) | Q(email_key=names.email_key(login))).first()


class TraderBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        user = find(username)
        if user is None:
            CustomUser().set_password(password)  # as long as for a known name, so that the time tells nothing
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def get_user(self, user_id):
        user = _WHOLE.first(user=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
