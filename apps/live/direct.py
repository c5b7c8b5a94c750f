"""A query's rows from PostgreSQL by psycopg.pq, its documented layer over libpq: cursors around it cost as much as asking."""

from datetime import UTC, datetime

from psycopg import Connection, errors
from psycopg.adapt import Loader, Transformer
from psycopg.postgres import types
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

MOMENT = types["timestamptz"].oid


class Moment(Loader):
    """Every connection's zone is UTC, in which PostgreSQL writes what Python itself reads, in a fifth of the time."""

    timezone = UTC  # that Django asks of it

    def load(self, data) -> datetime:
        return datetime.fromisoformat(str(data, "ascii"))


def is_ready(connection: Connection) -> bool:
    """Not where psycopg would first have to begin a transaction."""
    return connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE


def rows(connection: Connection, sql: str, values: tuple) -> list[tuple]:
    """As a cursor of Django's would fetch them; raises psycopg's errors."""
    if connection.adapters.get_loader(MOMENT, Format.TEXT) is not Moment:
        connection.adapters.register_loader(MOMENT, Moment)
    transformer = Transformer(connection)
    result = run(connection, sql % tuple([transformer.as_literal(value).decode() for value in values]))
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def run(connection: Connection, sql: str) -> PGresult:
    result = connection.pgconn.exec_(sql.encode())
    if connection.pgconn.status != ConnStatus.OK:
        raise errors.OperationalError("the connection was lost")
    if result.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        raise errors.error_from_result(result)
    return result
