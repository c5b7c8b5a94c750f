"""A stage of the drills whose sites are what operators run: nginx before the workers, and Redis with a password."""

import contextlib
from collections.abc import Iterator

from drills.stage import Site, Stage
from tests.servers import Redis

from .servers import GuardedRedis, Nginx


class Topology(Stage):
    def __init__(self, folder, database, postgres, port: int | None = None):
        super().__init__(folder, database, postgres)
        self.port = port

    @contextlib.contextmanager
    def site(self, workers: int = 2, **told) -> Iterator[Site]:
        # Its Redis lets the workers' user use channels of this prefix only.
        with super().site(workers, **{"REDIS_PREFIX": "lootlink", "TRUST_PROXY": "on", **told}) as site:
            yield site

    def redis(self, folder) -> Redis:
        return GuardedRedis(folder)

    def balance(self, team, folder, stack):
        nginx = Nginx(folder, [worker.port for worker in team], self.port)
        stack.callback(nginx.stop)
        nginx.start()
        return nginx.url, nginx
