"""A query that Django makes into SQL once: making it costs a page more than asking the database does."""

import copy
from collections.abc import Callable
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Expression, QuerySet, Subquery
from django.db.models.query import ValuesListIterable

from . import direct

FORMS = 100  # kept of one query, the least asked for forgotten first


class Given(Expression):
    """Stands in a query for a value that is known only when it runs; `many` for a list, to the right of `__in`."""

    def __init__(self, name: str, output_field=None, many=False):
        super().__init__(output_field=output_field or BigIntegerField())
        self.name, self.many = name, many

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Counted(Subquery):
    """How many rows a query has, as a column of another."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"


class Compiled:
    """`build(*form)` makes the query, with a Given for each value; it must not ask the database. Each form is kept by itself.

    TALK = Compiled(lambda: Conversation.objects.filter(pk=Given("talk")))
    TALK.first(talk=5)

    `plain`: the rows of a values_list() are taken as the driver gives them, which is right where Django would only make an int
    of each int.
    """

    def __init__(self, build: Callable[..., QuerySet], plain=False):
        self.build, self.plain = build, plain
        self._made = lru_cache(FORMS)(self._make)

    def all(self, *form, **given) -> list:
        """What the query would answer with these values in place. No list of them may be empty."""
        made = self._made(connections[DEFAULT_DB_ALIAS].vendor, *form)
        if made is None or not all(_fits(value) for value in given.values()):
            return []
        queryset, compiler, sql, params, converters = made
        connection = connections[DEFAULT_DB_ALIAS]
        rows = _rows(connection, *_filled(sql, params, given, connection))
        if not converters and queryset._iterable_class is ValuesListIterable:
            return rows
        ready = copy.copy(compiler)
        ready.connection = connection
        ready.execute_sql = lambda *_how, **_named: [rows]
        ready.get_converters = lambda _columns: converters
        return list(queryset._iterable_class(_Ready(ready)))

    def first(self, *form, **given):
        """The first row, or None; the query itself should ask for no more."""
        return next(iter(self.all(*form, **given)), None)

    def _make(self, _vendor: str, *form):
        queryset = self.build(*form)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None  # this form can have no rows
        # Django would look at each column at each run.
        columns = () if self.plain else (column for column, *_names in compiler.select)
        converters = compiler.get_converters(columns)
        compiler.connection = None  # a thread's own; each run brings that of its thread
        return queryset, compiler, sql, params, converters


def _fits(value) -> bool:
    """An id out of an address may be beyond what any column holds; SQLite refuses to be asked for it."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


class _Ready:
    """What Django's way from rows to objects asks of a queryset and of its query."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects = {}  # noqa: RUF012

    def __init__(self, compiler):
        self._compiler = compiler

    @property
    def query(self):
        return self

    def get_compiler(self, *_using, **_named):
        return self._compiler


def _rows(connection, sql: str, values: tuple) -> list[tuple]:
    connection.ensure_connection()
    watched = connection.queries_logged or connection.execute_wrappers
    if connection.vendor == "postgresql" and not watched and direct.is_ready(connection.connection):
        with connection.wrap_database_errors:
            return direct.rows(connection.connection, sql, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _filled(sql: str, params: tuple, given: dict, connection) -> tuple[str, tuple]:
    """The SQL with as many marks for a list as it is long, and what stands in them."""
    filled, marks = [], []
    for param in params:
        if isinstance(param, Given):
            values = given[param.name] if param.many else [given[param.name]]
            filled += [param.output_field.get_db_prep_value(value, connection) for value in values]
            marks.append(", ".join(["%s"] * len(values)))
        else:
            filled.append(param)
            marks.append("%s")
    if len(filled) != len(params):
        pieces = sql.split("%s")
        sql = "".join(part for pair in zip(pieces, [*marks, ""], strict=True) for part in pair)
    return sql, tuple(filled)
