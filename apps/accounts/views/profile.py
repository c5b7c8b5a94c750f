"""The public profile, and editing one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.listings import cards
from apps.listings.models import Listing
from apps.live import feed
from apps.transactions.models import PurchaseRequest, Review

from .. import names, presence
from ..forms.profile import ProfileForm
from ..models import CustomUser
from ..paging import page_of

REVIEWS = 10


@require_safe
def profile(request, username):
    trader = _called(username)
    if trader.username != username:
        return redirect(trader)
    is_own = trader == request.user
    listings = Listing.objects.public().filter(seller=trader)
    context = {
        "trader": trader,
        "is_own": is_own,
        "seen": presence.of([trader.pk])[trader.pk],
        "listings": cards.of(listings.order_by("-created_at", "-id")),
        "reviews": page_of(Review.objects.about(trader), request.GET.get("page"), REVIEWS),
        "contacts_shown": is_own or _agreed(request.user, trader),
    }
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request):
    if request.method != "POST":
        return _form_page(request, ProfileForm(request.user))
    form = ProfileForm(CustomUser.objects.select_related("profile").get(pk=request.user.pk), request.POST, request.FILES)
    if not form.is_valid():
        with feed.snapshot():
            return _form_page(request, form, status=400)
    form.save()
    messages.success(request, _("Профиль сохранён."))
    return redirect(request.user)


def _called(username: str) -> CustomUser:
    """Whatever the case of the name; one that only looks alike is somebody else's, who isn't there."""
    if not names.is_possible(username):
        raise Http404
    trader = get_object_or_404(CustomUser.objects.select_related("profile"), username_key=names.key(username), is_active=True)
    if trader.username.casefold() != username.casefold():
        raise Http404
    return trader


def _agreed(visitor, trader) -> bool:
    """Whether one deal of the two is accepted or completed: then each may know how to reach the other."""
    return visitor.is_authenticated and PurchaseRequest.objects.between(visitor, trader).with_contacts().exists()


def _form_page(request, form, status: int = 200):
    return render(request, "accounts/profile_edit.html", {"form": form}, status=status)
