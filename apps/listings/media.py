"""Stored pictures as this worker serves them where no proxy or bucket does: of one fixed type, and able to do nothing."""

import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from apps.live.middleware import writes

_STORED = re.compile(r"(listings|avatars)/[0-9a-f]{32}-[a-z0-9]+\.webp")


@writes  # nothing: but neither is anything read that would need a snapshot
@require_safe
def picture(request, path):
    if not _STORED.fullmatch(path):
        raise Http404
    try:
        with default_storage.open(path) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Disposition": f'inline; filename="{PurePosixPath(path).name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)
