"""A moderator finds a deal and reads its history; a status is changed by its two sides alone, through flow.py."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from apps.accounts.staff import ReadOnly
from apps.chat.models import Conversation
from apps.listings.models import Listing
from lootlink.templatetags.lootlink import price

from .models import DealStep, PurchaseRequest, Review


class StepInline(ReadOnly, admin.TabularInline):
    model = DealStep
    fields = readonly_fields = ["created_at", "actor", "step", "was", "became", "listing_became"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=_("было"))
    def was(self, step):
        return step.from_status and PurchaseRequest.Status(step.from_status).label

    @admin.display(description=_("стало"))
    def became(self, step):
        return PurchaseRequest.Status(step.to_status).label

    @admin.display(description=_("объявление"))
    def listing_became(self, step):
        return Listing.Status(step.listing_status).label


class ReviewInline(ReadOnly, admin.TabularInline):
    model = Review
    fields = ["created_at", "reviewer", "rating", "comment"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("reviewer")


@admin.register(PurchaseRequest)
class DealAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "name", "cost", "buyer", "seller", "status", "updated_at"]
    list_filter = ["status"]
    list_select_related = ["buyer", "seller"]
    fields = ["listing", "title", "cost", "buyer", "seller", "status", "talk", "message"]
    fields += ["created_at", "updated_at", "completed_at"]
    readonly_fields = ["talk", "cost"]
    search_fields = ["=id", "title", "buyer__username", "seller__username"]
    search_help_text = _("Номер сделки, название предмета или имя участника")
    ordering = ["-updated_at"]
    show_full_result_count = False
    inlines = [StepInline, ReviewInline]

    @admin.display(description=_("название"), ordering="title")
    def name(self, deal):
        return Truncator(deal.title).chars(60)

    @admin.display(description=_("цена"), ordering="price")
    def cost(self, deal):
        return price(deal.price)

    @admin.display(description=_("беседа"))
    def talk(self, deal):
        """What the two said to each other about this listing."""
        talk = Conversation.objects.of(deal.buyer).of(deal.seller).filter(listing=deal.listing_id).first()
        return talk and format_html('<a href="{}">{}</a>', reverse("admin:chat_conversation_change", args=[talk.pk]), talk)


@admin.register(Review)
class ReviewAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "reviewer", "reviewed_user", "rating", "comment", "created_at"]
    list_filter = ["rating"]
    list_select_related = ["reviewer", "reviewed_user"]
    fields = ["purchase_request", "reviewer", "reviewed_user", "rating", "comment", "created_at"]
    search_fields = ["reviewer__username", "reviewed_user__username", "comment"]
    ordering = ["-pk"]
    show_full_result_count = False
