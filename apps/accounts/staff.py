"""The admin as strangers see it: not there. Staff come in by the site's own door, and for one shift."""

import logging
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from . import limits
from .store import age

logger = logging.getLogger("lootlink.security")


class StaffSite(AdminSite):
    site_header = site_title = "LootLink"
    index_title = _("Модерация")

    def has_permission(self, request):
        """Whoever may not know of it gets 404: traders, and everybody from an address off the list, if there is one."""
        user = request.user
        near = not settings.ADMIN_ADDRESSES or is_within(limits.whole_address(request), settings.ADMIN_ADDRESSES)
        if (user.is_authenticated and not user.is_staff) or not near:
            logger.warning("denied user=%s address=%s path=%s", user.pk, limits.address(request), request.path)
            raise Http404
        return super().has_permission(request) and age(request.session) < settings.SESSION_STAFF

    def admin_view(self, view, cacheable=False):
        return super().admin_view(_naming_its_field(view), cacheable)

    def login(self, request, extra_context=None):
        """Logging in is throttled in one place."""
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request, extra_context=None):
        return redirect("accounts:logout")

    def password_change(self, request, extra_context=None):
        """Throttled there, and ends the other sessions."""
        return redirect("accounts:password_change")


class ReadOnly:
    """Rows that staff may look at and nobody writes by hand: for the admin of any app."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _naming_its_field(view):
    """Django looks for a field without a name among the others, and does not expect to find none."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise DisallowedModelAdminToField("a field without a name")
        return view(request, *args, **kwargs)

    return asked


def is_within(address: str, networks: list) -> bool:
    try:
        theirs = ip_address(address)
    except ValueError:
        return False
    return any(theirs in each for each in networks)
