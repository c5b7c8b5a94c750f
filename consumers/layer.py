"""channels-redis' pub/sub layer with one connection of our own behind it, which both speaks and hears.

redis-py wakes three tasks and sets two timers for each message, which at a light load was a third of what a worker did. It
still opens the connection: it knows of passwords, TLS and the like.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import hiredis
from channels_redis.pubsub import RedisPubSubChannelLayer, RedisSingleShardConnection
from channels_redis.utils import create_pool
from redis.asyncio import Connection
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ResponseError

THE_END = None  # what channels hear last when their connection ends


class Layer(RedisPubSubChannelLayer):
    """As its base, but receive() raises redis-py's ConnectionError when the connection has ended: all is to be joined anew."""

    def _get_layer(self):
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            layer = super()._get_layer()
            layer._shards = [Shard(shard.host, layer) for shard in layer._shards]
        return self._layers[loop]

    def deserialize(self, message: bytes | None) -> dict:
        if message is THE_END:
            raise Lost("the connection has ended")
        return super().deserialize(message)


class Shard(RedisSingleShardConnection):
    """Opens its line when something is to be said."""

    def __init__(self, host: dict, layer):
        # Of RESP3: there who is subscribed may publish too.
        super().__init__({**host, "protocol": 3}, layer)
        self._line: Line | None = None

    async def publish(self, channel: str, message: bytes) -> None:
        await self._ask(b"PUBLISH", channel.encode(), message)

    async def subscribe(self, channel: str) -> None:
        await self._ask(b"SUBSCRIBE", channel.encode())

    async def unsubscribe(self, channel: str) -> None:
        await self._ask(b"UNSUBSCRIBE", channel.encode())

    async def flush(self) -> None:
        if self._line is not None:
            self._line.close()

    async def _ask(self, *words: bytes) -> None:
        if self._line is None:
            async with self._lock:
                if self._line is None:
                    connection = await create_pool(self.host).get_connection()
                    self._line = Line(connection, self._receive_message, self._ended)
        await self._line.ask(words)

    def _ended(self) -> None:
        self._line = None
        layer = self.channel_layer
        channels, layer.channels, layer.groups = layer.channels, {}, {}
        for queue in channels.values():
            queue.put_nowait(THE_END)


class Line(asyncio.Protocol):
    """A connection that redis-py has opened, from then on without it."""

    def __init__(self, connection: Connection, heard: Callable[[dict], None], ended: Callable[[], None]):
        self._connection, self._heard, self._ended = connection, heard, ended
        self._reader = hiredis.Reader()
        self._answers: deque[asyncio.Future] = deque()  # in the order of what was asked
        self._transport = connection._writer.transport
        self._transport.set_protocol(self)

    def ask(self, words: tuple[bytes, ...]) -> asyncio.Future:
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        self._transport.write(hiredis.pack_command(words))
        return answer

    def close(self) -> None:
        """At once: a Redis that is frozen reads nothing."""
        self._transport.abort()
        self.connection_lost(None)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (word := self._reader.gets()) is not False:
            if isinstance(word, hiredis.PushNotification) and word[0] == b"message":
                self._heard({"channel": word[1], "data": word[2]})
            elif self._answers and not (answer := self._answers.popleft()).done():
                if isinstance(word, hiredis.ReplyError):
                    answer.set_exception(ResponseError(str(word)))
                else:
                    answer.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        ended, self._ended = self._ended, lambda: None
        ended()
        self._connection._close()
        while self._answers:
            if not (answer := self._answers.popleft()).done():
                answer.set_exception(Lost("the connection has ended"))
