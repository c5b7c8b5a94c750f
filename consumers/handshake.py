"""What a tab says before it may speak: whose page opened it, whose session it is, where it goes on."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import translation

from apps.live import feed


class Handshake:
    """`after` is None without one, and -1, which no log knows, where it is not a number."""

    __slots__ = ("accepted", "after", "language", "session")

    def __init__(self, scope):
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        cookies = _cookies(headers.get(b"cookie", ""))
        self.accepted = _accepted(headers)
        self.session = _value(cookies, settings.SESSION_COOKIE_NAME)
        self.language = _language(_value(cookies, settings.LANGUAGE_COOKIE_NAME), headers.get(b"accept-language", ""))
        after = parse_qs(scope["query_string"].decode("latin1"), keep_blank_values=True).get("after")
        self.after = None if after is None else feed.number(after[-1])


def _cookies(header: str) -> SimpleCookie:
    try:
        return SimpleCookie(header)
    except CookieError:
        return SimpleCookie()


def _value(cookies: SimpleCookie, name: str) -> str:
    return cookies[name].value if name in cookies else ""


def _language(chosen: str, accepted: str) -> str:
    """As Django's own middleware chooses it for pages."""
    for code in [chosen, *(part.split(";")[0].strip() for part in accepted.split(","))]:
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


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
