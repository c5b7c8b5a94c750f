"""The log of events: one inbox a user, one numbered row an event. Only feed.py writes here."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Inbox(models.Model):
    """`head` is the number of the user's newest event, 0 at first; its row lock orders the log."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="inbox")
    head = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(head__gte=0), name="inbox_head_not_negative")]


class Event(models.Model):
    """`about` is the id of the row that the event speaks of; `data` is only for what has no such row."""

    pk = models.CompositePrimaryKey("user_id", "seq")
    # The inbox row, locked for every number, already stands for the user: a second foreign key would be checked for nothing.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=32)
    about = models.BigIntegerField(null=True)
    data = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
