"""What every answer has in common: failures in plain words, and no copy of a private page left in a cache."""

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

from apps.accounts.limits import TooMany
from apps.live import middleware

from . import errors

logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST"}
POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class Headers:
    """Outermost: what Django's own middleware does not say, or not on every answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = POLICY
        if settings.HTTPS and not response.has_header("Strict-Transport-Security"):
            # Also on the redirect to https and on what the proxy asks for without it: browsers ignore it there.
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        return response


class Compressed(GZipMiddleware):
    """Pages and answers, against whose size a phone's line counts; pictures are small already."""

    def process_response(self, request, response):
        kind = response.headers.get("Content-Type", "")
        return super().process_response(request, response) if kind.startswith(("text/", "application/json")) else response


class Patience:
    """Whoever waited for a thread so long has given up or tries again: the work would only hold up those behind."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if time.monotonic() > getattr(request, "until", float("inf")):
            return errors.unavailable()
        return self.get_response(request)


class Methods:
    """A method that no page knows is 405, before anybody asks who it is; inside the headers that every answer has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        return self.get_response(request)


class Onward:
    """A script that sends a form is told where a redirect leads: following it would show a message once, to nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 302 and "X-Onward" in request.headers:
            response.status_code = 204
            response.headers["X-Location"] = response.headers["Location"]
            del response.headers["Location"]
        return response


class Private:
    """Inside the sessions: what a logged-in trader sees is theirs alone, also after logging out and pressing "back"."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    def process_exception(self, request, exception):
        return _answered(request, exception)


class Snapshot(middleware.Snapshot):
    def process_view(self, request, view, args, kwargs):
        try:
            return super().process_view(request, view, args, kwargs)
        except (TooMany, OperationalError, InterfaceError) as exception:
            # Django asks process_exception only about the views that it calls itself.
            return _answered(request, exception)


def _answered(request, exception):
    if isinstance(exception, TooMany):
        errors.noted("limited", request)
        return errors.too_many(request, exception.retry_after)
    if isinstance(exception, OperationalError | InterfaceError):
        logger.error("database away at %s: %s", request.path, exception)
        return errors.unavailable()
    return None
