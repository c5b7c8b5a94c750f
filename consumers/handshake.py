"""What a tab says before it may speak: whose page opened it, whose session it is, where it goes on."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import translation

from apps.live import feed


class Handshake:
    """`after` is None without one, and -1, which no log knows, where it is not a number."""

    __slots__ = ("accepted", "after", "language", "session")

    def __init__(self, scope):
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        # Read and chosen by the same functions as for pages, which see the same tab.
        cookies = parse_cookie(headers.get(b"cookie", ""))
        page = SimpleNamespace(COOKIES=cookies, META={"HTTP_ACCEPT_LANGUAGE": headers.get(b"accept-language", "")})
        self.accepted = _accepted(headers)
        self.session = cookies.get(settings.SESSION_COOKIE_NAME, "")
        self.language = translation.get_language_from_request(page)
        after = parse_qs(scope["query_string"].decode("latin1"), keep_blank_values=True).get("after")
        self.after = None if after is None else feed.number(after[-1])


def _accepted(headers: dict[bytes, str]) -> bool:
    """The full origin of the request itself, or one of ALLOWED_ORIGINS: a page on another port of the host is another site."""
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
