"""A moderator finds a talk and reads it; nobody writes or erases here."""

from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CustomUser
from apps.accounts.staff import ReadOnly

from .lines import STEPS
from .models import Conversation, Message

PAGE = 100


class MessageInline(ReadOnly, admin.TabularInline):
    model = Message
    fields = readonly_fields = ["sent", "author", "words"]
    ordering = ["pk"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sender")

    @admin.display(description=_("когда"))
    def sent(self, message):
        return localize(localtime(message.created_at))

    @admin.display(description=_("кто"))
    def author(self, message):
        return message.sender

    @admin.display(description=_("сообщение"))
    def words(self, message):
        """A step of the deal in words, as the two saw it."""
        return STEPS[message.content].said if message.kind == Message.Kind.DEAL else message.content


class OfTrader(admin.SimpleListFilter):
    """Either side: a trader's page leads here with their id."""

    title = _("участник")
    parameter_name = "participant"

    def lookups(self, request, model_admin):
        trader = CustomUser.objects.filter(pk=self._asked(request)).first()
        return [(trader.pk, trader.username)] if trader else []

    def queryset(self, request, queryset):
        trader = self._asked(request)
        return queryset.filter(Q(participant1=trader) | Q(participant2=trader)) if trader else queryset

    @staticmethod
    def _asked(request) -> int | None:
        asked = request.GET.get("participant", "")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _link(thing):
    """To its own page of the admin."""
    model = thing._meta
    address = reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[thing.pk])
    return format_html('<a href="{}">{}</a>', address, thing)


def _messages(request, talk: Conversation) -> Page:
    """The last page, if none is asked for: pages are numbered from the first word, and none changes once it is full."""
    pages = Paginator(talk.messages.order_by("pk"), PAGE)
    return pages.get_page(request.GET.get("page") or pages.num_pages)


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "one", "other", "item", "last"]
    list_filter = [OfTrader]
    list_select_related = ["participant1", "participant2", "listing"]
    fields = readonly_fields = ["one", "other", "item", "first", "last"]
    search_fields = ["=id", "participant1__username", "participant2__username", "listing__title"]
    search_help_text = _("Номер беседы, имя участника или название предмета")
    ordering = ["-updated_at"]
    inlines = [MessageInline]
    show_full_result_count = False

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        # By their numbers: a formset narrows its queryset further, which a slice would refuse.
        shown = list(_messages(request, obj).object_list.values_list("pk", flat=True))
        return kwargs | {"queryset": kwargs["queryset"].filter(pk__in=shown)}

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        shown = _messages(request, obj)
        numbers = list(shown.paginator.get_elided_page_range(shown.number))
        context |= {"shown": shown, "numbers": numbers}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("участник"), ordering="participant1__username")
    def one(self, conversation):
        return _link(conversation.participant1)

    @admin.display(description=_("собеседник"), ordering="participant2__username")
    def other(self, conversation):
        return _link(conversation.participant2)

    @admin.display(description=_("предмет"), ordering="listing__title")
    def item(self, conversation):
        return conversation.listing and _link(conversation.listing)

    @admin.display(description=_("начата"), ordering="created_at")
    def first(self, conversation):
        return localize(localtime(conversation.created_at))

    @admin.display(description=_("последнее сообщение"), ordering="updated_at")
    def last(self, conversation):
        return localize(localtime(conversation.updated_at))
