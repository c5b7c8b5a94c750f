"""The admin as strangers see it: not there. Staff come in by the site's own door, and for one shift."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from .store import age


class StaffSite(AdminSite):
    site_header = site_title = "LootLink"
    index_title = _("Модерация")

    def has_permission(self, request):
        if request.user.is_authenticated and not request.user.is_staff:
            raise Http404
        return super().has_permission(request) and age(request.session) < settings.SESSION_STAFF

    def login(self, request, extra_context=None):
        """Logging in is throttled in one place."""
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request, extra_context=None):
        return redirect("accounts:logout")
