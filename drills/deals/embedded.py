"""The site on SQLite alone: writers and a dealer on one file at once, and readers who keep what they saw."""

import uuid
from collections import Counter
from functools import partial
from threading import Event as Flag
from typing import NamedTuple

from django.db import Error

from apps.accounts.models import CustomUser
from apps.chat.models import Conversation, Message
from apps.live import feed

from .bazaar import Bazaar
from .hands import Hands, code
from .stall import offer

WRITERS = 4
AT_ONCE = 50  # events


class Writing(NamedTuple):
    """`errors` surfaced; lost, doubled and out of order by the readers' own logs against the table."""

    errors: Counter
    met: Counter
    lost: int
    doubled: int
    out_of_order: int
    sent: int


def write(hands: Hands, people: list[CustomUser], sends: int, deals: int, seed: int) -> Writing:
    """As many hands as two for each writer, and one: writers, their partners who read, a dealer."""
    bazaar = Bazaar(people[: WRITERS * 2], seed)
    talks = [Conversation.between(offer(people[n]), people[n].pk, people[n + WRITERS].pk) for n in range(WRITERS)]
    over, errors = Flag(), Counter()
    seen = [[] for _talk in talks]
    still = Counter(writers=WRITERS + 1)

    def done(call):
        try:
            call()
        finally:
            still["writers"] -= 1
            if not still["writers"]:
                over.set()

    writers = [partial(done, partial(_send, talk, people[n].pk, sends, errors)) for n, talk in enumerate(talks)]
    readers = [partial(_read, people[n + WRITERS].pk, seen[n], over) for n in range(WRITERS)]
    ends = hands.together([*writers, partial(done, partial(bazaar.walk, 0, deals)), *readers])
    errors.update(str(end) for end in ends if end is not None)
    errors += bazaar.errors
    lost = doubled = wrong = 0
    for talk, mine, reader in zip(talks, seen, people[WRITERS:], strict=False):
        rows = list(Message.objects.filter(conversation=talk).order_by("pk").values_list("pk", flat=True))
        here = set(rows)
        news = [about for _seq, type_, about in mine if type_ == "message.new" and about in here]
        lost += len(here - set(news)) + max(0, sends - len(rows))
        doubled += len(news) - len(set(news)) + max(0, len(rows) - sends)
        wrong += news != sorted(news)
        wrong += [seq for seq, *_rest in mine] != list(range(1, feed.head(reader.pk) + 1))
    return Writing(errors, hands.met, lost, doubled, wrong, sends * WRITERS)


def _send(talk, author_id, sends, errors):
    for number in range(sends):
        ref = str(uuid.uuid4())
        # As a client without an answer: the same words under the same ref again.
        for _try in range(3):
            try:
                talk.post(author_id, f"Слово {number}", ref)
                break
            except Error as error:
                errors[code(error)] += 1


def _read(user_id, seen, over):
    """Until the writers are done and nothing new is there."""
    while True:
        last = over.wait(0.02)
        rows = feed.since(user_id, seen[-1][0] if seen else 0, AT_ONCE)
        seen += [(row.seq, row.type, row.about) for row in rows]
        if last and not rows:
            return
