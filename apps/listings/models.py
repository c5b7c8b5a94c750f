"""What is on offer: games and listings."""

from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CustomUser
from apps.live.compiled import Compiled, Given

from . import photos, words


class Stock(NamedTuple):
    """A game with its number of public listings."""

    pk: int
    name: str
    total: int


class Game(models.Model):
    name = models.CharField(_("название"), max_length=100, unique=True)
    slug = models.SlugField(_("адрес"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("игра")
        verbose_name_plural = _("игры")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("listings:game", args=[self.slug])

    @classmethod
    def stocks(cls, only: int | None = None) -> list[Stock]:
        """Games that have something on sale, or only this one, the fullest first. One query."""
        rows = _COUNTED.all(True, game=only) if only else _COUNTED.all(False)
        stocks = [Stock(*row) for row in rows]
        return _seen(stocks) if stocks and stocks[-1].total < 0 else stocks


class Tally(models.Model):
    """The sum of `n` is how many listings of a game are on sale, those of banned sellers too. Only database triggers write it."""

    game = models.ForeignKey(Game, models.CASCADE, related_name="tallies", db_constraint=False)
    n = models.IntegerField()


class Listings(models.QuerySet):
    def on_sale(self) -> "Listings":
        return self.filter(status=Listing.Status.ACTIVE, hidden_at=None)

    def public(self) -> "Listings":
        """On sale, and the seller not banned (without a join, so that lists read their index alone)."""
        return self.on_sale().exclude(seller__in=_banned())

    def visible_to(self, user) -> "Listings":
        """What has a page for `user`: hidden for nobody; cancelled, or of a banned seller, for who is concerned alone."""
        return self.visible_to_trader(user) if user.is_authenticated else self.visible_to_all()

    def visible_to_all(self) -> "Listings":
        return self.filter(_open_to_all(), hidden_at=None)

    def visible_to_trader(self, user) -> "Listings":
        involved = Q(requests__buyer=user) | Q(conversations__participant1=user) | Q(conversations__participant2=user)
        concerned = Q(seller=user) | Q(pk__in=Listing.objects.filter(involved).values("pk"))
        return self.filter(_open_to_all() | concerned, hidden_at=None)

    def locked(self, pk: int) -> "Listing":
        """The listing under its lock, the first one of every change. Only inside a transaction. Raises Listing.DoesNotExist."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Listing(models.Model):
    class Status(models.TextChoices):
        ACTIVE = "active", _("В продаже")
        RESERVED = "reserved", _("Занято")
        SOLD = "sold", _("Продано")
        CANCELLED = "cancelled", _("Снято")

    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="listings", verbose_name=_("продавец"), db_index=False
    )
    game = models.ForeignKey(Game, models.PROTECT, related_name="listings", verbose_name=_("игра"))
    title = models.CharField(_("название"), max_length=200)
    description = models.TextField(_("описание"), max_length=5000)
    price = models.DecimalField(
        _("цена"),
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("9999999.99"))],
    )
    # The name of the stored picture as photos.py made it; its sizes stand beside it.
    image = models.CharField(_("изображение"), max_length=100, blank=True)
    status = models.CharField(_("состояние"), max_length=10, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(_("размещено"), db_default=Now())
    updated_at = models.DateTimeField(_("изменено"), db_default=Now())
    # A listing with deals or talks is never erased, only hidden from everybody.
    hidden_at = models.DateTimeField(_("скрыто"), null=True, blank=True)

    objects = Listings.as_manager()

    class Meta:
        verbose_name = _("объявление")
        verbose_name_plural = _("объявления")
        indexes = [
            models.Index(fields=["seller", "-created_at"], name="listing_of_seller"),
            *(
                models.Index(
                    fields=[*fields, "seller"], condition=Q(status="active", hidden_at=None), name=f"listing_public_{name}"
                )
                for name, fields in {
                    "newest": ["-created_at", "-id"],
                    "cheapest": ["price", "-id"],
                    "game_newest": ["game", "-created_at", "-id"],
                    "game_cheapest": ["game", "price", "-id"],
                }.items()
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="listing_price_above_zero"),
            models.CheckConstraint(condition=Q(price__lte=Decimal("9999999.99")), name="listing_price_in_reach"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "reserved", "sold", "cancelled"]), name="listing_status_known"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("listings:detail", args=[self.pk])

    def save(self, *args, update_fields=None, **kwargs):
        super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or {"title", "description"} & set(update_fields):
            words.index(self.pk, self.title, self.description)

    def delete(self, *args, **kwargs):
        """Only where nothing was asked or said about it (PROTECT); its picture goes with it."""
        transaction.on_commit(partial(photos.delete, self.image), robust=True)
        return super().delete(*args, **kwargs)

    @property
    def photo(self) -> photos.Photo:
        return photos.Photo(self.image)

    def reserve(self) -> None:
        """Held for the buyer whose request was accepted. This and the next three: under the lock, by the deal's flow alone."""
        self._set(status=self.Status.RESERVED)

    def release(self) -> None:
        self._set(status=self.Status.ACTIVE)

    def mark_sold(self) -> None:
        self._set(status=self.Status.SOLD)

    def withdraw(self, status: str) -> None:
        """The status that the seller sets by hand."""
        self._set(status=status)

    def change(self, **fields) -> None:
        """The seller edits; under the lock. A picture that no request has kept is removed after the commit."""
        old = self.image
        self._set(**fields)
        if old and old != self.image and not self.requests.filter(image=old).exists():
            transaction.on_commit(partial(photos.delete, old), robust=True)

    def _set(self, **fields) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.updated_at = Now()
        self.save(update_fields=[*fields, "updated_at"])
        del self.updated_at  # read again from the row where it is needed


class Word(models.Model):
    """One that some title has had, in lower case with ё as е. Only words.py writes here, and nothing is forgotten."""

    text = models.CharField(max_length=words.LENGTHS[1], primary_key=True)


def _banned():
    return CustomUser.objects.filter(is_active=False).values("pk")


def _open_to_all() -> Q:
    return ~Q(status=Listing.Status.CANCELLED) & ~Q(seller__in=_banned())


def _counted(only: bool):
    """Each game with its tally, the fullest first, and at the end, below zero, what banned sellers have of it."""
    games = Game.objects.filter(pk=Given("game")) if only else Game.objects
    unseen = Listing.objects.on_sale().filter(seller__in=_banned())
    if only:
        unseen = unseen.filter(game=Given("game"))
    tallied = games.annotate(total=models.Sum("tallies__n")).filter(total__gt=0).order_by()
    less = unseen.order_by().values("game").annotate(total=-models.Count("pk"))
    both = tallied.values_list("pk", "name", "total").union(less.values_list("game", "game__name", "total"), all=True)
    return both.order_by("-total", "name")


_COUNTED = Compiled(_counted, plain=True)


def _seen(stocks: list[Stock]) -> list[Stock]:
    """Without what is banned sellers', which stands below zero."""
    unseen = {stock.pk: stock.total for stock in stocks if stock.total < 0}
    left = (stock._replace(total=stock.total + unseen.get(stock.pk, 0)) for stock in stocks if stock.total > 0)
    return sorted((stock for stock in left if stock.total > 0), key=lambda stock: (-stock.total, stock.name))
