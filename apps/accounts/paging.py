"""Which page of a list an address asks for: the nearest there is."""

from django.core.paginator import Page, Paginator


def number_of(text: str | None) -> int:
    """What is no number, nought and less than nothing are the first page."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    # One with more digits is beyond the end all the same, and too long for int().
    return max(1, int(text[:18]))


def page_of(rows, text: str | None, size: int) -> Page:
    """`text` is what the address says; beyond the end is the last page."""
    paginator = Paginator(rows, size)
    return paginator.page(min(number_of(text), paginator.num_pages))
