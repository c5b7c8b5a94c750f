"""logs: what a log costs its reader and its writer with a thousand to a million events in it."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from apps.chat.drafts import Draft
from apps.chat.models import Conversation
from apps.live import feed
from drills import people

from .field import Field
from .part import Contender, Measured, NotRun, Scale, Trial, part

EVENTS = (1_000, 10_000, 100_000, 1_000_000)
LACKED = 200  # events that a tab comes back for
REPEATS = 100
FILL = """
    INSERT INTO live_event (user_id, seq, type, data, created_at)
    SELECT user_id, seq, 'message.read', '{}', statement_timestamp()
    FROM live_inbox CROSS JOIN LATERAL generate_series(head + 1, %(events)s) seq WHERE user_id = ANY(%(people)s)
"""


@part("logs", f"reading and writing a log of {EVENTS[0]:,} to {EVENTS[-1]:,} events")
@contextmanager
def logs(field: Field, scale: Scale) -> Iterator[Trial]:
    if scale.quick:
        raise NotRun("only without --quick")
    talks = {events: _filled(events) for events in EVENTS}
    field.settle()
    yield Trial([Contender("LootLink", lambda: _asked(talks), ours=True)], [], rounds=3)


def _filled(events: int) -> people.Talk:
    (talk,) = people.pairs(1)[1]
    of = {"events": events, "people": [talk.one, talk.other]}
    with connection.cursor() as cursor:
        cursor.execute(FILL, of)
        cursor.execute("UPDATE live_inbox SET head = %(events)s WHERE user_id = ANY(%(people)s)", of)
    return talk


def _asked(talks: dict[int, people.Talk]) -> Measured:
    found = Measured({})
    for events, talk in talks.items():
        head = feed.head(talk.one)
        work = {
            "its head": partial(feed.head, talk.one),
            f"{LACKED} lacked": partial(feed.since, talk.one, head - LACKED, LACKED),
            "a message": partial(Conversation.post_many, [Draft(talk.id, talk.one, "Ещё продаётся?")]),
        }
        found.figures |= {f"{events}: {name} ms": _took(call) for name, call in work.items()}
        if feed.head(talk.one) != head + REPEATS:
            found.faults.append(f"{feed.head(talk.one) - head} events of {REPEATS} messages")
    return found


def _took(call: Callable[[], object]) -> float:
    """The median, in ms."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000
