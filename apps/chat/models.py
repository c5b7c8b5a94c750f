"""Talks: one conversation per pair of traders and listing, and its messages."""

from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Case, Count, F, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CustomUser
from apps.listings.models import Listing
from apps.live import feed
from apps.live.compiled import Counted

from . import swift
from .drafts import Blocked, Draft, Forbidden, Reading, RefReused, Refusal


class Conversations(models.QuerySet):
    def of(self, user) -> "Conversations":
        """The talks that `user` sees: an empty one only if it was opened by this user, who is then not the seller."""
        mine = Q(participant1=user) | Q(participant2=user)
        return self.filter(mine).exclude(Q(last_message_id=0) & Q(listing__seller=user))

    def with_unread(self, user) -> "Conversations":
        """Annotate `unread`: texts of the other side after the user's pointer."""
        texts = Message.objects.texts_for(user).filter(conversation=OuterRef("pk"), id__gt=OuterRef("pointer"))
        return self.alias(pointer=Case(When(participant1=user, then=F("read1")), default=F("read2"))).annotate(
            # Most talks are read to their end: nothing is looked for in them.
            unread=Case(When(last_message_id__gt=F("pointer"), then=Counted(texts.order_by().values("pk"))), default=0)
        )

    def unread_texts(self, user) -> "Messages":
        """The texts of others that wait for `user`, in all talks."""
        return Message.objects.texts_for(user).filter(
            Q(conversation__participant1=user, id__gt=F("conversation__read1"))
            | Q(conversation__participant2=user, id__gt=F("conversation__read2")),
            # Most talks are read to their end: this leaves their messages untouched.
            conversation__in=self.filter(
                Q(participant1=user, last_message_id__gt=F("read1")) | Q(participant2=user, last_message_id__gt=F("read2"))
            ),
        )


