"""Traders as a moderator finds, bans and lets back. Nobody is deleted: their deals stay."""

import logging

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import names
from .models import CustomUser, Profile

logger = logging.getLogger("lootlink.security")


@receiver(post_save, sender=LogEntry)
def noted(instance, **kwargs):
    """What staff does is a row for the admin's own history, and a line of the security log."""
    about = (instance.content_type and instance.content_type.model, instance.object_id, instance.get_change_message())
    logger.info("staff user=%s %s=%s %s", instance.user_id, *about)


class ProfileInline(admin.StackedInline):
    model = Profile
    can_delete = False
    fields = ["bio", "phone", "telegram", "discord", "rating", "total_sales", "total_purchases"]
    readonly_fields = fields[1:]


@admin.register(CustomUser)
class TraderAdmin(UserAdmin):
    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["username_key", "email_key"]
    ordering = ["-pk"]
    actions = ["ban", "unban"]
    inlines = [ProfileInline]
    readonly_fields = ["username", "email", "email_confirmed_at", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "email", "email_confirmed_at", "password"]}),
        (_("Доступ"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("О человеке"), {"fields": ["first_name", "last_name", "last_login", "date_joined"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        """By the folded keys: SQLite alone would tell «Ворон» from «ворон»."""
        return super().get_search_results(request, queryset, names.key(search_term))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Заблокировать"), permissions=["change"])
    def ban(self, request, queryset):
        self._set_active(request, queryset.exclude(pk=request.user.pk), False, gettext("Заблокирован"))

    @admin.action(description=_("Разблокировать"), permissions=["change"])
    def unban(self, request, queryset):
        self._set_active(request, queryset, True, gettext("Разблокирован"))

    def _set_active(self, request, queryset, is_active: bool, said: str):
        """One by one through save(), which makes every open socket of theirs be looked at."""
        for user in queryset.exclude(is_active=is_active):
            user.is_active = is_active
            user.save(update_fields=["is_active"])
            self.log_change(request, user, said)
