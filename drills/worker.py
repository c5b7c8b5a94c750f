"""A worker with one thing switched off, for controls: `WITHOUT=healing`. The product has no such switch."""

import asyncio
import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lootlink.settings")

import django  # noqa: E402
import msgspec  # noqa: E402
import time_machine  # noqa: E402
from channels_redis.pubsub import RedisPubSubLoopLayer  # noqa: E402
from daphne.http_protocol import HTTPFactory  # noqa: E402
from daphne.ws_protocol import WebSocketFactory  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.accounts.models import CustomUser  # noqa: E402
from apps.chat.drafts import Refusal  # noqa: E402
from apps.chat.models import Conversation, Message  # noqa: E402
from apps.listings import photos  # noqa: E402
from apps.notifications.models import Bell  # noqa: E402
from consumers import commands, direct, frames, looking  # noqa: E402
from consumers import pool as pool_of_sockets  # noqa: E402
from consumers.hub import Hub  # noqa: E402
from consumers.socket import Socket  # noqa: E402
from consumers.tail import Tail  # noqa: E402
from lootlink import errors, serve  # noqa: E402


def _only_as_the_reference():
    """What tabs say goes through Conversation, where it can be changed."""
    direct.Line = pool_of_sockets.Line


def healing():
    """Hints are all there is: the tick looks at no heads, and a number that is not the next one passes."""
    look = looking.look
    looking.look = lambda question: look(question)._replace(heads={})

    def news(tail, seq, text):
        if seq > tail.cursor and text is not None and not tail._reading:
            tail.cursor = seq
            tail._socket.say_text(frames.numbered(seq, text))

    Tail.news = news


def window():
    """All that there is goes to a tab, however little it takes."""
    Tail._room = lambda tail: settings.SOCKET_WINDOW


def refs():
    """Every sending is a message of its own."""
    _only_as_the_reference()
    post_many = Conversation.post_many.__func__
    Conversation.post_many = classmethod(lambda cls, drafts: post_many(cls, [draft._replace(ref=None) for draft in drafts]))


def drain():
    """Told to stop, it is gone."""
    serve.Worker.leave = lambda worker: os._exit(0)


def checks():
    """Nobody asks again who a socket belongs to."""
    Hub._judge = lambda hub, socket, seen: None


def guard():
    """A frame is believed to be what it should be."""

    def parse(text):
        frame = json.loads(text)
        return msgspec.convert(frame, commands.Command), frame.get("ref")

    commands.parse = parse


def wire():
    """Requests are read as daphne reads them, and what a tab does not read is kept."""
    serve.wire.Requests, serve.wire.Sockets = HTTPFactory, WebSocketFactory


def damage():
    """A picture is taken for whole."""
    photos.BROKEN = ()


def excuses():
    """A database that is away is a failure like any other."""
    errors.unavailable = lambda: HttpResponse(status=500)


def alike():
    """A name that nobody has is refused at once."""
    CustomUser.set_password = lambda user, password: None


def haste():
    """Reading notifications takes five seconds in the database."""
    read_up_to = Bell.read_up_to

    def slowly(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return read_up_to(*args)

    Bell.read_up_to = slowly


def threads():
    """One for the database work of all sockets, as channels has it."""
    pool_of_sockets._threads = ThreadPoolExecutor(1)


def speed():
    """Whatever is said waits a fifth of a second before it is written."""
    _only_as_the_reference()
    post_each = Conversation.post_each

    def slowly(drafts):
        time.sleep(0.2)
        return post_each(drafts)

    Conversation.post_each = slowly


def doors():
    """Tabs are let in one after another, a tenth of a second each."""
    enter, door = Socket._enter, asyncio.Semaphore(1)

    async def one_by_one(socket):
        async with door:
            await asyncio.sleep(0.1)
            return await enter(socket)

    Socket._enter = one_by_one


def dates():
    """What is said has the time of the worker that wrote it, not the database's."""
    _only_as_the_reference()
    post_each = Conversation.post_each

    def dated(drafts):
        answers = post_each(drafts)
        written = [answer.pk for answer in answers if not isinstance(answer, Refusal)]
        Message.objects.filter(pk__in=written).update(created_at=timezone.now())
        return answers

    Conversation.post_each = dated


def floods():
    """The pace is judged when a frame's turn has come, and nobody is sent away for it."""
    settings.FRAME_FLOOD_SIZE = settings.FRAME_FLOOD = float("inf")

    def hear(socket, event):
        socket.heard_at = time.monotonic()
        socket._heard.append(event)
        socket._work.go()

    Socket._hear = hear


def truth():
    """Of what workers tell each other some is lost, some comes twice, some late."""
    send, choice = RedisPubSubLoopLayer.group_send, random.Random(7)
    late = set()

    async def send_late(*told):
        await asyncio.sleep(choice.uniform(0.01, 0.4))
        await send(*told)

    async def group_send(*told):
        if choice.random() < 0.3:
            return
        for _ in range(2 if choice.random() < 0.2 else 1):
            if choice.random() < 0.2:
                task = asyncio.create_task(send_late(*told))
                late.add(task)
                task.add_done_callback(late.discard)
            else:
                await send(*told)

    RedisPubSubLoopLayer.group_send = group_send


def thrift():
    """Every hint is kept for ever, with something of its own."""
    deliver, kept = Hub._deliver, []

    def keep(hub, hint):
        kept.append((hint, os.urandom(20_000)))
        deliver(hub, hint)

    Hub._deliver = keep


THINGS = {
    call.__name__: call
    for call in (
        healing,
        window,
        refs,
        drain,
        checks,
        excuses,
        alike,
        guard,
        wire,
        damage,
        haste,
        threads,
        speed,
        doors,
        dates,
        floods,
        truth,
        thrift,
    )
}


def main():
    if shift := os.environ.get("CLOCK"):  # seconds; faketime would also bend the waits of threads
        time_machine.travel(time.time() + float(shift)).start()
    without = os.environ.get("WITHOUT", "")
    for name in without.split():
        THINGS[name]()
    serve.main(sys.argv[1:])


if __name__ == "__main__":
    main()
