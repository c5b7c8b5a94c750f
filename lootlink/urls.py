"""Every route, by app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from apps.listings import media

from . import health, languages, leaving, metrics

urlpatterns = [
    path("", include("apps.listings.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("transactions/", include("apps.transactions.urls")),
    path("chat/", include("apps.chat.urls")),
    path("notifications/", include("apps.notifications.urls")),
    path("live/", include("apps.live.urls")),
    path("leave/", leaving.leave, name="leave"),
    path("language/", languages.switch, name="set_language"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("metrics", metrics.show, name="metrics"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
if not settings.USE_S3:
    # A proxy in front serves this folder itself; without one the worker does.
    urlpatterns += [re_path(r"^media/(?P<path>.*)$", media.picture)]

handler400 = "lootlink.errors.bad_request"
handler403 = "lootlink.errors.forbidden"
handler404 = "lootlink.errors.not_found"
handler500 = "lootlink.errors.failed"
