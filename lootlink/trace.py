"""Which request or socket a line of the log belongs to: one id from nginx over the page to what it pushes."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_current: "ContextVar[Origin | None]" = ContextVar("log_origin", default=None)


class Origin:
    """`request` is None for a socket."""

    def __init__(self, given: str, request=None):
        believed = settings.TRUST_PROXY and _ID.fullmatch(given)
        self.id = given if believed else secrets.token_hex(16)
        self.request = request

    @property
    def user_id(self) -> int | None:
        """Of a user who is known already: the log asks the database for nothing."""
        return getattr(getattr(self.request, "_cached_user", None), "pk", None)


def current() -> Origin | None:
    return _current.get()


@contextmanager
def under(origin: Origin) -> Iterator[None]:
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)


class Traced:
    """Outermost of the middleware, so that every line of a request has its id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.origin = origin = Origin(request.headers.get(HEADER, ""), request)
        with under(origin):
            response = self.get_response(request)
        response.headers[HEADER] = origin.id
        return response


def socket(application):
    """The same for an ASGI application of sockets."""

    async def traced(scope, receive, send):
        given = dict(scope["headers"]).get(HEADER.lower().encode(), b"")
        with under(Origin(given.decode("latin1"))):
            await application(scope, receive, send)

    return traced
