"""What must hold of every talk and every log whatever happened, recomputed over the whole database.

Each check yields a sentence for every violation.
"""

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery

from apps.live.management.commands.skip_heads import GAP
from apps.live.models import Event, Inbox

from .models import Conversation, Message


def logs_are_dense():
    """From the oldest event that is kept up to the head no number lacks, but the million that each restore leaves out."""
    kept = Event.objects.values("user").annotate(rows=Count("seq"), first=Min("seq"), last=Max("seq")).order_by()
    heads = dict(Inbox.objects.values_list("pk", "head"))
    for log in kept:
        head = heads.get(log["user"], -1)
        lacking, ahead = log["last"] - log["first"] + 1 - log["rows"], head - log["last"]
        if lacking % GAP or ahead < 0 or ahead % GAP:
            yield f"user {log['user']}: {log['rows']} events from {log['first']} to {log['last']}, head {head}"


def pointers_are_within():
    """The newest message is the talk's last, and nobody has read beyond it."""
    newest = Conversation.objects.annotate(newest=Max("messages__pk", default=0))
    wrong = ~Q(newest=F("last_message_id")) | Q(read1__gt=F("last_message_id")) | Q(read2__gt=F("last_message_id"))
    for talk in newest.filter(wrong):
        yield f"talk {talk.pk}: newest {talk.newest}, said to be {talk.last_message_id}, read up to {talk.read1} and {talk.read2}"


def only_the_two_write():
    theirs = Q(sender=F("conversation__participant1")) | Q(sender=F("conversation__participant2"))
    for message in Message.objects.exclude(theirs):
        yield f"message {message.pk} in talk {message.conversation_id} is by user {message.sender_id}"


def told_once_and_to_the_two():
    news = Event.objects.filter(type="message.new")
    for told in news.values("about", "user").annotate(times=Count("seq")).filter(times__gt=1).order_by():
        yield f"message {told['about']}: user {told['user']} was told {told['times']} times"
    # Each looked up by its key: without statistics the database may join every event with every message.
    said = Message.objects.filter(pk=OuterRef("about"))
    news = news.annotate(
        one=Subquery(said.values("conversation__participant1")), other=Subquery(said.values("conversation__participant2"))
    )
    for event in news.filter(Q(one=None) | ~Q(one=F("user")) & ~Q(other=F("user"))):
        yield f"message {event.about}: user {event.user_id} was told of it"


CHECKS = (logs_are_dense, pointers_are_within, only_the_two_write, told_once_and_to_the_two)