class Conversation(models.Model):
    """Two participants, the lower id first. `read1` and `read2` are their "has read up to", which only grow."""

    participant1 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    participant2 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="conversations")
    read1 = models.BigIntegerField(default=0)
    read2 = models.BigIntegerField(default=0)
    # The newest message; a bare number because a foreign key would be checked at every message. 0: nothing said yet.
    last_message_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = Conversations.as_manager()

    class Meta:
        verbose_name = _("беседа")
        verbose_name_plural = _("беседы")
        constraints = [
            models.CheckConstraint(condition=Q(participant1__lt=F("participant2")), name="conversation_lower_id_first"),
            models.UniqueConstraint(fields=["participant1", "participant2", "listing"], name="conversation_one_per_listing"),
            models.UniqueConstraint(
                fields=["participant1", "participant2"], condition=Q(listing=None), name="conversation_one_without_listing"
            ),
        ]

    def __str__(self):
        return f"№ {self.pk}"

    @property
    def participants(self) -> tuple[int, int]:
        return self.participant1_id, self.participant2_id

    def other_id(self, user_id: int) -> int:
        return self.participant2_id if user_id == self.participant1_id else self.participant1_id

    def read_of(self, user_id: int) -> int:
        """The id of the message up to which this participant has read."""
        return self.read1 if user_id == self.participant1_id else self.read2

    @classmethod
    def between(cls, listing: Listing, one_id: int, other_id: int) -> "Conversation":
        """The talk of these two about `listing`, made if there is none yet. Records nothing: nothing was said."""
        low, high = sorted((one_id, other_id))
        return cls.objects.get_or_create(participant1_id=low, participant2_id=high, listing=listing)[0]

    @classmethod
    def post_many(cls, drafts: list[Draft]) -> "list[Message | swift.Said | Refusal]":
        """Write messages of any talks in one transaction; the one function that does.

        Answers each draft, in order, by its message or by the Refusal that an author is to be told. A draft whose
        `ref` this author has used already with the same words is answered by that message, and nothing is written.
        Locks the conversations by id. Records `message.new` to both participants, and `message.read` where the
        author's pointer passed texts of the other side: who writes has read. Raises IntegrityError when one author
        used one new `ref` in two talks at the same moment; nothing is written then, and each goes again alone.
        """
        if swift.fits(drafts):
            with suppress(IntegrityError):  # a `ref` that was used: what it stands for is for the reference to find out
                return cls._post_swiftly(drafts)
        with feed.change():
            return _Batch(drafts).write()

    @classmethod
    def _post_swiftly(cls, drafts: list[Draft]) -> "list[Message | swift.Said | Refusal]":
        batch = swift.write(drafts, [])
        answers = batch.answers
        feed.tell(batch.news)
        refused = [place for place, answer in enumerate(answers) if answer is None]
        if refused:
            with feed.change():
                why = _Batch([drafts[place] for place in refused]).write()
            for place, answer in zip(refused, why, strict=True):
                answers[place] = answer
        return answers

    def post(self, author_id: int, content: str, ref: str | None = None) -> "Message | swift.Said":
        """Say one thing. Raises a Refusal (drafts.py); records as post_many()."""
        answer = Conversation.post_each([Draft(self.pk, author_id, content, ref)])[0]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    @classmethod
    def post_each(cls, drafts: list[Draft]) -> "list[Message | swift.Said | Refusal]":
        """post_many(), and one by one where the batch met a `ref` that was taken while it waited."""
        try:
            return feed.retried(cls.post_many)(drafts)
        except IntegrityError:
            if len(drafts) == 1:
                return [RefReused()]
            return [answer for draft in drafts for answer in cls.post_each([draft])]

    @classmethod
    @feed.retried
    def read_many(cls, readings: list[Reading]) -> None:
        """read_up_to() of many talks and readers; who is no participant of a talk moves nothing in it."""
        if swift.fits([]):
            feed.tell(swift.write([], readings).news)
            return
        for reading in readings:
            talk = cls.objects.filter(pk=reading.conversation_id).first()
            if talk and reading.reader_id in talk.participants:
                talk.read_up_to(reading.reader_id, reading.message_id)

    @feed.retried
    def read_up_to(self, reader_id: int, message_id: int) -> int:
        """Move the reader's pointer to `message_id` at most, never back; returns how many texts are left unread.

        Records `message.read` to both participants, only when the pointer passed a text of the other side.
        Locks the conversation.
        """
        with feed.change():
            locked = Conversation.objects.select_for_update(no_key=True).get(pk=self.pk)
            old = locked.read_of(reader_id)
            newest = locked.messages.filter(pk__lte=message_id).order_by("-pk").values_list("pk", flat=True).first() or 0
            if newest > old:
                locked._move_pointer(reader_id, newest)
                locked.save(update_fields=["read1", "read2"])
                locked._record_read(reader_id, old)
            return locked._unread_after(reader_id, locked.read_of(reader_id)).count()

    def _move_pointer(self, reader_id: int, message_id: int) -> None:
        if reader_id == self.participant1_id:
            self.read1 = message_id
        else:
            self.read2 = message_id

    def _unread_after(self, reader_id: int, message_id: int) -> "Messages":
        return self.messages.texts_for(reader_id).filter(pk__gt=message_id)

    def _record_read(self, reader_id: int, old: int) -> None:
        new = self.read_of(reader_id)
        counts = self._unread_after(reader_id, old).aggregate(
            passed=Count("pk", filter=Q(pk__lte=new)), left=Count("pk", filter=Q(pk__gt=new))
        )
        if counts["passed"]:
            data = {
                "conversation": self.pk,
                "reader": reader_id,
                "message": new,
                "count": counts["passed"],
                "unread": counts["left"],
            }
            feed.record("message.read", to=self.participants, data=data)


class Messages(models.QuerySet):
    def texts_for(self, user) -> "Messages":
        """What others wrote to `user`; deal lines are never unread."""
        return self.filter(kind=Message.Kind.TEXT).exclude(sender=user)


