"""Whether this process lives, and whether it should be given requests."""

from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consumers.hub import hub


@require_safe
@never_cache
def live(request):
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request):
    """Redis away is `degraded`, still 200: the tick carries the feed. Draining or without a database: 503."""
    if hub.draining:
        return JsonResponse({"status": "draining"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "degraded"}, status=503)
    return JsonResponse({"status": "ok" if hub.layer_well else "degraded"})
