"""The deal's pages: asking, looking, one view for every step, reviewing."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.chat.drafts import Refusal
from apps.listings.models import Listing
from apps.live import feed, middleware

from . import flow, panel, questions, reviews
from .forms import RequestForm, ReviewForm
from .models import PurchaseRequest

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
@login_required
def create(request, listing_id):
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            purchase = flow.create(listing_id, request.user, form.cleaned_data["message"])
        except Listing.DoesNotExist as error:
            raise Http404 from error
        except flow.Forbidden as error:
            raise PermissionDenied from error
        except (flow.LostRace, Refusal) as lost:
            return _asking(request, listing_id, form, str(lost))
        return redirect(purchase)
    return _asking(request, listing_id, form)


def _asking(request, listing_id, form, problem=""):
    with feed.snapshot():
        there = Listing.objects.filter(hidden_at=None).select_related("game", "seller__profile")
        listing = get_object_or_404(there, pk=listing_id)
        if own := listing.requests.bought_by(request.user).open().first():
            return redirect(own)
        if not listing.seller.is_active:
            raise Http404
        if listing.seller_id == request.user.pk:
            raise PermissionDenied
        if listing.status != Listing.Status.ACTIVE:
            problem = flow.NOT_ACTIVE[listing.status]
        context = {
            "listing": listing,
            "visible": Listing.objects.visible_to(request.user).filter(pk=listing_id).exists(),
            "form": form,
            "problem": problem,
            "asking": listing.status == Listing.Status.ACTIVE,
        }
        status = 400 if problem or request.method == "POST" else 200
        return render(request, "transactions/create.html", context, status=status)


@require_safe
@login_required
def detail(request, pk):
    return _page(request, pk)


@reads_and_posts
@login_required
def step(request, pk, step):
    """Every step: GET says what will follow, POST takes it."""
    try:
        if request.method == "POST":
            return redirect(flow.advance(pk, step, request.user))
        deal = _of_both(request.user, pk)
        if not flow.permits(deal.purchase, step, request.user):
            return redirect(deal.purchase)
    except PurchaseRequest.DoesNotExist as error:
        raise Http404 from error
    except flow.Forbidden as error:
        raise PermissionDenied from error
    except flow.LostRace as lost:
        return _page(request, pk, str(lost))
    words = panel.WORDS[step, deal.purchase.status]
    return render(request, "transactions/step.html", {"deal": deal, "step": step, "words": words})


@reads_and_posts
@login_required
def review(request, pk):
    form = ReviewForm(request.POST if request.method == "POST" else None)
    try:
        if request.method == "POST" and form.is_valid():
            reviews.create(pk, request.user, **form.cleaned_data)
            return redirect("transactions:detail", pk)
        reviews.check(get_object_or_404(PurchaseRequest, pk=pk), request.user)
    except PurchaseRequest.DoesNotExist as error:
        raise Http404 from error
    except reviews.Forbidden as error:
        raise PermissionDenied from error
    except reviews.Refused as refused:
        return _page(request, pk, str(refused))
    with feed.snapshot():
        context = {"deal": _of_both(request.user, pk), "form": form}
        return render(request, "transactions/review.html", context, status=400 if form.is_bound else 200)


def _of_both(user, pk):
    """The deal, for its two sides only."""
    purchase = questions.WHOLE.first(deal=pk)
    if purchase is None:
        raise Http404
    if not purchase.is_party(user):
        raise PermissionDenied
    return panel.of(purchase, user)


def _page(request, pk, problem=""):
    """The deal as it now is; with a problem it says so and answers 400."""
    with middleware.page(request):
        deal = _of_both(request.user, pk)
        piece = "deal" in request.headers.get("X-Fragment", "").split()
        template = "transactions/_region.html" if piece else "transactions/deal.html"
        return render(request, template, {"deal": deal, "problem": problem}, status=400 if problem else 200)
