"""Whose pages may open our socket: a full origin, since a page on another port of the host is another site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def accepted(scope) -> bool:
    """The request's own scheme, host and port, or one of ALLOWED_ORIGINS; a missing or foreign one is refused."""
    headers = {name: value.decode("latin1") for name, value in scope["headers"]}
    if settings.HTTPS and headers.get(b"x-forwarded-proto") != "https":
        return False  # ws:// to a site that is https
    origin = headers.get(b"origin", "").rstrip("/").lower()
    if not origin or origin == "null":
        return False
    if origin in {allowed.lower() for allowed in settings.ALLOWED_ORIGINS}:
        return True
    host = headers.get(b"host", "").lower()
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    scheme = "https" if settings.HTTPS else "http"
    return _normal(origin) == _normal(f"{scheme}://{host}")


def _normal(origin: str) -> tuple | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme), parts.path
