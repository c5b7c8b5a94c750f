"""Links in what people wrote: http and https only, everything else stays the text it is."""

import re
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from . import leaving

# As the browser's own: no letter that only becomes an ASCII one when its case is folded, no space that only one of them knows.
_LINK = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s\ufeff<>\"'«»“”„`{}|\\^/?#][^\s\ufeff<>\"'«»“”„`{}|\\^]*")
_CLOSING = ".,;:!?…*_~"


class Link(NamedTuple):
    start: int
    address: str


def found(text: str | None) -> list[Link]:
    """In order; scripts find the same ones and number them alike."""
    links = []
    for match in _LINK.finditer(text or ""):
        address = _without_closing(match.group())
        site = re.split("[/?#]", address, maxsplit=3)[2]
        # What stands before an @ looks like the site that it leads to, and is not.
        if site and "@" not in site:
            links.append(Link(match.start(), address))
    return links


def linked(text: str | None, message: int | None = None):
    """With a link to the leaving page for each address: of a message by its number there, else by a signed address."""
    parts, end = [], 0
    for number, (start, address) in enumerate(found(text)):
        way = reverse("chat:leave", args=[message, number]) if message else leaving.way(address)
        parts.append(text[end:start])
        parts.append(format_html('<a href="{}" rel="ugc nofollow noopener noreferrer" target="_blank">{}</a>', way, address))
        end = start + len(address)
    parts.append((text or "")[end:])
    # Escapes the plain parts, and leaves the links as they were made.
    return format_html_join("", "{}", ((part,) for part in parts))


def _without_closing(address: str) -> str:
    """A sentence's own mark, or a bracket opened before the link, is no part of the address."""
    while address and (address[-1] in _CLOSING or (address[-1] == ")" and address.count(")") > address.count("("))):
        address = address[:-1]
    return address
