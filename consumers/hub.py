"""One worker: who is connected, the `live` group that wakes it, and the tick that heals what the group lost."""

import asyncio
import logging
import random
import time
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable

import msgspec
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.live import push
from apps.live.push import GROUP, Hint
from lootlink import measures

from . import looking, pool
from .reader import Reader
from .writer import Writer

logger = logging.getLogger(__name__)

# redis-py's errors are no OSErrors; the layer's pool raises RuntimeError once its loop is closed.
AWAY = (OSError, RedisError, TimeoutError, RuntimeError)
REJOIN = 2  # seconds that a new subscription has until it is heard, before it is given up for another
# Seconds that a hint may be later than the one after it: of two workers that write to one trader each is heard by another
# way. Busy ones take longer, and would be busier still if every tab read the log meanwhile.
LATE, LATE_ECHOES, LATE_AT_MOST = 0.02, 3, 0.5
LATE_WITHOUT_REDIS = 0.25  # a worker then hears itself alone, and every hint would be a gap
WAITING_HINTS = 1_000  # beyond it the oldest is dropped: its readers are healed by the tick


def _soon() -> asyncio.Timeout:
    """The time that Redis may take. Not wait_for(): it swallows a cancellation that meets the answer."""
    return asyncio.timeout(settings.LAYER_TIMEOUT)


