"""A thread with a connection of its own that stops before a statement of our choice; COMMIT is one too. PostgreSQL only."""

from collections.abc import Callable
from threading import Event, Thread

from django.db import Error, connection, connections

from .hands import code

WAIT = 20  # seconds
LOOK = 0.002


class Stepped:
    """`begin(call, n)` runs n statements of the call and stops; `go_on()` lets it run to its end.

    `statement` is the last one that began, `met` the codes of errors, also of those that the product got over.
    """

    def __enter__(self) -> "Stepped":
        self._given, self._ready, self._closing = Event(), Event(), False
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()
        assert self._ready.wait(WAIT)
        return self

    def __exit__(self, *failure) -> None:
        self._closing = True
        self._given.set()
        self._thread.join(WAIT)

    def begin(self, call: Callable, statements: int | None = None) -> None:
        self._call, self._left = call, statements
        self.statement, self.met = "", []
        self._go, self._rested, self._ended, self._end = Event(), Event(), Event(), None
        self._given.set()

    def wait(self) -> bool:
        """Until it stopped or ended: True. False when somebody's lock keeps it."""
        deadline = WAIT / LOOK
        while not self._rested.wait(LOOK):
            if self._is_blocked():
                return False
            deadline -= 1
            assert deadline, "a stepped thread neither ended nor waits"
        return True

    def asked(self) -> str:
        """What the server does for it now, by whatever way it was asked."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [self._pid])
            return cursor.fetchone()[0].strip()

    def go_on(self) -> None:
        self._go.set()

    def result(self):
        """What the call returned, or the database error that it ended with."""
        self._go.set()
        assert self._ended.wait(WAIT), "a stepped thread does not end"
        return self._end

    @property
    def done(self) -> bool:
        return self._ended.is_set()

    def _is_blocked(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self._pid])
            return cursor.fetchone()[0] > 0

    def _work(self):
        connection.ensure_connection()
        self._pid = connection.connection.info.backend_pid
        commit = connection._commit
        connection._commit = lambda: self._stop() or commit()
        self._ready.set()
        with connection.execute_wrapper(self._before):
            while self._given.wait() and not self._closing:
                self._given.clear()
                try:
                    self._end = self._call()
                except Error as error:
                    self._end = error
                self._ended.set()
                self._rested.set()
        connections.close_all()

    def _before(self, execute, sql, *arguments):
        self._stop()
        self.statement = sql
        try:
            return execute(sql, *arguments)
        except Error as error:
            self.met.append(code(error))
            raise

    def _stop(self):
        if self._left == 0:
            self._left = None
            self._rested.set()
            self._go.wait(WAIT)
        elif self._left:
            self._left -= 1
