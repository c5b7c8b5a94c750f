"""Requests that no browser sends: any method to any route, with odd ids, parameters, headers, cookies and bodies."""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.urls import URLResolver, get_resolver

METHODS = ["GET"] * 9 + ["POST"] * 9 + ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "FOO"]
ROLES = ["guest", "stranger", "buyer", "seller", "staff"]
CSRF = "c" * 32
# As bytes, for a browser is not needed to send them.
TEXTS = [
    b"",
    b" ",
    b"\0",
    b"a\0b",
    b"x" * 10_000,
    "ы".encode() * 5_000,
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xed\xa0\xbd\xed\xb8\x80",
    "\u200b\u2060".encode(),
    "\u202e\u2066".encode(),
    b"-1",
    b"0",
    b"1.5",
    str(2**31).encode(),
    str(2**63).encode(),
    b"9" * 400,
    "١٢".encode(),
    "²".encode(),
    b"NaN",
    b"-Infinity",
    "∞".encode(),
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"0x10",
    b"1_000",
    b"true",
    b"null",
    b"[]",
    b"{}",
    b'{"a": 1}',
    b"' OR 1=1 --",
    b"%",
    b"%00",
    b"\\",
    b"*",
    b"(*",
    b"../../etc/passwd",
    b"//evil.example",
    b"/\\evil.example",
    b"javascript:alert(1)",
    b"<script>alert(1)</script>",
    b"{{ 7*7 }}{% debug %}",
    b"\r\nSet-Cookie: a=b",
    "😀".encode() * 300,
]
# What a form may well take: the odd ones get further in such company.
LIKELY = [
    "1",
    "2",
    "5",
    "100.50",
    "Меч",
    "Крепкий и острый.",
    "active",
    "sold",
    "cancelled",
    "on",
    "en",
    "a@b.ru",
    "title",
    "-price",
]
# What a search may have most to do with.
SEARCHES = [
    "%" * 100,
    "_" * 100,
    "a" * 100,
    "а " * 50,
    "меч | " * 16,
    "(" * 100,
    "!" * 100,
    '"' * 100,
    "*" * 100,
    "a:* & " * 16,
    "\\" * 100,
    "мечь щитт лукк " * 6,
    "аб" * 50,
    "я" * 10_000,
    "\u0301" * 100,
    "😀" * 100,
]
# fmt: off
FIELDS = [
    "game", "title", "description", "price", "image", "status", "seller", "hidden_at", "message", "rating", "comment",
    "content", "ref", "sender", "conversation", "username", "email", "password", "password1", "password2", "old_password",
    "new_password1", "new_password2", "next", "language", "avatar", "avatar_clear", "bio", "phone", "telegram", "discord",
    "first_name", "last_name", "is_staff", "is_superuser", "is_active", "action", "_selected_action", "index", "post",
    "_save", "_popup", "select_across", "csrfmiddlewaretoken",
]
PARAMETERS = [
    "game", "min_price", "max_price", "search", "q", "sort", "page", "after", "before", "status", "next", "o", "p", "e",
    "all", "_popup", "_to_field", "_changelist_filters", "id__exact", "is_active", "username__regex",
    "password__startswith", "seller__email",
]
HEADERS = [
    "X-Fragment", "Accept", "Accept-Language", "Accept-Encoding", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest",
    "Sec-Purpose", "Purpose", "Referer", "Origin", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
    "X-Real-IP", "X-HTTP-Method-Override", "X-Requested-With", "Range", "If-Modified-Since", "If-None-Match", "If-Match",
    "Authorization", "Content-Encoding", "Content-Language", "Host", "Date", "Via", "Forwarded", "Daphne-Root-Path",
    "X_Under_Score", "Cookie", "Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Expect",
    "TE",
]
# fmt: on
KINDS = [
    "text/plain",
    "application/json",
    "",
    "x/y; charset=nope",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=koi8-r",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/mixed; boundary=x",
]
FORM = "application/x-www-form-urlencoded"
TRICKS = ["short", "long", "chunked", "badly chunked", "two lengths", "no length", "negative", "bare lf", "half a head"]
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


class Request(NamedTuple):
    """`role` lends its session. `rude`: it breaks HTTP itself, so being hung up on is an answer. `handshake`: of a socket."""

    role: str
    head: bytes
    body: bytes
    rude: bool
    handshake: bool


def routes(patterns=None, before: str = "") -> list[str]:
    """Every address of the site, with <names> where it varies."""
    found = []
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        rule = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(entry.pattern)).strip("^$").replace(r"\Z", "")
        found += routes(entry.url_patterns, before + rule) if isinstance(entry, URLResolver) else [before + rule]
    return found


def requests(seed: int, names: dict[str, list[str]]) -> Iterator[Request]:
    """Without end. `names`: for each varying part of an address the values that exist; odd ones come too."""
    choice = random.Random(seed)
    every = ["/" + route for route in routes()] + [*["/ws/"] * 5, "/static/css/base.css", "/static/<path>"]
    while True:
        yield _request(choice, choice.choice(every), names)


