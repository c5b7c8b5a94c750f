"""A logged-in page is one snapshot: its head and all its data are read in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from . import feed


def writes(view):
    """Mark a view whose GET writes (logging out, reading a talk, a count): it opens its own snapshot after its commit."""
    view.writes = True
    return view


@contextmanager
def page(request) -> Iterator[None]:
    """The snapshot of a trader's page, which is drawn inside; its head comes with the frame where that is drawn."""
    with feed.snapshot():
        yield
        if request.live_head is None:
            request.live_head = feed.head(request.user.pk)


class Snapshot:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.live_head = None
        response = self.get_response(request)
        if request.live_head is not None:
            response.headers["X-Live-Head"] = str(request.live_head)
        return response

    def process_view(self, request, view, args, kwargs):
        reads = request.method in {"GET", "HEAD"} and not getattr(view, "writes", False)
        if not reads or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        # Before the snapshot, which only reads: a session from under an old password is deleted by looking at it.
        with page(request) if request.user.is_authenticated else feed.snapshot():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            return response
