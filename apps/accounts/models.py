"""Traders: the account, the public profile, who is online, and what is counted over time."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.live import push
from apps.live.models import Inbox

from . import names


class Traders(UserManager):
    def get_by_natural_key(self, username):
        """Logging in ignores the case of the name, as its uniqueness does."""
        return self.get(username_key=names.key(username))


class CustomUser(AbstractUser):
    """Name and address are unique by folded keys: SQLite folds the case of ASCII only, and look-alikes must collide."""

    username = models.CharField(_("имя пользователя"), max_length=30, unique=True, validators=[names.validate])
    username_key = models.CharField(max_length=names.KEY_LENGTH, unique=True, editable=False)
    email = models.EmailField(_("эл. почта"), max_length=254)
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    email_confirmed_at = models.DateTimeField(_("почта подтверждена"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    objects = Traders()

    class Meta:
        verbose_name = _("пользователь")
        verbose_name_plural = _("пользователи")
        # Every list of listings leaves out what the banned ones offer.
        indexes = [models.Index(fields=["id"], condition=models.Q(is_active=False), name="user_banned")]

    def __str__(self):
        return self.username

    def get_absolute_url(self):
        return reverse("accounts:profile", args=[self.username])

    def save(self, *args, **kwargs):
        """A user comes with a profile and an inbox; a ban or another password is looked at by every open socket at once."""
        self.username_key = names.key(self.username)
        self.email_key = names.email_key(self.email)
        made = self._state.adding
        written = set(kwargs.get("update_fields") or {"is_active", "password"})
        with transaction.atomic():
            super().save(*args, **kwargs)
            if made:
                Profile.objects.create(user=self)
                Inbox.objects.create(user=self)
            elif written & {"is_active", "password"}:
                transaction.on_commit(lambda: push.recheck([self.pk]), robust=True)


class Profile(models.Model):
    """What a trader shows; rating and counts always equal what reviews and deals say (kept by their transactions)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    avatar = models.CharField(_("аватар"), max_length=100, blank=True)
    bio = models.TextField(_("о себе"), max_length=1000, blank=True)
    phone = models.CharField(_("телефон"), max_length=20, blank=True)
    telegram = models.CharField("Telegram", max_length=32, blank=True)
    discord = models.CharField("Discord", max_length=32, blank=True)
    rating = models.DecimalField(_("рейтинг"), max_digits=3, decimal_places=2, default=0)
    total_sales = models.PositiveIntegerField(_("продаж"), default=0)
    total_purchases = models.PositiveIntegerField(_("покупок"), default=0)

    class Meta:
        verbose_name = _("профиль")
        verbose_name_plural = _("профили")

    def __str__(self):
        return str(self.user)

    @property
    def has_contacts(self) -> bool:
        return bool(self.phone or self.telegram or self.discord)


class Presence(models.Model):
    """When a worker last had a socket of this user open, by the database's clock."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="presence")
    seen_at = models.DateTimeField(db_default=Now())


class Hits(models.Model):
    """How often something limited was done in one second, which `window` numbers."""

    key = models.CharField(max_length=200)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="hits_one_row_a_window")]
