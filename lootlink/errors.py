"""What a visitor sees when a request can't be answered; the middleware and the URL configuration point here."""

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apps.accounts import limits
from apps.live import middleware

security = logging.getLogger("lootlink.security")


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    noted("denied", request)
    return _page(request, 403)


def csrf(request, reason=""):
    noted("denied without a token", request)
    return _page(request, 403, {"csrf": True, "cookie": settings.CSRF_COOKIE_NAME})


def not_found(request, exception=None):
    return _page(request, 404)


def too_many(request, retry_after: int):
    """`retry_after` in seconds."""
    response = _page(request, 429, {"retry_after": retry_after, "minutes": -(-retry_after // 60)})
    response.headers["Retry-After"] = str(retry_after)
    return response


def unavailable():
    """Without context processors: the database may be what is away."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "3"})


def failed(request=None):
    """A middleware that meets a database that is away ends here too: nothing of ours can catch it on its way out."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable()
    return HttpResponse(render_to_string("500.html"), status=500)


def noted(what: str, request) -> None:
    """One line of the security log: what was refused to whom."""
    user = getattr(request, "user", None)
    security.warning("%s user=%s address=%s %s %s", what, user and user.pk, limits.address(request), request.method, request.path)


def _page(request, status: int, context=None):
    """For a trader a snapshot of its own: the one of the page that failed is over."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return render(request, f"{status}.html", context, status=status)
    request.live_head = None
    with middleware.page(request):
        return render(request, f"{status}.html", context, status=status)
