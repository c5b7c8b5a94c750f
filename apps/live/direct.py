"""A query's rows from PostgreSQL by psycopg.pq, its documented layer over libpq: cursors around it cost as much as asking."""

from psycopg import Connection, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus


def is_ready(connection: Connection) -> bool:
    """Not where psycopg would first have to begin a transaction."""
    return connection.autocommit or connection.pgconn.transaction_status != TransactionStatus.IDLE


def rows(connection: Connection, sql: str, values: tuple) -> list[tuple]:
    """As a cursor of Django's would fetch them; raises psycopg's errors."""
    transformer = Transformer(connection)
    asked = sql % tuple([transformer.as_literal(value).decode() for value in values])
    result = connection.pgconn.exec_(asked.encode())
    if connection.pgconn.status != ConnStatus.OK:
        raise errors.OperationalError("the connection was lost")
    if result.status != ExecStatus.TUPLES_OK:
        raise errors.error_from_result(result)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)
