"""Requests as no client would write them, byte by byte."""

import socket
from urllib.parse import urlsplit


def spoken(url: str, data: bytes, address: str = "127.0.0.1", wait: float = 5) -> bytes:
    """All that the server says until it closes, or is silent for `wait` seconds; `address` is ours, any of 127.0.0.0/8."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=wait, source_address=(address, 0)) as connection:
        connection.sendall(data)
        heard = b""
        try:
            while part := connection.recv(65536):
                heard += part
        except (TimeoutError, ConnectionResetError):
            pass
        return heard


def request(
    url: str, path: str = "/", body: str = "", address: str = "127.0.0.1", wait: float = 30, **headers
) -> tuple[int, dict, str]:
    """One request on a connection of its own; with a body it is a form's POST. The status, headers and text."""
    lines = {"Host": urlsplit(url).netloc, "Connection": "close"}
    if body:
        lines |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body.encode()))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    answer = spoken(url, ("\r\n".join(head) + "\r\n\r\n" + body).encode(), address, wait)
    head, _, text = answer.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    told: dict[str, str] = {}
    for name, _, value in (field.partition(": ") for field in fields):
        told[name.lower()] = f"{told[name.lower()]}\n{value}" if name.lower() in told else value
    return int(first.split()[1]), told, text.decode(errors="replace")


def form(url: str, path: str, body: str, address: str = "127.0.0.1", **headers) -> tuple[int, dict, str]:
    """A form's POST with its token, which is no secret from who makes both halves."""
    token = "t" * 32
    cookie = "; ".join(filter(None, [f"csrftoken={token}", headers.pop("Cookie", "")]))
    body = f"{body}&csrfmiddlewaretoken={token}"
    return request(url, path, body, address, Cookie=cookie, Origin=url, **headers)
