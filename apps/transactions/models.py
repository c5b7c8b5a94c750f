"""Deals: purchase requests, their append-only history, and reviews. Only flow.py changes a status."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.listings.models import Listing
from apps.listings.photos import Photo


class Requests(models.QuerySet):
    def of(self, user):
        """The deals that this user is a side of."""
        return self.filter(Q(buyer=user) | Q(seller=user))

    def bought_by(self, user):
        return self.filter(buyer=user)

    def sold_by(self, user):
        return self.filter(seller=user)

    def open(self):
        return self.filter(status__in=PurchaseRequest.OPEN)

    def pending(self):
        return self.filter(status=PurchaseRequest.Status.PENDING)

    def between(self, one, other):
        """The deals of these two, whoever of them sells."""
        return self.filter(Q(buyer=one, seller=other) | Q(buyer=other, seller=one))

    def with_contacts(self):
        """Those whose two sides may see how to reach each other."""
        return self.filter(status__in=PurchaseRequest.AGREED)

    def waiting_for(self, user):
        """The requests that wait for this seller's answer."""
        return self.sold_by(user).pending()

    def whole(self):
        """With all that a row of a list or a panel says about a deal."""
        return self.select_related("listing__game", "buyer__profile", "seller__profile")


class PurchaseRequest(models.Model):
    """Keeps the title, price and picture as the buyer saw them: the deal is at the request's price."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Ждёт ответа")
        ACCEPTED = "accepted", _("Принята")
        REJECTED = "rejected", _("Отклонена")
        COMPLETED = "completed", _("Завершена")
        CANCELLED = "cancelled", _("Отменена")

    OPEN = (Status.PENDING, Status.ACCEPTED)
    AGREED = (Status.ACCEPTED, Status.COMPLETED)

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="requests", verbose_name=_("объявление"))
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="purchases", verbose_name=_("покупатель"))
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sales", verbose_name=_("продавец"))
    status = models.CharField(_("состояние"), max_length=10, choices=Status, default=Status.PENDING)
    message = models.TextField(_("сообщение"), max_length=settings.MESSAGE_LENGTH, blank=True)
    title = models.CharField(_("название"), max_length=200)
    price = models.DecimalField(_("цена"), max_digits=9, decimal_places=2)
    image = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(_("создано"), db_default=Now())
    updated_at = models.DateTimeField(_("изменено"), db_default=Now())
    completed_at = models.DateTimeField(_("завершено"), null=True, blank=True)

    objects = Requests.as_manager()

    class Meta:
        verbose_name = _("сделка")
        verbose_name_plural = _("сделки")
        indexes = [models.Index(fields=["seller"], condition=Q(status="pending"), name="deal_waiting_for_seller")]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"], condition=Q(status__in=["accepted", "completed"]), name="deal_one_taken_per_listing"
            ),
            models.UniqueConstraint(
                fields=["listing", "buyer"], condition=Q(status__in=["pending", "accepted"]), name="deal_one_open_per_buyer"
            ),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="deal_buyer_is_not_seller"),
            models.CheckConstraint(condition=Q(price__gt=0), name="deal_price_above_zero"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False) | (~Q(status="completed") & Q(completed_at=None)),
                name="deal_completed_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "accepted", "rejected", "completed", "cancelled"]), name="deal_status_known"
            ),
        ]

    def __str__(self):
        return f"№ {self.pk}: {self.title}"

    def get_absolute_url(self):
        return reverse("transactions:detail", args=[self.pk])

    @property
    def photo(self) -> Photo:
        """The picture as the buyer saw it."""
        return Photo(self.image)

    @property
    def parties(self) -> tuple[int, int]:
        return self.buyer_id, self.seller_id

    def is_party(self, user) -> bool:
        return user.pk in self.parties

    def other(self, user):
        """The side that `user` deals with."""
        return self.buyer if user.pk == self.seller_id else self.seller


class DealStep(models.Model):
    """One line of a deal's history: who, when, from, to, and the listing's status after it. A trigger refuses any change."""

    class Step(models.TextChoices):
        CREATE = "create", _("Отправить заявку")
        ACCEPT = "accept", _("Принять")
        REJECT = "reject", _("Отклонить")
        COMPLETE = "complete", _("Завершить сделку")
        CANCEL = "cancel", _("Отменить заявку")

    request = models.ForeignKey(PurchaseRequest, models.PROTECT, related_name="steps")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("кто"))
    step = models.CharField(_("шаг"), max_length=10, choices=Step)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    listing_status = models.CharField(max_length=10)
    created_at = models.DateTimeField(_("когда"), db_default=Now())

    class Meta:
        verbose_name = _("шаг сделки")
        verbose_name_plural = _("история сделки")
        ordering = ["id"]

    def __str__(self):
        return self.get_step_display()


class Reviews(models.QuerySet):
    def about(self, user):
        """What others say of this user, newest first."""
        return self.filter(reviewed_user=user).select_related("reviewer__profile").order_by("-id")


class Review(models.Model):
    purchase_request = models.ForeignKey(PurchaseRequest, models.PROTECT, related_name="reviews", verbose_name=_("сделка"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews_written", verbose_name=_("кто написал")
    )
    reviewed_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("о ком"))
    rating = models.PositiveSmallIntegerField(_("оценка"))
    comment = models.TextField(_("комментарий"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("написано"), db_default=Now())

    objects = Reviews.as_manager()

    class Meta:
        verbose_name = _("отзыв")
        verbose_name_plural = _("отзывы")
        constraints = [
            models.UniqueConstraint(fields=["purchase_request", "reviewer"], name="review_one_per_deal_and_reviewer"),
            models.CheckConstraint(condition=~Q(reviewer=F("reviewed_user")), name="review_of_the_other_side"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="review_rating_1_to_5"),
        ]

    def __str__(self):
        return f"{self.rating}: {self.comment[:40]}"
