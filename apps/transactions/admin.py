"""A moderator finds a deal and reads its history; a status is changed by its two sides alone, through flow.py."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import DealStep, PurchaseRequest, Review


class ReadOnly:
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StepInline(ReadOnly, admin.TabularInline):
    model = DealStep
    fields = ["created_at", "actor", "step", "from_status", "to_status", "listing_status"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")


class ReviewInline(ReadOnly, admin.TabularInline):
    model = Review
    fields = ["created_at", "reviewer", "rating", "comment"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("reviewer")


@admin.register(PurchaseRequest)
class DealAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "title", "price", "buyer", "seller", "status", "updated_at"]
    list_filter = ["status"]
    list_select_related = ["buyer", "seller"]
    fields = ["listing", "title", "price", "buyer", "seller", "status", "message", "created_at", "updated_at", "completed_at"]
    search_fields = ["=id", "title", "buyer__username", "seller__username"]
    search_help_text = _("Номер сделки, название предмета или имя участника")
    ordering = ["-updated_at"]
    show_full_result_count = False
    inlines = [StepInline, ReviewInline]


@admin.register(Review)
class ReviewAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "reviewer", "reviewed_user", "rating", "comment", "created_at"]
    list_filter = ["rating"]
    list_select_related = ["reviewer", "reviewed_user"]
    fields = ["purchase_request", "reviewer", "reviewed_user", "rating", "comment", "created_at"]
    search_fields = ["reviewer__username", "reviewed_user__username", "comment"]
    ordering = ["-pk"]
    show_full_result_count = False