class Message(models.Model):
    """Its place in the conversation is its id. `ref` makes sending safe to repeat."""

    class Kind(models.TextChoices):
        TEXT = "text"
        DEAL = "deal"  # a line of the deal's history that no trader can write; `content` is the code of the step

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages", db_index=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.TEXT)
    content = models.TextField()
    ref = models.CharField(max_length=64, null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = Messages.as_manager()

    class Meta:
        verbose_name = _("сообщение")
        verbose_name_plural = _("сообщения")
        indexes = [models.Index(fields=["conversation", "id"], name="message_in_conversation")]
        constraints = [
            models.UniqueConstraint(fields=["sender", "ref"], condition=~Q(ref=None), name="message_one_per_ref"),
            models.CheckConstraint(condition=Q(kind__in=["text", "deal"]), name="message_kind_known"),
        ]

    def __str__(self):
        return f"№ {self.pk}"

    @property
    def sender_username(self) -> str:
        return self.sender.username

    @property
    def is_read(self) -> bool:
        return self.is_read_in(self.conversation)

    def is_read_in(self, conversation: Conversation) -> bool:
        """Whether the other side has read it, by the pointer alone; a line of the deal waits for nobody."""
        if self.kind == Message.Kind.DEAL:
            return True
        return conversation.read_of(conversation.other_id(self.sender_id)) >= self.pk


class _Batch:
    """The messages of one post_many(): read what decides under the locks, then write all of it at once."""

    def __init__(self, drafts: list[Draft]):
        self.drafts = drafts
        locked = Conversation.objects.select_for_update(no_key=True).filter(pk__in={draft.conversation_id for draft in drafts})
        self.talks = {talk.pk: talk for talk in locked.order_by("pk")}
        people = {user_id for talk in self.talks.values() for user_id in talk.participants}
        self.people = {user.pk: user for user in CustomUser.objects.filter(pk__in=people).only("username", "is_active")}
        refs = {draft.ref for draft in drafts if draft.ref is not None}
        self.by_ref = {
            (message.sender_id, message.ref): message
            for message in (
                Message.objects.filter(ref__in=refs, sender__in={draft.author_id for draft in drafts}) if refs else ()
            )
        }
        self.new: list[Message] = []

    def write(self) -> list[Message | Refusal]:
        answers = [self._answer(draft) for draft in self.drafts]
        if self.new:
            Message.objects.bulk_create(self.new)
            for message in self.new:
                feed.record("message.new", message, to=message.conversation.participants)
            self._move_talks()
        return answers

    def _answer(self, draft: Draft) -> Message | Refusal:
        talk = self.talks.get(draft.conversation_id)
        if talk is None or draft.author_id not in talk.participants:
            return Forbidden()
        if draft.kind == Message.Kind.TEXT and not all(self.people[user_id].is_active for user_id in talk.participants):
            return Blocked()
        told = self.by_ref.get((draft.author_id, draft.ref)) if draft.ref is not None else None
        if told is not None:
            if (told.conversation_id, told.content) != (draft.conversation_id, draft.content):
                return RefReused()
            told.conversation, told.sender = talk, self.people[draft.author_id]
            return told
        message = Message(
            conversation=talk, sender=self.people[draft.author_id], kind=draft.kind, content=draft.content, ref=draft.ref
        )
        self.new.append(message)
        if draft.ref is not None:
            self.by_ref[draft.author_id, draft.ref] = message
        return message

    def _move_talks(self) -> None:
        """The newest message and its time, and each author's pointer to the own last text."""
        before = {talk.pk: (talk.read1, talk.read2, talk.last_message_id) for talk in self.talks.values()}
        for message in self.new:
            message.conversation.last_message_id = message.pk
            if message.kind == Message.Kind.TEXT:
                message.conversation._move_pointer(message.sender_id, message.pk)
        moved = [talk for talk in self.talks.values() if talk.last_message_id != before[talk.pk][2]]
        for talk in moved:
            # One by one: a row costs less than its part of the CASE that bulk_update makes.
            Conversation.objects.filter(pk=talk.pk).update(
                last_message_id=talk.last_message_id, updated_at=Now(), read1=talk.read1, read2=talk.read2
            )
            read1, read2, last = before[talk.pk]
            authors = {message.sender_id for message in self.new if message.conversation is talk}
            for reader_id, old in ((talk.participant1_id, read1), (talk.participant2_id, read2)):
                # Who had read all there was passed nothing, unless the other side wrote in this same batch.
                if talk.read_of(reader_id) > old and (old < last or len(authors) > 1):
                    talk._record_read(reader_id, old)
