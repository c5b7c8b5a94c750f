"""What a seller does with a listing: put it on sale, edit it, delete it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from apps.listings import photos, selling
from apps.listings.forms import EditForm, ListingForm
from apps.listings.models import Listing
from apps.live import feed
from apps.transactions import flow
from apps.transactions.models import PurchaseRequest

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@reads_and_posts
@login_required
def create(request):
    form = ListingForm()
    if request.method == "POST":
        selling.check_room(request.user)
        form = ListingForm(request.POST, request.FILES)
        if form.is_valid():
            fields = form.cleaned_data
            try:
                return redirect(selling.offer(request.user, fields.pop("image"), **fields))
            except ValidationError as away:
                form.add_error("image", away)
    return _form(request, "listings/create.html", form)


@reads_and_posts
@login_required
def edit(request, pk):
    listing = _own(request, pk)
    deal_decides = listing.requests.filter(status=PurchaseRequest.Status.ACCEPTED).exists()
    if request.method != "POST":
        return _form(request, "listings/edit.html", EditForm(instance=listing, deal_decides=deal_decides), listing=listing)
    form = EditForm(request.POST, request.FILES, instance=_own(request, pk), deal_decides=deal_decides)
    if form.is_valid():
        try:
            _save(pk, request.user, form.wished)
            return redirect(listing)
        except flow.LostRace as lost:
            form.add_error("status", str(lost))
        except ValidationError as away:
            form.add_error("image", away)
        except Listing.DoesNotExist as error:
            raise Http404 from error
    return _form(request, "listings/edit.html", form, listing=listing)


@feed.retried
def _save(pk, seller, fields):
    """All of an edit or nothing of it: the status may be refused by a deal."""
    image, status = fields["image"], fields["status"]
    changed = {name: fields[name] for name in ("title", "description", "price")}
    with photos.kept(image, "listings") as name, feed.change():
        if status and Listing.objects.locked(pk).status != status:
            flow.set_status(pk, status, seller)
        Listing.objects.locked(pk).change(**changed, **({"image": name} if name else {}))


@reads_and_posts
@login_required
def delete(request, pk):
    listing = _own(request, pk, hidden_too=request.method == "POST")
    problem = flow.DEAL_GOES_ON if listing.requests.filter(status=PurchaseRequest.Status.ACCEPTED).exists() else ""
    if request.method == "POST":
        try:
            flow.withdraw(pk, request.user)
            return redirect("accounts:my_listings")
        except Listing.DoesNotExist:
            return redirect("accounts:my_listings")
        except flow.LostRace as lost:
            problem = str(lost)
    with feed.snapshot():
        context = {"listing": listing, "problem": problem, "waiting": listing.requests.pending().count()}
        return render(request, "listings/delete.html", context, status=400 if request.method == "POST" else 200)


def _own(request, pk, hidden_too=False):
    """404 for what is not there, 403 for what is somebody else's."""
    listing = get_object_or_404(Listing.objects.select_related("game"), pk=pk)
    own = listing.seller_id == request.user.pk
    if listing.hidden_at and not (own and hidden_too):
        raise Http404
    if not own:
        raise PermissionDenied
    return listing


def _form(request, template, form, **context):
    with feed.snapshot():
        return render(request, template, {"form": form, **context}, status=400 if form.is_bound else 200)
