"""The usual list, the same without select_related, and nothing at all."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from .models import Game, Listing


def home(request):
    return _list(request, Listing.objects.select_related("seller__profile", "game"))


def naive(request):
    return _list(request, Listing.objects.all())


def empty(request):
    return HttpResponse("")


def _list(request, listings):
    listings = listings.filter(status="active")
    if wanted := request.GET.get("search"):
        listings = listings.filter(Q(title__icontains=wanted) | Q(description__icontains=wanted))
    page = Paginator(listings, 24).get_page(request.GET.get("page"))
    return render(request, "plain/home.html", {"page": page, "games": Game.objects.all()})