class Hub:
    """`layer` makes the channel layer; tests give one that lies."""

    def __init__(self, layer: Callable = get_channel_layer):
        self._new_layer = layer
        self.id = uuid.uuid4().hex
        self.sockets: dict[int, list] = defaultdict(list)  # user → sockets, the oldest first
        self.open: set = set()  # all from their acceptance to their `bye`, those of strangers too
        self.counts: Counter[str] = Counter()
        self.draining = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard_at = 0.0

    # The process

    def start(self) -> None:
        """Serve on the running event loop; nothing where it already does."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop = loop
        self.writer, self.reader = Writer(), Reader()
        # The tick heals every loss: it must not queue behind what it heals, not for a connection either.
        self._line = pool.Line("tick")
        self.sockets.clear()
        self.open.clear()
        self._hints: deque[Hint] = deque(maxlen=WAITING_HINTS)
        self._speak_now = asyncio.Event()
        self._layer = self._new_layer()
        self._heard_at = time.monotonic()
        self._echo = 0.0  # seconds that a hint of this worker took through Redis and back
        self._present_at = 0.0
        self._silent_until = 0.0
        self._rejoined_at = 0.0
        self._listener = asyncio.create_task(self._listen())
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._tick_forever())]
        push.connect(self)

    async def stop(self) -> None:
        """End what start() began; a test's loop must end with nothing running."""
        push.disconnect(self)
        await self._forget_layer()
        tasks = [self._listener, *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.writer.stop()
        await self.reader.stop()
        await self._line.stop()
        self._loop = None

    async def drain(self, seconds: float = 1.5) -> None:
        """Send every tab elsewhere, spread over `seconds`, so that they don't come back all at once; done when all were told."""
        self.draining = True
        sockets = list(self.open)
        random.shuffle(sockets)
        began = time.monotonic()
        for number, socket in enumerate(sockets):
            # By the clock: on a busy loop naps add up.
            if (early := began + seconds * number / len(sockets) - time.monotonic()) > 0:
                await asyncio.sleep(early)
            socket.end(4012, _("Сервер перезапускается."))
        while self.open:
            await asyncio.sleep(0.02)

    @property
    def layer_well(self) -> bool:
        """Whether this worker has lately heard itself through Redis; without Redis there is nothing to hear through."""
        if not settings.REDIS_URL or self._loop is None:
            return True
        return time.monotonic() - self._heard_at < settings.TICK + settings.TICK_WITHOUT_REDIS + settings.LAYER_TIMEOUT

    @property
    def late(self) -> float:
        """Seconds that the hint of a number below the one that came may still be on its way."""
        return min(LATE + LATE_ECHOES * self._echo, LATE_AT_MOST) if self.layer_well else LATE_WITHOUT_REDIS

    # Who is connected

    def join(self, socket) -> None:
        mine = self.sockets[socket.user_id]
        mine.append(socket)
        if len(mine) > settings.SOCKETS_PER_USER:
            mine[0].end(4409, _("Слишком много открытых вкладок."))

    def leave(self, socket) -> None:
        mine = self.sockets.get(socket.user_id, [])
        if socket in mine:
            mine.remove(socket)
            if not mine:
                del self.sockets[socket.user_id]

    def _all(self) -> list:
        return [socket for sockets in self.sockets.values() for socket in sockets]

    # Hints

    def offer(self, hint: Hint) -> None:
        """From any thread: wake the sockets of this worker at once, and those of the others through the layer."""
        hint.at = time.time()
        logger.debug("push to users %s", [*hint.news])
        self._loop.call_soon_threadsafe(self._offer, hint)

    def _offer(self, hint: Hint) -> None:
        hint.origin = self.id
        hint.at = hint.at or time.time()
        self.counts["events"] += sum(map(len, hint.news.values()))
        # The others first: it has the longer way to them.
        self._hints.append(hint)
        self._speak_now.set()
        self._deliver(hint)

    def _deliver(self, hint: Hint) -> None:
        reached = False
        for user_id, news in hint.news.items():
            for socket in tuple(self.sockets.get(user_id, ())):
                reached = True
                for seq, place in news:
                    socket.tail.news(seq, hint.frames[place] if place >= 0 else None)
        for user_id, texts in hint.says.items():
            for socket in tuple(self.sockets.get(user_id, ())):
                for text in texts if socket.greeted else ():
                    socket.say_text(text)
        if reached and hint.at:
            # In the loop's next turn, after what was said to tabs has been written.
            self._loop.call_soon(self._delivered, hint.at)
        suspects = [socket for user_id in hint.recheck for socket in self.sockets.get(user_id, ())]
        if suspects:
            self._tasks.append(asyncio.create_task(self._recheck(suspects)))
            self._tasks = [task for task in self._tasks if not task.done()]

    def _delivered(self, at: float) -> None:
        measures.travel.add(max(0.0, time.time() - at))

    async def _speak(self) -> None:
        """Bounded and never raising: while Redis is away hints are dropped and the tick carries the feed."""
        while True:
            await self._speak_now.wait()
            self._speak_now.clear()
            while self._hints:
                hint = self._hints.popleft()
                if time.monotonic() < self._silent_until:
                    self.counts["hints_dropped"] += 1
                    continue
                try:
                    async with _soon():
                        await self._layer.group_send(GROUP, hint.message())
                    self.counts["hints_sent"] += 1
                except AWAY as error:
                    self.counts["hints_failed"] += 1
                    self._layer_lost(error)

    def _layer_lost(self, error: BaseException) -> None:
        if self.layer_well:
            logger.warning("Redis away (%s): the tick carries the feed", error or type(error).__name__)
        self._silent_until = time.monotonic() + settings.TICK_WITHOUT_REDIS
        self._heard_at = 0.0

    async def _listen(self) -> None:
        """What other workers say. A pending receive() must never be cancelled while its channel is known: that unsubscribes."""
        while True:
            try:
                async with _soon():
                    channel = await self._layer.new_channel()
                    await self._layer.group_add(GROUP, channel)
                self._offer(Hint())  # hearing it come back is how the subscription is known to live
                while True:
                    self._read(await self._layer.receive(channel))
            except AWAY as error:
                self._layer_lost(error)
                await asyncio.sleep(settings.TICK_WITHOUT_REDIS)

    def _read(self, message: dict) -> None:
        try:
            hint = Hint.of(message)
        except msgspec.MsgspecError as error:
            logger.warning("a hint that makes no sense here: %s", error)
        else:
            self._hear(hint)

    def _hear(self, hint: Hint) -> None:
        if hint.origin != self.id:
            self._deliver(hint)
            return
        if not self.layer_well:
            logger.warning("Redis is back")
        self._heard_at = time.monotonic()
        self._echo = max(0.0, time.time() - hint.at)

    async def _rejoin(self) -> None:
        """Nothing was heard for too long: drop the layer's connections and subscribe anew."""
        self._rejoined_at = time.monotonic()
        if await self._forget_layer():
            self._listener.cancel()
            self._listener = asyncio.create_task(self._listen())

    async def _forget_layer(self) -> bool:
        """Close the layer's connections. It forgets its channels too, so that a cancelled receive() has nothing
        to unsubscribe: with Redis frozen that would never end."""
        try:
            async with _soon():
                await self._layer.flush()
        except AWAY:
            return False
        return True

    # The tick

    async def _tick_forever(self) -> None:
        await asyncio.sleep(settings.TICK_WITHOUT_REDIS)  # nobody knows yet how Redis is
        while True:
            if not self.layer_well and time.monotonic() - self._rejoined_at > REJOIN:
                await self._rejoin()
            self._offer(Hint())
            (mistake,) = await asyncio.gather(self._tick(), return_exceptions=True)
            if mistake:  # of ours: the next tick must come all the same
                logger.error("tick", exc_info=mistake)
            await asyncio.sleep(settings.TICK if self.layer_well else settings.TICK_WITHOUT_REDIS)

    async def _tick(self) -> None:
        """Ask the database about everybody who is connected, a few queries in all, and put right what differs."""
        now = time.monotonic()
        for socket in self._all():
            if now - socket.heard_at > settings.SOCKET_SILENCE:
                socket.end(4408, _("Вкладка давно молчит."))
        sockets = self._all()
        due = now - self._present_at >= settings.PRESENCE_EVERY
        present = [user_id for user_id, mine in self.sockets.items() if due or any(not socket.shown for socket in mine)]
        try:
            seen = await self._line.run(looking.look, looking.Question.of(sockets, present))
        except (DatabaseError, InterfaceError) as error:
            self.counts["ticks_failed"] += 1
            logger.warning("tick: %s", error)
            return
        if due:
            self._present_at = now
        for socket in sockets:
            socket.shown = True
            if socket.tail.behind(seen.heads.get(socket.user_id, 0)) and socket.tail.missed():
                self.counts["healed"] += 1
            self._judge(socket, seen)
            looking.show(socket, seen)

    async def _recheck(self, sockets: list) -> None:
        try:
            seen = await pool.run(looking.look, looking.Question.of(sockets, [], only_sessions=True))
        except (DatabaseError, InterfaceError):
            return  # the tick asks again
        for socket in sockets:
            self._judge(socket, seen)

    def _judge(self, socket, seen: "looking.Answer") -> None:
        """Whether the socket may stay open: its session lives, its account is active, its password is the one it came with."""
        active, password = seen.accounts.get(socket.user_id, (False, ""))
        if not active:
            socket.end(4403, _("Аккаунт заблокирован."))
        elif socket.session_key not in seen.sessions or password != socket.password:
            socket.end(4401, _("Вы вышли на этом устройстве."))

    async def show_watched(self, socket) -> None:
        """What the people and listings that a tab has just begun to watch are now."""
        try:
            seen = await pool.run(looking.look, looking.Question.of([socket], [], only_watched=True))
        except (DatabaseError, InterfaceError):
            return  # the tick shows them
        looking.show(socket, seen)


hub = Hub()
