"""Hands let go at the same moment, a thread and a connection each, and what the connections met on the way."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import Error, connection, connections

WAIT = 30  # seconds


class Hands:
    """`met` counts every error that a statement met, also where the product tried again and nobody saw it."""

    def __init__(self, pool: ThreadPoolExecutor, number: int):
        self.met: Counter[str] = Counter()
        self._pool, self._barrier = pool, Barrier(number)

    def together(self, calls: Iterable[Callable]) -> list:
        """As many calls as there are hands; what each returned, or the database error that it ended with."""
        return list(self._pool.map(self._run, calls))

    def _run(self, call):
        self._barrier.wait(WAIT)
        try:
            with connection.execute_wrapper(self._watch):
                return call()
        except Error as error:
            return error

    def _watch(self, execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except Error as error:
            self.met[code(error)] += 1
            raise


def code(error: Error) -> str:
    """The SQLSTATE, or what SQLite says."""
    return getattr(error.__cause__, "sqlstate", None) or str(error)


@contextmanager
def hands(number: int) -> Iterator[Hands]:
    with ThreadPoolExecutor(number) as pool:
        all_of_them = Hands(pool, number)
        yield all_of_them
        all_of_them.together([connections.close_all] * number)
