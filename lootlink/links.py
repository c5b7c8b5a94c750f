"""Links in what people wrote: http and https only, everything else stays the text it is."""

import re

from django.utils.html import format_html, format_html_join

LINK = re.compile(r"https?://[^\s<>\"'«»“”„`{}|\\^]+", re.IGNORECASE)
CLOSING = ".,;:!?…*_~"


def linked(text):
    parts, end = [], 0
    for match in LINK.finditer(text or ""):
        url = _without_closing(match.group())
        # What stands before an @ looks like the site that it leads to, and is not.
        if url.lower() in ("http://", "https://") or "@" in re.split("[/?#]", url, maxsplit=3)[2]:
            continue
        parts.append(text[end : match.start()])
        parts.append(format_html('<a href="{0}" rel="ugc nofollow noopener noreferrer" target="_blank">{0}</a>', url))
        end = match.start() + len(url)
    parts.append((text or "")[end:])
    # Escapes the plain parts, and leaves the links as they were made.
    return format_html_join("", "{}", ((part,) for part in parts))


def _without_closing(url):
    """A sentence's own mark, or a bracket opened before the link, is no part of the address."""
    while url and (url[-1] in CLOSING or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url
