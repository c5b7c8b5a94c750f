"""Whether a GET is the person's own step to a page, as the browser tells by Sec-Fetch-* and Sec-Purpose."""

ELSEWHERE = {"cross-site", "same-site"}


def is_ahead(request) -> bool:
    """The browser fetches a page that nobody has asked for yet."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose.lower() for purpose in purposes)


def is_own(request) -> bool:
    """Not another site's doing, and not a prefetch."""
    return request.headers.get("Sec-Fetch-Site") not in ELSEWHERE and not is_ahead(request)


def shows(request) -> bool:
    """The answer is a page before somebody's eyes: not a HEAD, not a prefetch, not a piece for a script."""
    return request.method == "GET" and not is_ahead(request) and "X-Fragment" not in request.headers
