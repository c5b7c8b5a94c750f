"""The log over HTTP, for tabs whose sockets are blocked."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consumers import frames

from . import feed

PAGE = 200  # events in one answer


@require_safe
def events(request):
    """`{"head": n, "events": [frames …], "reset": false}`: what comes after `after`, in order."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "not logged in"}, status=403)
    head, rows = feed.after(request.user.pk, feed.number(request.GET.get("after")), PAGE)
    texts = frames.log(rows or [], get_language())
    body = f'{{"head":{head},"events":[{",".join(texts)}],"reset":{"true" if rows is None else "false"}}}'
    return HttpResponse(body, content_type="application/json")
