"""Traders as a moderator finds, bans and lets back, and all that staff did. Nobody is deleted: their deals stay."""

import logging

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import names
from .forms.moderation import ReasonForm, with_reason
from .models import CustomUser, Profile
from .staff import ReadOnly

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
    search_help_text = _("Имя или почта")
    ordering = ["-pk"]
    actions = ["ban", "unban"]
    action_form = ReasonForm
    inlines = [ProfileInline]
    readonly_fields = ["username", "email", "email_confirmed_at", "last_login", "date_joined", "trade"]
    fieldsets = [
        (None, {"fields": ["username", "email", "email_confirmed_at", "password", "trade"]}),
        (_("Доступ"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("О человеке"), {"fields": ["first_name", "last_name", "last_login", "date_joined"]}),
    ]

    @admin.display(description=_("торговля"))
    def trade(self, trader):
        """The lists of what is theirs."""
        lists = [
            ("listings_listing", "seller__id__exact", _("объявления")),
            ("transactions_purchaserequest", "seller__id__exact", _("продажи")),
            ("transactions_purchaserequest", "buyer__id__exact", _("покупки")),
            ("transactions_review", "reviewed_user__id__exact", _("отзывы о нём")),
            ("chat_conversation", "participant", _("беседы")),
        ]
        links = ((reverse(f"admin:{model}_changelist"), name, trader.pk, words) for model, name, words in lists)
        return format_html_join(" · ", '<a href="{}?{}={}">{}</a>', links)

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
            self.log_change(request, user, with_reason(request, said))


@admin.register(LogEntry)
class StaffLogAdmin(ReadOnly, admin.ModelAdmin):
    """Who of the staff did what to whom, and why: read, never written by hand."""

    list_display = ["action_time", "user", "content_type", "object_repr", "said"]
    list_filter = [("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    search_fields = ["user__username", "object_repr", "change_message"]
    date_hierarchy = "action_time"
    fields = list_display
    readonly_fields = ["said"]

    @admin.display(description=_("что сделано"))
    def said(self, entry):
        return entry.get_change_message()
