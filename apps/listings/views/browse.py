"""What everybody sees: the list, a game's list, one listing."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts import presence
from apps.chat.models import Conversation
from apps.listings import cards, pace, search, suggest
from apps.listings.models import Game, Listing
from apps.live import middleware
from apps.live.middleware import writes
from apps.transactions.models import PurchaseRequest, Review

REVIEWS, OTHERS = 2, 6


@writes
@require_safe
def home(request):
    return _list(request)


@writes
@require_safe
def game(request, slug):
    return _list(request, get_object_or_404(Game, slug=slug))


@writes
@require_safe
def suggestions(request):
    pace.count("suggest", request)
    found = suggest.for_beginning(request.GET.get("q", ""))
    return render(request, "listings/_suggestions.html", {"found": found})


def _list(request, game=None):
    if request.GET.get("search", "").strip():
        pace.count("search", request)
    if not request.user.is_authenticated:
        # Without a log there is nothing that the page must agree with.
        return _found(request, game)
    with middleware.page(request):
        return _found(request, game)


def _found(request, game):
    result = search.find(request.GET, game)
    others = request.GET.copy()
    for name in ("game", "page"):
        others.pop(name, None)
    chosen = result.game and result.game.pk
    games = sorted(result.games, key=lambda each: each.pk != chosen)
    context = {
        "result": result,
        "here": game,
        "chips": () if game else tuple(games),
        "on_sale": sum(each.total for each in games),
        "other_params": others.urlencode(),
        "sorts": search.SORTS.items(),
        "search_length": search.SEARCH_LENGTH,
    }
    return render(request, "listings/_list.html" if request.headers.get("X-Fragment") else "listings/list.html", context)


@require_safe
def detail(request, pk):
    listings = Listing.objects.visible_to(request.user).select_related("game", "seller__profile")
    listing = get_object_or_404(listings, pk=pk)
    others = Listing.objects.public().filter(seller=listing.seller).exclude(pk=pk)
    reviews = Review.objects.about(listing.seller)
    context = {
        "listing": listing,
        "seen": presence.of([listing.seller_id])[listing.seller_id],
        "reviews": reviews[:REVIEWS],
        "review_count": reviews.count(),
        "others": cards.of(others.order_by("-created_at", "-id")[:OTHERS]),
        "other_count": (other_count := others.count()),
        "on_sale": other_count + (listing.status == Listing.Status.ACTIVE),
        **_standing(request.user, listing),
    }
    return render(request, "listings/detail.html", context)


def _standing(user, listing) -> dict:
    """How the visitor stands to the listing: the owner, one who asked or talked about it, or neither."""
    if not user.is_authenticated:
        return {}
    if user.pk == listing.seller_id:
        return {"is_owner": True, "waiting": listing.requests.pending().count()}
    deals = listing.requests.bought_by(user).filter(status__in=[*PurchaseRequest.OPEN, PurchaseRequest.Status.COMPLETED])
    return {"deal": deals.order_by("-id").first(), "talk": Conversation.objects.of(user).filter(listing=listing).first()}
