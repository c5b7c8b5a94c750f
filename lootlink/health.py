"""Whether this process lives, and whether it should be given requests."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consumers.hub import hub


class Behind(Exception):
    """Tables that this release knows are not there yet."""


@require_safe
@never_cache
def live(request):
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request):
    """Redis away is `degraded`, still 200: the tick carries the feed. Draining, without a database or its tables: 503.

    Redis is asked by the hub, which every few seconds must hear through it what it said itself.
    """
    if hub.draining:
        return JsonResponse({"status": "draining"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        check_tables()
    except (DatabaseError, Behind):
        return JsonResponse({"status": "degraded"}, status=503)
    return JsonResponse({"status": "ok" if hub.layer_well else "degraded"})


@cache
def check_tables() -> None:
    """Raises Behind; asks until all is there, and then never again: a newer release only adds to it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Behind
