"""Reviews of the completed deals, and the ratings and counts that follow from them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from apps.accounts.models import CustomUser, Profile
from apps.listings.demo.people import SELLER
from apps.transactions.models import PurchaseRequest, Review
from apps.transactions.reviews import average

from . import words
from .play import Bell

# Out of a hundred: most people are content, and with the demo seller nearly all.
RATINGS = [5] * 80 + [4] * 14 + [3] * 3 + [2] * 2 + [1]
RATINGS_OF_SELLER = [5] * 8 + [4]
OF_SELLER, OF_BUYER = 0.86, 0.55


def save_reviews(completed: Iterable[PurchaseRequest], now: datetime, choice: Random) -> list[Bell]:
    """Reviews of deals that are saved already; returns what the reviewed are told."""
    written = []
    for deal in completed:
        if choice.random() < OF_SELLER:
            written.append(_review(deal, deal.buyer, deal.seller, words.PRAISE_OF_SELLER, choice))
        if choice.random() < OF_BUYER:
            written.append(_review(deal, deal.seller, deal.buyer, words.PRAISE_OF_BUYER, choice))
    due = sorted((review for review in written if review.created_at < now), key=lambda review: review.created_at)
    return [_bell(review) for review in Review.objects.bulk_create(due)]


def save_ratings(traders: Iterable[CustomUser], completed: Iterable[PurchaseRequest]) -> None:
    sales, purchases = Counter(deal.seller_id for deal in completed), Counter(deal.buyer_id for deal in completed)
    profiles = [trader.profile for trader in traders]
    for profile in profiles:
        profile.total_sales, profile.total_purchases = sales[profile.user_id], purchases[profile.user_id]
        profile.rating = average(profile.user_id)
    Profile.objects.bulk_update(profiles, ["total_sales", "total_purchases", "rating"])


def _review(deal, reviewer, reviewed, praise, choice):
    rating = choice.choice(RATINGS_OF_SELLER if reviewed.username == SELLER else RATINGS)
    return Review(
        purchase_request=deal,
        reviewer=reviewer,
        reviewed_user=reviewed,
        rating=rating,
        comment=choice.choice(praise if rating > 3 else words.COMPLAINTS),
        created_at=deal.completed_at + timedelta(minutes=choice.uniform(8, 1_800)),
    )


def _bell(review):
    deal = review.purchase_request
    said = {"who": review.reviewer.username, "title": deal.title, "rating": review.rating}
    return Bell(review.created_at, review.reviewed_user, "review", deal, said)
