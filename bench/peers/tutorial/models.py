"""Who talks, and what was said."""

from django.db import models


class Person(models.Model):
    name = models.CharField(max_length=150)


class Conversation(models.Model):
    people = models.ManyToManyField(Person, related_name="conversations")


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    sender = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    content = models.TextField()
    ref = models.CharField(max_length=64)
    is_read = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
