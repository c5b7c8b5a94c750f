"""What the tables say afterwards: every message that was sent is there once and in order, and in both logs."""

from psycopg import Connection, sql

SLOT, NUMBER = "split_part(ref, '.', 1)", "split_part(ref, '.', 3)::int"


def messages(connection: Connection, slots: dict[str, dict[int, int]], table: str) -> list[str]:
    """Of each slot and author the numbers from 1 to what was sent, once each, their ids in the same order."""
    query = sql.SQL(
        f"SELECT slot, sender_id, count(*), count(DISTINCT number), max(number), count(*) FILTER (WHERE number < before) "
        f"FROM (SELECT {SLOT} AS slot, sender_id, {NUMBER} AS number, "
        f"lag({NUMBER}) OVER (PARTITION BY {SLOT}, sender_id ORDER BY id) AS before "
        "FROM {table} WHERE ref LIKE '%.%.%') AS said GROUP BY slot, sender_id"
    ).format(table=sql.Identifier(table))
    found = {(slot, author): counts for slot, author, *counts in connection.execute(query) if slot in slots}
    lost = doubled = reordered = unknown = 0
    for slot, authors in slots.items():
        for author, sent in authors.items():
            every, different, highest, backwards = found.pop((slot, author), (0, 0, 0, 0))
            lost += max(0, sent - different)
            doubled += every - different
            unknown += max(0, (highest or 0) - sent)
            reordered += backwards
    counts = {"lost": lost, "doubled": doubled, "reordered": reordered, "never sent": unknown + len(found)}
    return [f"{number} rows {what}" for what, number in counts.items() if number]


LOGS = {
    "messages that are not once in both people's logs": """
        SELECT count(*) FROM chat_message AS m JOIN chat_conversation AS c ON c.id = m.conversation_id
        LEFT JOIN (
            SELECT about, array_agg(user_id ORDER BY user_id) AS people FROM live_event
            WHERE type = 'message.new' GROUP BY about
        ) AS e ON e.about = m.id
        WHERE c.participant1_id = ANY(%(people)s)
        AND e.people IS DISTINCT FROM ARRAY[c.participant1_id, c.participant2_id]
    """,
    "logs that are not dense from 1 to their head": """
        SELECT count(*) FROM live_inbox AS i LEFT JOIN (
            SELECT user_id, count(*) AS rows, min(seq) AS first, max(seq) AS last FROM live_event GROUP BY user_id
        ) AS e ON e.user_id = i.user_id
        WHERE i.user_id = ANY(%(people)s) AND i.head > 0
        AND (e.rows IS DISTINCT FROM i.head OR e.first IS DISTINCT FROM 1 OR e.last IS DISTINCT FROM i.head)
    """,
    "messages that a log has in another order than their talk": """
        SELECT count(*) FROM (
            SELECT about, lag(about) OVER (PARTITION BY user_id ORDER BY seq) AS before FROM live_event
            WHERE type = 'message.new' AND user_id = ANY(%(people)s)
        ) AS told WHERE about <= before
    """,
    "read pointers above the newest message": """
        SELECT count(*) FROM chat_conversation WHERE participant1_id = ANY(%(people)s)
        AND greatest(read1, read2) > last_message_id
    """,
}


def logs(connection: Connection, people: list[int]) -> list[str]:
    """LootLink's: each of these people has one talk."""
    found = {what: connection.execute(query, {"people": people}).fetchone()[0] for what, query in LOGS.items()}
    return [f"{number} {what}" for what, number in found.items() if number]
