"""post_many() and read_many() on PostgreSQL in one round trip: what models.py does through the ORM, which is the reference.

It writes what needs no judgement. A draft that it gives no answer to goes to the reference, which says why; a `ref`
that was used before breaks a constraint, nothing is written, and the whole batch goes there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from psycopg import Connection
from psycopg.pq.abc import PGresult

from apps.live.push import News

from . import pipeline
from .drafts import Draft, Reading

EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class Said:
    """A Message that was written, with what its frame says: a model costs more to make than the row to write."""

    pk: int
    conversation_id: int
    sender_id: int
    sender_username: str
    content: str
    ref: str | None
    is_read: bool
    created_at: datetime
    kind: str = "text"


# The locks are statements of their own: what WRITE sees is then what was committed before them, and ids and numbers
# that are drawn under them are in the order of the commits. Both sorted, and in the documented order.
LOCK_TALKS = "SELECT FROM chat_conversation WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
LOCK_INBOXES = """
SELECT FROM live_inbox WHERE user_id IN (
    SELECT unnest(ARRAY[participant1_id, participant2_id]) FROM chat_conversation WHERE id = ANY($1::bigint[])
) ORDER BY user_id FOR NO KEY UPDATE
"""
# What both statements answer: a row for each event, those of a user in its order. From the place of its draft on it is of the
# message, and None where one was read; the moment is in microseconds since 1970.
USER, SEQ, ABOUT, DATA, PLACE, NAME, IS_READ, AT = range(8)
# What is told, in the order of the drafts, and then the readings by talk.
TELL = """
numbered AS (
    -- Without an inbox there is no number, which the log's table refuses: better no message than one that is not told.
    SELECT event.*, head + row_number() OVER (PARTITION BY user_id ORDER BY place, talk_id, author_id) AS seq
    FROM event LEFT JOIN live_inbox USING (user_id)
), logged AS (
    INSERT INTO live_event (user_id, seq, type, about, data, created_at)
    SELECT user_id, seq, type, about, data, statement_timestamp() FROM numbered
), counted AS (
    UPDATE live_inbox SET head = newest
    FROM (SELECT user_id, max(seq) AS newest FROM numbered GROUP BY user_id) news
    WHERE live_inbox.user_id = news.user_id
)
"""
PASSED = """
    SELECT user_id, 'message.read' AS type, NULL::bigint AS about, jsonb_build_object(
        'conversation', talk_id, 'reader', reader_id, 'message', new, 'count', passed, 'unread', unread
    ) AS data, NULL::bigint AS place, talk_id, reader_id AS author_id
    FROM passing CROSS JOIN LATERAL (VALUES (participant1_id), (participant2_id)) AS told (user_id)
"""
WRITE = f"""
WITH draft AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
    WITH ORDINALITY AS draft (talk_id, author_id, content, ref, place)
), message AS (
    -- Only of participants, and where neither is banned. Sorted first: ids are then in the order of the drafts.
    SELECT nextval('chat_message_id_seq') AS id, allowed.* FROM (
        SELECT draft.*, participant1_id, participant2_id,
            CASE author_id WHEN participant1_id THEN one.username ELSE other.username END AS author
        FROM draft
        JOIN chat_conversation talk ON talk.id = talk_id AND author_id IN (participant1_id, participant2_id)
        JOIN accounts_customuser one ON one.id = participant1_id AND one.is_active
        JOIN accounts_customuser other ON other.id = participant2_id AND other.is_active
        ORDER BY place
    ) allowed
), said AS (
    SELECT talk_id, participant1_id, participant2_id, max(id) AS last,
        max(id) FILTER (WHERE author_id = participant1_id) AS last1,
        max(id) FILTER (WHERE author_id = participant2_id) AS last2
    FROM message GROUP BY talk_id, participant1_id, participant2_id
), reader AS (
    -- Who writes has read. Who had read all there was passes nothing, unless both wrote in this batch.
    SELECT said.*, reader_id, old, new FROM said
    JOIN chat_conversation talk ON talk.id = talk_id
    CROSS JOIN LATERAL (
        VALUES (said.participant1_id, read1, last1), (said.participant2_id, read2, last2)
    ) AS reader (reader_id, old, new)
    WHERE new IS NOT NULL AND (old < talk.last_message_id OR last1 IS NOT NULL AND last2 IS NOT NULL)
), passing AS (
    SELECT reader.*, passed, unread FROM reader CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE id <= new) AS passed, count(*) FILTER (WHERE id > new) AS unread FROM (
            SELECT id FROM chat_message
            WHERE conversation_id = talk_id AND id > old AND sender_id <> reader_id AND kind = 'text'
            UNION ALL
            SELECT id FROM message WHERE message.talk_id = reader.talk_id AND author_id <> reader_id
        ) text
    ) texts WHERE passed > 0
), event AS (
    SELECT user_id, 'message.new' AS type, id AS about, NULL::jsonb AS data, place, talk_id, author_id
    FROM message CROSS JOIN LATERAL (VALUES (participant1_id), (participant2_id)) AS reader (user_id)
    UNION ALL
    {PASSED}
), {TELL}, written AS (
    INSERT INTO chat_message (id, conversation_id, sender_id, kind, content, ref, created_at)
    SELECT id, talk_id, author_id, 'text', content, ref, statement_timestamp() FROM message
), moved AS (
    UPDATE chat_conversation talk SET last_message_id = last, updated_at = statement_timestamp(),
        read1 = coalesce(last1, read1), read2 = coalesce(last2, read2)
    FROM said WHERE talk.id = talk_id
    RETURNING talk.id, read1, read2
)
SELECT user_id, seq, about, data, place - 1, author,
    -- By the other one, who wrote later in the same batch.
    CASE message.author_id WHEN participant1_id THEN read2 ELSE read1 END >= message.id,
    (extract(epoch FROM statement_timestamp()) * 1000000)::bigint
