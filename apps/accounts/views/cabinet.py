"""A trader's own listings, purchases and sales: what waits first, filtered by state."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.listings.models import Listing
from apps.transactions.models import PurchaseRequest, Review

from ..paging import page_of


@require_safe
@login_required
def my_listings(request):
    own = Listing.objects.filter(seller=request.user, hidden_at=None)
    waiting = Count("requests", filter=Q(requests__status=PurchaseRequest.Status.PENDING))
    rows = own.select_related("game").annotate(waiting=waiting)
    first = Case(When(waiting__gt=0, then=0), default=_first("reserved", "active", "sold"))
    return _page(request, "accounts/my_listings.html", own, rows, Listing.Status, first)


@require_safe
@login_required
def my_purchases(request):
    own = PurchaseRequest.objects.bought_by(request.user)
    rows = _deals(own, request.user)
    return _page(request, "accounts/my_purchases.html", own, rows, PurchaseRequest.Status, _first("accepted", "pending"))


@require_safe
@login_required
def my_sales(request):
    own = PurchaseRequest.objects.sold_by(request.user)
    rows = _deals(own, request.user)
    return _page(request, "accounts/my_sales.html", own, rows, PurchaseRequest.Status, _first("pending", "accepted"))


def _deals(own: QuerySet, user) -> QuerySet:
    reviewed = Review.objects.filter(purchase_request=OuterRef("pk"), reviewer=user)
    return own.whole().annotate(is_reviewed=Exists(reviewed))


def _first(*statuses: str) -> Case:
    """The place of a row: these states in this order, then all the others."""
    places = (When(status=status, then=Value(place)) for place, status in enumerate(statuses, 1))
    return Case(*places, default=Value(len(statuses) + 1))


def _page(request, template: str, own: QuerySet, rows: QuerySet, states, first: Case):
    """Counts and sums are of everything; the rows of the state asked for, if there is one of that name."""
    counted = own.order_by().values_list("status").annotate(n=Count("pk"), total=Sum("price"))
    totals = {status: (n, total) for status, n, total in counted}
    chosen = request.GET.get("status", "")
    if chosen in states.values:
        rows = rows.filter(status=chosen)
    else:
        chosen = ""
    context = {
        "page": page_of(rows.order_by(first, "-updated_at", "-pk"), request.GET.get("page"), settings.PAGE_SIZE),
        "chosen": chosen,
        "tabs": [(state.value, state.label, totals.get(state.value, (0, 0))[0]) for state in states],
        "count": sum(n for n, _total in totals.values()),
        "totals": totals,
    }
    return render(request, template, context)
