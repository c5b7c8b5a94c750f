"""One worker: who is connected, what is told to them, and the tick that heals what was lost on its way."""

import asyncio
import logging
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _

from apps.live import push
from apps.live.push import Hint
from lootlink import measures

from . import looking, pool
from .group import Group
from .reader import Reader
from .writer import Writer

logger = logging.getLogger(__name__)


class Hub:
    """`layer` makes the channel layer; tests give one that lies."""

    def __init__(self, layer: Callable = get_channel_layer):
        self._new_layer = layer
        self.sockets: dict[int, list] = defaultdict(list)  # user → sockets, the oldest first
        self.open: set = set()  # all from their acceptance to their `bye`, those of strangers too
        self.counts: Counter[str] = Counter()
        self.draining = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.group: Group | None = None

    # The process

    def start(self) -> None:
        """Serve on the running event loop; nothing where it already does."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        self._loop, self._thread = loop, threading.get_ident()
        self.writer, self.reader = Writer(), Reader()
        # The tick heals every loss: it must not queue behind what it heals, not for a connection either.
        self._line = pool.Line("tick")
        self.sockets.clear()
        self.open.clear()
        self._present_at = 0.0
        self.group = Group(self._new_layer(), self._deliver, self.counts)
        self._tasks = [asyncio.create_task(self._tick_forever())]
        push.connect(self)

    async def stop(self) -> None:
        """End what start() began; a test's loop must end with nothing running."""
        push.disconnect(self)
        await self.group.leave()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.writer.stop()
        await self.reader.stop()
        await self._line.stop()
        self._loop = self.group = None

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
        return self.group is None or self.group.well

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
        if threading.get_ident() == self._thread:
            self._offer(hint)
        else:
            self._loop.call_soon_threadsafe(self._offer, hint)

    def _offer(self, hint: Hint) -> None:
        self.counts["events"] += sum(map(len, hint.news.values()))
        self.group.tell(hint)  # the others first: it has the longer way to them
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

    # The tick

    async def _tick_forever(self) -> None:
        await asyncio.sleep(settings.TICK_WITHOUT_REDIS)  # nobody knows yet how Redis is
        while True:
            await self.group.look_after()
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
