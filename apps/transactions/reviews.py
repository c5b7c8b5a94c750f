"""What the two sides of a completed deal say of each other, and the rating that follows."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError
from django.db.models import Avg
from django.utils.translation import gettext_lazy as _

from apps.accounts import limits
from apps.accounts.models import CustomUser, Profile
from apps.live import feed
from apps.notifications.notify import notify

from .models import PurchaseRequest, Review


class Forbidden(Exception):
    """Not a side of this deal."""


class Refused(Exception):
    """Not yet, or not again; the text is a sentence for the person."""


NOT_YET = _("Отзыв можно оставить, когда сделка завершена.")
ALREADY = _("Вы уже оставили отзыв об этой сделке.")


def check(request: PurchaseRequest, reviewer: CustomUser) -> None:
    """Whether this user may review this deal now. Raises Forbidden, Refused."""
    if not request.is_party(reviewer):
        raise Forbidden
    if request.status != PurchaseRequest.Status.COMPLETED:
        raise Refused(NOT_YET)
    if request.reviews.filter(reviewer=reviewer).exists():
        raise Refused(ALREADY)


@feed.retried
def create(request_id: int, reviewer: CustomUser, rating: int, comment: str = "") -> Review:
    """Review the other side. Raises PurchaseRequest.DoesNotExist, Forbidden, Refused, TooMany.

    Records notification.new.
    """
    try:
        with feed.change():
            request = PurchaseRequest.objects.select_for_update(no_key=True).get(pk=request_id)
            check(request, reviewer)
            limits.rows("review", Review.objects.filter(reviewer=reviewer))
            reviewed_id = request.buyer_id if reviewer.pk == request.seller_id else request.seller_id
            profile = Profile.objects.select_for_update(no_key=True).get(user_id=reviewed_id)
            review = Review.objects.create(
                purchase_request=request, reviewer=reviewer, reviewed_user_id=reviewed_id, rating=rating, comment=comment
            )
            profile.rating = average(reviewed_id)
            profile.save(update_fields=["rating"])
            notify(reviewed_id, "review", request.pk, who=reviewer.username, title=request.title, rating=rating)
    except IntegrityError as error:
        raise Refused(ALREADY) from error
    return review


def average(user_id: int) -> Decimal:
    """The mean of all that was said of this user, two decimals; 0 without reviews."""
    mean = Review.objects.filter(reviewed_user=user_id).aggregate(mean=Avg("rating"))["mean"] or 0
    return Decimal(str(mean)).quantize(Decimal("0.01"), ROUND_HALF_UP)
