"""Games, and listings for the eyes of a moderator: hidden as their seller would delete them, never edited or erased here."""

from django.contrib import admin, messages
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.forms.moderation import ReasonForm, with_reason
from apps.accounts.staff import ReadOnly
from apps.transactions import flow
from lootlink.templatetags.lootlink import price

from .models import Game, Listing


@admin.register(Game)
class GameAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Listing)
class ListingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "seller", "game", "cost", "status", "created_at", "is_hidden"]
    list_filter = ["status", ("hidden_at", admin.EmptyFieldListFilter), "game"]
    list_select_related = ["seller", "game"]
    search_fields = ["=id", "title", "seller__username"]
    search_help_text = gettext_lazy("Номер объявления, название или имя продавца")
    date_hierarchy = "created_at"
    actions = ["hide"]
    action_form = ReasonForm
    show_full_result_count = False

    @admin.display(description=gettext_lazy("название"), ordering="title")
    def name(self, listing):
        return Truncator(listing.title).chars(60)

    @admin.display(description=gettext_lazy("цена"), ordering="price")
    def cost(self, listing):
        return price(listing.price)

    @admin.display(boolean=True, description=gettext_lazy("скрыто"))
    def is_hidden(self, listing):
        return listing.hidden_at is not None

    @admin.action(description=gettext_lazy("Скрыть от всех: заявки отклонятся, покупатели узнают"), permissions=["moderate"])
    def hide(self, request, queryset):
        hidden = 0
        for listing in queryset.filter(hidden_at=None):
            try:
                flow.withdraw(listing.pk, request.user)
                self.log_change(request, listing, with_reason(request, _("Скрыто")))
                hidden += 1
            except flow.LostRace as refused:
                self.message_user(request, f"{listing}: {refused}", messages.WARNING)
        said = ngettext("Скрыто %(n)s объявление.", "Скрыто %(n)s объявлений.", hidden)
        self.message_user(request, said % {"n": hidden}, messages.SUCCESS)

    def has_moderate_permission(self, request):
        return request.user.has_perm("listings.change_listing")
