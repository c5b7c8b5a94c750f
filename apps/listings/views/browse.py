"""What everybody sees: the list, a game's list, one listing."""

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.accounts import presence
from apps.chat.models import Conversation
from apps.listings import cards, pace, search, shown, suggest
from apps.listings.models import Game, Listing
from apps.live import middleware
from apps.live.compiled import Compiled, Counted, Given
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
    games = sorted(result.games, key=lambda each: each.pk != chosen) if chosen else result.games
    context = {
        "result": result,
        "here": game,
        "slug": game and game.slug,
        "chosen": chosen,
        "chips": () if game else tuple(games),
        "on_sale": sum(each.total for each in games),
        "other_params": others.urlencode(),
        "sorts": tuple(search.SORTS.items()),
        "search_length": search.SEARCH_LENGTH,
    }
    page = "listings/game.html" if game else "listings/list.html"
    return render(request, "listings/_list.html" if request.headers.get("X-Fragment") else page, context)


@require_safe
def detail(request, pk):
    user = request.user
    listing = _LISTING.first(user.is_authenticated, listing=pk, user=user.pk)
    if listing is None:
        raise Http404
    seen = presence.Seen(presence.is_online(listing.seen_at, listing.now), listing.seen_at)
    on_sale = listing.other_count + (listing.status == Listing.Status.ACTIVE)
    reviews = _REVIEWS.all(seller=listing.seller_id) if listing.review_count else ()
    others = tuple(cards.made(_OTHERS.all(seller=listing.seller_id, listing=pk) if listing.other_count else ()))
    context = {
        "listing": listing,
        "item": shown.item(listing),
        "seller": shown.seller(listing, seen, on_sale, reviews),
        "others": others,
        "ages": cards.ages(others),
        "is_owner": user.pk == listing.seller_id,
    }
    return render(request, "listings/detail.html", context)


def _listing(to_trader: bool) -> QuerySet:
    """One listing with the numbers beside it and, for a trader, how they stand to it: asked, talked about, or whose it is."""
    user, seller, listing = Given("user"), OuterRef("seller"), OuterRef("pk")
    listings = Listing.objects.visible_to_trader(user) if to_trader else Listing.objects.visible_to_all()
    others = Listing.objects.public().filter(seller=seller).exclude(pk=listing)
    found = listings.select_related("game", "seller__profile").annotate(
        seen_at=F("seller__presence__seen_at"),
        now=ExpressionWrapper(Now(), output_field=DateTimeField()),
        review_count=Counted(Review.objects.filter(reviewed_user=seller).values("pk")),
        other_count=Counted(others.values("pk")),
    )
    if to_trader:
        deals = PurchaseRequest.objects.bought_by(user).filter(
            listing=listing, status__in=[*PurchaseRequest.OPEN, PurchaseRequest.Status.COMPLETED]
        )
        talks = Conversation.objects.of(user).filter(listing=listing)
        found = found.annotate(
            own_deal=Subquery(deals.order_by("-pk").values("pk")[:1]),
            own_talk=Subquery(talks.order_by("pk").values("pk")[:1]),
            waiting=Counted(PurchaseRequest.objects.pending().filter(listing=listing).values("pk")),
        )
    return found.filter(pk=Given("listing"))


_LISTING = Compiled(_listing)
_REVIEWS = Compiled(
    lambda: (
        Review.objects.filter(reviewed_user=Given("seller"))
        .order_by("-pk")
        .values_list("reviewer__username", "rating", "comment", "created_at")[:REVIEWS]
    )
)
_OTHERS = Compiled(
    lambda: cards.rows(
        Listing.objects.public()
        .filter(seller=Given("seller"))
        .exclude(pk=Given("listing"))
        .order_by("-created_at", "-pk")[:OTHERS]
    )
)
