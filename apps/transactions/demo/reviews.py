"""Reviews of the completed deals, and the ratings and counts that follow from them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from apps.accounts.models import CustomUser, Profile
from apps.transactions.models import PurchaseRequest, Review

from . import words

# Out of a hundred: most people are content.
RATINGS = [5] * 80 + [4] * 14 + [3] * 3 + [2] * 2 + [1]
CHANCES = {"of seller": 0.86, "of buyer": 0.55}


def save_reviews(completed: Iterable[PurchaseRequest], now: datetime, choice: Random) -> list[Review]:
    """The deals are saved already. Returns the reviews, oldest first."""
    written = []
    for deal in completed:
        if choice.random() < CHANCES["of seller"]:
            written.append(_review(deal, deal.buyer, deal.seller, words.PRAISE_OF_SELLER, choice))
        if choice.random() < CHANCES["of buyer"]:
            written.append(_review(deal, deal.seller, deal.buyer, words.PRAISE_OF_BUYER, choice))
    due = sorted((review for review in written if review.created_at < now), key=lambda review: review.created_at)
    return Review.objects.bulk_create(due)


def _review(deal, reviewer, reviewed, praise, choice):
    rating = choice.choice(RATINGS)
    return Review(
        purchase_request=deal,
        reviewer=reviewer,
        reviewed_user=reviewed,
        rating=rating,
        comment=choice.choice(praise if rating > 3 else words.COMPLAINTS),
        created_at=deal.completed_at + timedelta(minutes=choice.uniform(8, 1_800)),
    )


def save_ratings(traders: Iterable[CustomUser], completed: Iterable[PurchaseRequest], reviews: Iterable[Review]) -> None:
    sales, purchases = Counter(deal.seller_id for deal in completed), Counter(deal.buyer_id for deal in completed)
    received: dict[int, list[int]] = {}
    for review in reviews:
        received.setdefault(review.reviewed_user_id, []).append(review.rating)
    profiles = []
    for trader in traders:
        profile, ratings = trader.profile, received.get(trader.pk)
        profile.total_sales, profile.total_purchases = sales[trader.pk], purchases[trader.pk]
        profile.rating = round(Decimal(sum(ratings)) / len(ratings), 2) if ratings else Decimal(0)
        profiles.append(profile)
    Profile.objects.bulk_update(profiles, ["total_sales", "total_purchases", "rating"])