def _request(choice: random.Random, route: str, names: dict[str, list[str]]) -> Request:
    method, role = choice.choice(METHODS), choice.choice(ROLES)
    path = _PART.sub(lambda part: _value(choice, names.get(part[1], [])), route)
    if choice.random() < 0.4:
        path += "?" + _pairs(choice, PARAMETERS, choice.randint(0, 5))
    headers = [("Host", b"127.0.0.1"), ("Connection", b"close")]
    if path.startswith("/ws/") and choice.random() < 0.7:
        headers = _handshake(choice)
    headers += [(name, _header(choice)) for name in choice.sample(HEADERS, choice.choice([0, 0, 1, 1, 2, 4]))]
    body, trick = b"", ""
    if method in {"POST", "PUT", "PATCH"} or choice.random() < 0.02:
        kind, body = _body(choice)
        headers.append(("Content-Type", kind.encode("latin-1")))
        if choice.random() < 0.85:
            headers.append(("X-CSRFToken", CSRF.encode()))
        trick = choice.choice(TRICKS) if choice.random() < 0.06 else ""
    length, body = _framed(choice, body, trick)
    headers += length
    cookies = b"{session}; " + settings.CSRF_COOKIE_NAME.encode() + b"=" + CSRF.encode()
    if choice.random() < 0.1:
        odd = [settings.LANGUAGE_COOKIE_NAME, "messages", settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, "", "a b"]
        cookies += b"; " + choice.choice(odd).encode() + b"=" + _header(choice)
    headers.append(("Cookie", cookies))
    end = b"\n" if trick == "bare lf" else b"\r\n"
    lines = [f"{method} {path} HTTP/1.{0 if choice.random() < 0.03 else 1}".encode()]
    lines += [name.encode("latin-1") + b": " + value for name, value in headers]
    head = end.join(lines) + end + (b"" if trick == "half a head" else end)
    handshake = any(name == "Upgrade" for name, _value in headers)
    odd_bytes = any(byte < 32 or byte == 127 for _name, value in headers for byte in value)
    return Request(role, head, body, bool(trick) or odd_bytes or len(head) > 12_000, handshake and not trick)


def _value(choice: random.Random, known: list[str]) -> str:
    if known and choice.random() < 0.75:
        return choice.choice(known)
    return choice.choice(["1", "x", "a/b", "%2F", "%00", "%FF", "%D1%8B", quote_from_bytes(choice.choice(TEXTS)[:2_000])])


def _pairs(choice: random.Random, names: list[str], number: int) -> str:
    return "&".join(f"{choice.choice(names)}={quote_from_bytes(_text(choice))}" for _ in range(number))


def _text(choice: random.Random) -> bytes:
    return choice.choice(LIKELY).encode() if choice.random() < 0.5 else choice.choice(TEXTS)


def _header(choice: random.Random) -> bytes:
    """Mostly of bytes that may stand in a header."""
    text = choice.choice([*TEXTS, b"websocket", b"13", b"1", b"bytes=0-", b"bytes=9-1", b"gzip", b"100-continue", b"navigate"])[
        :3_000
    ]
    return text if choice.random() < 0.1 else bytes(byte for byte in text if byte >= 32 and byte != 127)


def _handshake(choice: random.Random) -> list[tuple[str, bytes]]:
    """A good beginning of a socket, of which something is mostly missing or odd."""
    headers = {
        "Host": b"127.0.0.1",
        "Connection": b"Upgrade",
        "Upgrade": b"websocket",
        "Sec-WebSocket-Version": b"13",
        "Sec-WebSocket-Key": b"AQIDBAUGBwgJCgsMDQ4PEA==",
        "Origin": b"http://127.0.0.1",
    }
    for name in choice.sample([*headers, "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "X-\xd0"], choice.randint(1, 3)):
        headers[name] = _header(choice)
    return list(headers.items())


def _body(choice: random.Random) -> tuple[str, bytes]:
    form = _pairs(choice, FIELDS, choice.choice([0, 3, 10, 20, 40, 120])).encode()
    match choice.randrange(10):
        case 0:
            return choice.choice(KINDS), form
        case 1:
            return choice.choice([FORM, *KINDS]), choice.randbytes(choice.randint(0, 2_000))
        case 2 | 3 | 4:
            return _multipart(choice)
        case _:
            return FORM, form


def _multipart(choice: random.Random) -> tuple[str, bytes]:
    mark = choice.choice(["x", "boundary", "-" * 20, "x" * 70])
    parts = []
    for _ in range(choice.choice([0, 1, 5, 15, 30, 110])):
        name = choice.choice(FIELDS).encode()
        if choice.random() < 0.15:
            name += b'"; filename="' + _header(choice)[:200]
        extra = choice.choice([b""] * 8 + [b"\r\nContent-Type: image/png", b"\r\nContent-Transfer-Encoding: base64", b"\r\nA"])
        disposition = b'Content-Disposition: form-data; name="' + name + b'"' + extra
        parts.append(disposition + b"\r\n\r\n" + _text(choice) + b"\r\n")
    body = b"".join(b"--" + mark.encode() + b"\r\n" + part for part in parts) + b"--" + mark.encode() + b"--\r\n"
    if choice.random() < 0.15:
        body = body[: choice.randint(0, len(body))]
    return f"multipart/form-data; boundary={mark}", body


def _framed(choice: random.Random, body: bytes, trick: str) -> tuple[list[tuple[str, bytes]], bytes]:
    """The headers that say how long the body is, truly or not."""
    length = [("Content-Length", b"%d" % len(body))] if body else []
    match trick:
        case "short":
            return [("Content-Length", b"%d" % (len(body) // 2))], body
        case "long":
            return [("Content-Length", b"%d" % (len(body) + 9))], body
        case "chunked":
            return [("Transfer-Encoding", b"chunked")], b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n"
        case "badly chunked":
            return [("Transfer-Encoding", b"chunked")], b"zz\r\n" + body
        case "two lengths":
            return [*length, ("Content-Length", b"1")], body
        case "no length":
            return [], body
        case "negative":
            return [("Content-Length", choice.choice([b"-1", b"+5", b"1e3", b"9" * 30, b""]))], body
    return length, body
