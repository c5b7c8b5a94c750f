"""Prepared statements that go to PostgreSQL in one write and come back in one read, as one transaction.

psycopg's own pipeline is as safe and takes three times the processor's time of a small batch: it sends each statement by
itself and asks the socket at every step. This is written with psycopg.pq, its documented layer over libpq.
"""

import itertools
import select
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from psycopg import Connection, errors
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

LOST = "the connection was lost"

# What is prepared on a connection, by its text.
_names: WeakKeyDictionary[Connection, dict[str, bytes]] = WeakKeyDictionary()
_numbers = itertools.count()


def run(connection: Connection, statements: list[tuple[str, list[bytes]]]) -> PGresult:
    """What the last one found: `ntuples` rows, and `get_value(row, column)` in PostgreSQL's text form. All is committed, or
    nothing.

    A statement is its text, with $1, $2 …, and their values in the same form. The connection must be in no transaction.
    Raises psycopg's errors.
    """
    named = [(_name(connection, text), values) for text, values in statements]
    try:
        results = _exchange(connection.pgconn, named)
    except BaseException:
        connection.close()  # nobody knows how far it went
        raise
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
    return results[-1]


def array(values: Iterable[int | str | None]) -> bytes:
    """A list as PostgreSQL writes it."""
    return f"{{{','.join(map(_element, values))}}}".encode()


def _element(value: int | str | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if "\0" in value:
        raise errors.DataError("PostgreSQL can't keep a zero character.")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _name(connection: Connection, text: str) -> bytes:
    names = _names.setdefault(connection, {})
    if text not in names:
        name = b"lootlink_%d" % next(_numbers)
        result = connection.pgconn.prepare(name, text.encode())
        if connection.pgconn.status != ConnStatus.OK:
            raise errors.OperationalError(LOST)
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
        names[text] = name
    return names[text]


def _exchange(libpq: PGconn, statements: list[tuple[bytes, list[bytes]]]) -> list[PGresult]:
    """The results in order; those after one that failed say that they were not run."""
    libpq.enter_pipeline_mode()
    for name, values in statements:
        libpq.send_query_prepared(name, values)
    libpq.pipeline_sync()
    poll = select.poll()
    while libpq.flush():
        # More than the kernel takes at once: the server may have to be heard before it reads on.
        poll.register(libpq.socket, select.POLLIN | select.POLLOUT)
        poll.poll()
        libpq.consume_input()
    poll.register(libpq.socket, select.POLLIN)
    results: list[PGresult] = []
    while not results or results[-1].status != ExecStatus.PIPELINE_SYNC:
        while libpq.is_busy():
            poll.poll()
            libpq.consume_input()
        result = libpq.get_result()  # None after each statement's own
        if result is not None:
            results.append(result)
        elif libpq.status != ConnStatus.OK:
            raise errors.OperationalError(LOST)
    libpq.exit_pipeline_mode()
    return results[:-1]
