"""A moderator finds a talk and reads it; nobody writes or erases here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Conversation, Message


class ReadOnly:
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    fields = ["created_at", "sender", "kind", "content"]
    ordering = ["pk"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sender")


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "participant1", "participant2", "listing", "updated_at"]
    list_select_related = ["participant1", "participant2", "listing"]
    fields = ["participant1", "participant2", "listing", "created_at", "updated_at"]
    search_fields = ["participant1__username", "participant2__username", "listing__title"]
    search_help_text = _("Имя участника или название предмета")
    ordering = ["-updated_at"]
    inlines = [MessageInline]
