"""What a visitor sees when a request can't be answered; the middleware and the URL configuration point here."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def csrf(request, reason=""):
    return render(request, "403.html", {"csrf": True, "cookie": settings.CSRF_COOKIE_NAME}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def too_many(request, retry_after: int):
    """`retry_after` in seconds."""
    response = render(request, "429.html", {"retry_after": retry_after}, status=429)
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
