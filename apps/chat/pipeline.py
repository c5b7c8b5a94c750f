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
from psycopg.pq.abc import PGresult

LOST = "the connection was lost"

# What is prepared on a connection, by its text.
_names: WeakKeyDictionary[Connection, dict[str, bytes]] = WeakKeyDictionary()
_numbers = itertools.count()


class Exchange:
    """Statements on their way over one connection, which is in no transaction: all is committed, or nothing.

    A statement is its text, with $1, $2 …, and their values as PostgreSQL writes them. After an error the connection is of
    use only where the exchange was `over` by then.
    """

    def __init__(self, connection: Connection, statements: list[tuple[str, list[bytes]]]):
        self._libpq = connection.pgconn
        self._named = [(_name(connection, text), values) for text, values in statements]
        self._results: list[PGresult] = []
        self.unsent = self.over = False

    def begin(self) -> None:
        self._libpq.enter_pipeline_mode()
        for name, values in self._named:
            self._libpq.send_query_prepared(name, values)
        self._libpq.pipeline_sync()
        # More than the kernel takes at once: the server may have to be heard before it reads on.
        self.unsent = bool(self._libpq.flush())

    def go_on(self) -> None:
        """To be called when there is something to read, or room for what is `unsent`, until it is `over`."""
        if self.unsent:
            self.unsent = bool(self._libpq.flush())
        self._libpq.consume_input()
        while not self.over and not self._libpq.is_busy():
            result = self._libpq.get_result()  # None after each statement's own
            if result is None:
                if self._libpq.status != ConnStatus.OK:
                    raise errors.OperationalError(LOST)
            elif result.status == ExecStatus.PIPELINE_SYNC:
                self._libpq.exit_pipeline_mode()
                self.over = True
            else:
                self._results.append(result)

    def results(self) -> list[PGresult]:
        """What each statement found: `ntuples` rows, and `get_value(row, column)` in PostgreSQL's text form.

        Raises psycopg's error where one of them failed.
        """
        for result in self._results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise errors.error_from_result(result)
        return self._results


def run(connection: Connection, statements: list[tuple[str, list[bytes]]]) -> list[PGresult]:
    """The results of an Exchange, waited for."""
    exchange = Exchange(connection, statements)
    poll = select.poll()
    try:
        exchange.begin()
        while not exchange.over:
            poll.register(connection.pgconn.socket, select.POLLIN | select.POLLOUT * exchange.unsent)
            poll.poll()
            exchange.go_on()
    except BaseException:
        connection.close()  # nobody knows how far it went
        raise
    return exchange.results()


def prepare(connection: Connection, texts: Iterable[str]) -> None:
    """So that nobody has to wait for it later."""
    for text in texts:
        _name(connection, text)


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
