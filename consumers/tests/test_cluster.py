"""Two daphne workers on PostgreSQL and Redis, as operators run them."""

import asyncio
import json
from urllib.request import Request, urlopen

import pytest
import websockets
from django.conf import settings

from apps.chat.models import Message
from consumers import pool

pytestmark = [pytest.mark.cluster, pytest.mark.django_db(transaction=True)]


def cookie(session):
    return f"{settings.SESSION_COOKIE_NAME}={session}"


async def opened(worker, session, after=None):
    url = worker.url.replace("http", "ws") + "/ws/" + ("" if after is None else f"?after={after}")
    socket = await websockets.connect(url, additional_headers={"Cookie": cookie(session), "Origin": worker.url})
    assert (await heard(socket))["type"] == "hello"
    return socket


async def heard(socket) -> dict:
    return json.loads(await asyncio.wait_for(socket.recv(), 10))


async def said(socket, **frame):
    await socket.send(json.dumps(frame))


async def test_a_talk_across_two_workers(two_workers, sessions, talk, alice, bob):
    alice_socket, bob_socket = await opened(two_workers[0], sessions[alice.pk]), await opened(two_workers[1], sessions[bob.pk])
    for n in range(10):
        await said(bob_socket, type="message.send", ref=str(n), conversation=talk.pk, content=str(n))
    frames = [await heard(alice_socket) for _ in range(10)]
    assert [(frame["seq"], frame["message"]["content"]) for frame in frames] == [(n + 1, str(n)) for n in range(10)]
    await said(alice_socket, type="message.read", conversation=talk.pk, message=frames[-1]["message"]["id"])
    while (frame := await heard(bob_socket))["type"] != "message.read":
        pass
    assert (frame["seq"], frame["reader"], frame["count"], frame["unread"]) == (11, alice.pk, 10, 0)
    for socket in alice_socket, bob_socket:
        await socket.close()


async def test_a_killed_worker_costs_nothing(start_workers, sessions, talk, alice, bob):
    doomed, other = start_workers(2)
    reader, writer = await opened(doomed, sessions[alice.pk]), await opened(other, sessions[bob.pk])
    await said(writer, type="message.send", ref="before", conversation=talk.pk, content="до")
    seen = (await heard(reader))["seq"]
    doomed.process.kill()
    with pytest.raises(websockets.ConnectionClosed):
        await heard(reader)
    for n in range(5):
        await said(writer, type="message.send", ref=str(n), conversation=talk.pk, content=str(n))
    while await pool.run(Message.objects.count) < 6:
        await asyncio.sleep(0.05)
    back = await opened(other, sessions[alice.pk], after=seen)
    frames = [await heard(back) for _ in range(5)]
    assert [(frame["seq"], frame["message"]["content"]) for frame in frames] == [(n + 2, str(n)) for n in range(5)]
    for socket in back, writer:
        await socket.close()


async def test_logging_out_on_one_worker_ends_the_socket_on_the_other(two_workers, sessions, alice):
    socket = await opened(two_workers[1], sessions[alice.pk])
    navigation = Request(two_workers[0].url + "/accounts/logout/", headers={"Cookie": cookie(sessions[alice.pk])})
    await asyncio.to_thread(lambda: urlopen(navigation, timeout=10).close())
    frame = await heard(socket)
    assert (frame["type"], frame["code"]) == ("bye", 4401)
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await heard(socket)
    assert closed.value.rcvd.code == 4401
