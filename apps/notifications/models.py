"""Things worth a bell. Sentences are not stored: the kind and its words are, and kinds.py says them in the reader's language."""

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from apps.live import feed

from . import kinds


class Notifications(models.QuerySet):
    def of(self, user):
        """This user's, newest first."""
        return self.filter(user=user).with_read().order_by("-pk")

    def with_read(self):
        """Each with `is_read`, by its user's bell."""
        pointer = Coalesce(Subquery(Bell.objects.filter(user=OuterRef("user")).values("pointer")), 0)
        return self.annotate(is_read=ExpressionWrapper(Q(pk__lte=pointer), output_field=models.BooleanField()))

    def unread(self):
        return self.filter(is_read=False)


class Notification(models.Model):
    """`about` is the id of the deal that it leads to, `words` are the names and titles that its sentence needs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=32)
    about = models.BigIntegerField()
    words = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    # As a new one is; with_read() tells of those that were kept.
    is_read = False

    objects = Notifications.as_manager()

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        indexes = [models.Index(fields=["user", "-id"], name="notification_of_user")]

    @property
    def text(self) -> str:
        return kinds.text(self)

    @property
    def url(self) -> str:
        return kinds.url(self)

    @property
    def icon(self) -> str:
        return kinds.icon(self)

    @property
    def state(self) -> str:
        return kinds.state(self)


class Bell(models.Model):
    """One pointer a user: everything up to it was read. It only grows; its row lock orders the user's notifications."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="bell")
    pointer = models.BigIntegerField(default=0)

    @classmethod
    def locked(cls, user_ids) -> dict[int, "Bell"]:
        """The bells of these users, made where missing and locked in ascending user id; inside a change."""
        wanted = sorted(set(user_ids))
        found = cls._lock(wanted)
        if missing := [user_id for user_id in wanted if user_id not in found]:
            cls.objects.bulk_create([cls(user_id=user_id) for user_id in missing], ignore_conflicts=True)
            found = cls._lock(wanted)
        return found

    @classmethod
    def _lock(cls, user_ids):
        return {bell.pk: bell for bell in cls.objects.select_for_update(no_key=True).filter(pk__in=user_ids).order_by("pk")}

    @classmethod
    @feed.retried
    def read_up_to(cls, user_id: int, notification_id: int) -> None:
        """Everything up to this id was read. Records notification.read where that passed anything."""
        with feed.change():
            bell = cls.locked([user_id])[user_id]
            mine = Notification.objects.filter(user=user_id)
            newest = mine.filter(pk__lte=notification_id).aggregate(newest=Max("pk"))["newest"]
            if newest is None or newest <= bell.pointer:
                return
            bell.pointer = newest
            bell.save(update_fields=["pointer"])
            unread = mine.filter(pk__gt=newest).count()
            feed.record("notification.read", to=[user_id], data={"notification": newest, "unread": unread})
