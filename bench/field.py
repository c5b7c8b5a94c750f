"""The servers of one bench: PostgreSQL as in production, with fsync on, and Redis; each contender has a database of its own."""

import psycopg

from tests.servers import Postgres, Redis

from . import cpu

CLEAN = "clean"


class Field:
    def __init__(self, folder):
        self.folder = folder
        self.postgres = Postgres(folder, durable=True)
        self.redis = Redis(folder)

    def start(self) -> None:
        self.postgres.start()
        self.redis.start()

    def stop(self) -> None:
        self.redis.stop()
        self.postgres.stop()

    @property
    def url(self) -> str:
        """Of LootLink's database, which this process speaks to through Django."""
        return self.postgres.url

    def keep_clean(self) -> None:
        """From now on there is a copy of LootLink's tables as they are. Nobody may be connected to them."""
        self.database(CLEAN, "lootlink")

    def prepared(self, name: str) -> str:
        """The address of a new database with LootLink's tables, and nothing in them."""
        return self.database(name, CLEAN)

    def database(self, name: str, template: str = "template1") -> str:
        """The address of a new one."""
        with psycopg.connect(self._at("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._at(name)

    def _at(self, name: str) -> str:
        return f"{self.url.rpartition('/')[0]}/{name}"

    def settle(self, database: str = "") -> None:
        """What one contender has left to be written or cleaned up is not for the next one to pay."""
        with psycopg.connect(database or self.url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE, SKIP_LOCKED)")
            connection.execute("CHECKPOINT")

    def cpu(self, *application: int) -> dict[str, float]:
        """Seconds worked so far: by the application's processes, Redis and PostgreSQL."""
        return {
            "app": cpu.of_trees(*application),
            "redis": cpu.of_trees(self.redis.process.pid),
            "postgres": cpu.of_trees(self.postgres.process.pid),
        }
