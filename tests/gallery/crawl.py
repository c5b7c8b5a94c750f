"""Every page that links lead to, as each kind of visitor: it opens, and its console is silent."""

import re
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

EACH = 3  # addresses of one kind
LEFT = re.compile(r"^/(accounts/logout|media|static)/")
LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"


def crawl(page, checks, name: str) -> int:
    """How many pages were opened; what was wrong is said to `checks`."""
    base = page.url
    seen, kinds, waiting = {"/"}, Counter(), deque(["/"])
    opened = 0
    while waiting:
        path = waiting.popleft()
        answer = page.goto(urljoin(base, path))
        opened += 1
        if answer.status >= 400:
            checks.said.append(f"{name}: {answer.status} {path}")
        checks.width(page, f"{name} {path}")
        for link in page.evaluate(LINKS):
            address = urlsplit(urljoin(page.url, link))
            path = address.path + (f"?{address.query}" if address.query else "")
            if urlsplit(base).netloc != address.netloc or path in seen or LEFT.match(path):
                continue
            seen.add(path)
            kinds[kind := _kind(address)] += 1
            if kinds[kind] <= EACH:
                waiting.append(path)
    return opened


def _kind(address) -> str:
    """Numbers, names and values aside, so that a thousand listings are one kind."""
    path = re.sub(r"/(profile|game)/[^/]+/", r"/\1/*/", re.sub(r"/\d+/", "/*/", address.path))
    names = sorted(pair.partition("=")[0] for pair in address.query.split("&") if pair)
    return f"{path}?{'&'.join(names)}"