FROM numbered
LEFT JOIN message USING (place)
LEFT JOIN moved ON moved.id = message.talk_id
ORDER BY user_id, seq
"""  # noqa: S608 - made of the constants above
READ = f"""
WITH asked AS (
    SELECT talk_id, reader_id, max(message_id) AS upto
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS asked (talk_id, reader_id, message_id)
    GROUP BY talk_id, reader_id
), reader AS (
    -- Never back, and never past the newest message of the talk.
    SELECT talk_id, reader_id, participant1_id, participant2_id, old, new FROM asked
    JOIN chat_conversation talk ON talk.id = talk_id AND reader_id IN (participant1_id, participant2_id)
    CROSS JOIN LATERAL (SELECT CASE reader_id WHEN participant1_id THEN read1 ELSE read2 END AS old) was
    CROSS JOIN LATERAL (SELECT max(id) AS new FROM chat_message WHERE conversation_id = talk_id AND id <= upto) newest
    WHERE new > old
), passing AS (
    SELECT reader.*, passed, unread FROM reader CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE id <= new) AS passed, count(*) FILTER (WHERE id > new) AS unread
        FROM chat_message
        WHERE conversation_id = talk_id AND id > old AND sender_id <> reader_id AND kind = 'text'
    ) texts WHERE passed > 0
), moved AS (
    UPDATE chat_conversation talk SET read1 = coalesce(new1, read1), read2 = coalesce(new2, read2) FROM (
        SELECT talk_id, max(new) FILTER (WHERE reader_id = participant1_id) AS new1,
            max(new) FILTER (WHERE reader_id = participant2_id) AS new2
        FROM reader GROUP BY talk_id
    ) reader WHERE talk.id = talk_id
), event AS (
    {PASSED}
), {TELL}
SELECT user_id, seq, about, data
FROM numbered ORDER BY user_id, seq
"""  # noqa: S608 - made of the constants above


def fits(drafts: list[Draft]) -> bool:
    """Whether they may go this way: alone in their transaction, and texts; a deal's lines are part of its own change."""
    return connection.vendor == "postgresql" and not connection.in_atomic_block and all(each.kind == "text" for each in drafts)


class Batch:
    """What is said and what is read in one transaction: its statements, and what came of them.

    `answers` has None for a draft that was not let through; `news` is what to tell.
    """

    def __init__(self, drafts: list[Draft], readings: list[Reading]):
        self._drafts = drafts
        self.answers: list[Said | None] = [None] * len(drafts)
        self.news: list[News] = []
        self._kept: dict[bytes, dict] = {}
        talks = [pipeline.array({item.conversation_id for item in (*drafts, *readings)})]
        self.statements = [(LOCK_TALKS, talks), (LOCK_INBOXES, talks)]
        if readings:
            self.statements.append((READ, [pipeline.array(column) for column in zip(*readings, strict=True)]))
        if drafts:
            *columns, _kinds = zip(*drafts, strict=True)
            self.statements.append((WRITE, [pipeline.array(column) for column in columns]))

    def take(self, results: list[PGresult]) -> None:
        for (text, _values), found in zip(self.statements, results, strict=True):
            if text is READ:
                self.news += [self._told(found.get_value, row) for row in range(found.ntuples)]
            elif text is WRITE:
                self._take_written(found)

    def _take_written(self, found: PGresult) -> None:
        cell = found.get_value
        for row in range(found.ntuples):
            place = cell(row, PLACE)
            self.news.append(self._told(cell, row, None if place is None else self._said(cell, row, int(place))))

    def _said(self, cell: Callable[[int, int], bytes | None], row: int, place: int) -> Said:
        """Both sides are told of the same one."""
        said = self.answers[place]
        if said is None:
            talk, author, content, ref, _kind = self._drafts[place]
            id, name, is_read = int(cell(row, ABOUT)), cell(row, NAME).decode(), cell(row, IS_READ) == b"t"
            said = self.answers[place] = Said(id, talk, author, name, content, ref, is_read, _moment(cell(row, AT)))
        return said

    def _told(self, cell: Callable[[int, int], bytes | None], row: int, message: Said | None = None) -> News:
        """A cell costs its time: only those that are needed are asked for."""
        user_id, seq = int(cell(row, USER)), int(cell(row, SEQ))
        if message is not None:
            return News(user_id, seq, "message.new", message.pk, None, message)
        # What both sides are told stays one thing: its frame is then made once.
        data = cell(row, DATA)
        if data not in self._kept:
            self._kept[data] = json.loads(data)
        return News(user_id, seq, "message.read", None, self._kept[data])


def write(drafts: list[Draft], readings: list[Reading]) -> Batch:
    """Write the drafts, move the pointers, write the events of both, and commit.

    Raises as the ORM does: IntegrityError for a `ref` that was used.
    """
    batch = Batch(drafts, readings)
    with connection.wrap_database_errors:
        connection.ensure_connection()
        batch.take(pipeline.run(connection.connection, batch.statements))
    return batch


def way() -> Connection:
    """This thread's connection, with all prepared that a Batch says: for whoever will not wait in a thread for it."""
    if connection.connection is not None and connection.connection.closed:
        connection.close()
    with connection.wrap_database_errors:
        connection.ensure_connection()
        pipeline.prepare(connection.connection, (LOCK_TALKS, LOCK_INBOXES, READ, WRITE))
    return connection.connection


def _moment(at: bytes) -> datetime:
    return EPOCH + timedelta(microseconds=int(at))
