import pytest

from apps.live.models import Inbox
from apps.live.push import Hint
from consumers import pool, socket
from consumers.group import Group

from .tab import Tab


@pytest.fixture
def with_head(transactional_db):
    return lambda user, head: Inbox.objects.filter(user=user).update(head=head)


async def test_hello_comes_first_and_says_who_and_where(hub, sessions, alice):
    tab = Tab(hub, sessions[alice.pk])
    assert await tab.open()
    hello = await tab.next()
    assert hello.pop("build")
    assert hello == {
        "type": "hello",
        "user": alice.pk,
        "head": 0,
        "limits": {"content": 4000, "frame": 32768, "messages": 1, "frames": 20},
    }
    await tab.close()
    assert hub.sockets == {}


async def test_nothing_comes_before_hello(hub, sessions, alice, monkeypatch):
    """What the other side types while the handshake reads the log."""
    where = socket._where

    def meanwhile(*args):
        hub.offer(Hint(says={alice.pk: ['{"type":"typing"}']}))
        return where(*args)

    monkeypatch.setattr(socket, "_where", meanwhile)
    tab = Tab(hub, sessions[alice.pk])
    assert await tab.open()
    assert (await tab.next())["type"] == "hello"
    await tab.close()


@pytest.mark.parametrize("session", ["", "no-such-session"])
async def test_a_stranger_is_accepted_told_and_closed(hub, session):
    tab = Tab(hub, session)
    assert await tab.open()
    assert await tab.ended() == 4401
    assert [frame["type"] for frame in tab.heard] == ["bye"]
    await tab.close()


async def test_a_banned_trader_is_told_so(hub, sessions, alice):
    await pool.run(lambda: type(alice).objects.filter(pk=alice.pk).update(is_active=False))
    tab = Tab(hub, sessions[alice.pk])
    assert await tab.open()
    assert await tab.ended() == 4403
    await tab.close()


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "http://evil.example",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1:x",
        "http://127.0.0.1:8000@evil.example",
        "file://",
    ],
)
async def test_a_foreign_or_missing_origin_is_refused(hub, sessions, alice, origin):
    tab = Tab(hub, sessions[alice.pk], origin=origin)
    assert not await tab.open()
    assert hub.sockets == {}


async def test_an_origin_of_the_list_is_accepted(hub, sessions, alice, settings):
    settings.ALLOWED_ORIGINS = ["https://lootlink.example"]
    tab = Tab(hub, sessions[alice.pk], origin="https://lootlink.example")
    assert await tab.open()
    await tab.close()


@pytest.mark.parametrize("after", ["x", "", "-1", "1.5", "4", "9" * 30])
async def test_after_that_makes_no_sense_resets(open_tab, alice, after):
    tab = await open_tab(alice, after=after)
    assert (await tab.next()) == {"type": "reset", "head": 0}


async def test_too_far_behind_resets_and_goes_on_from_the_head(open_tab, with_head, alice, bob, talk):
    await pool.run(with_head, alice, 1001)
    tab = await open_tab(alice, after=0)
    assert (await tab.next()) == {"type": "reset", "head": 1001}
    await pool.run(talk.post, bob.pk, "раз")
    assert (await tab.next())["seq"] == 1002


async def test_a_hole_in_the_log_resets(open_tab, with_head, alice):
    await pool.run(with_head, alice, 5)
    tab = await open_tab(alice, after=3)
    assert (await tab.next()) == {"type": "reset", "head": 5}


async def test_the_oldest_of_too_many_sockets_goes(open_tab, alice, settings):
    settings.SOCKETS_PER_USER = 2
    first, second, third = [await open_tab(alice) for _ in range(3)]
    assert await first.ended() == 4409
    assert await second.quiet()
    assert await third.quiet()


async def test_while_draining_everybody_is_sent_elsewhere(hub, open_tab, sessions, alice):
    tab = await open_tab(alice)
    await hub.drain(seconds=0.1)
    assert await tab.ended() == 4012
    late = Tab(hub, sessions[alice.pk])
    assert await late.open()
    assert await late.ended() == 4012
    await late.close()


@pytest.mark.parametrize(("proto", "opened"), [(None, False), ("http", False), ("https", True)])
async def test_a_site_that_is_https_refuses_plain_sockets(hub, sessions, alice, settings, proto, opened):
    settings.HTTPS = True
    tab = Tab(hub, sessions[alice.pk], origin="https://127.0.0.1:8000", proto=proto)
    assert await tab.open() is opened
    await tab.close()


async def test_who_has_only_just_come_is_sent_elsewhere_too(hub, sessions, alice):
    tab = Tab(hub, sessions[alice.pk])
    assert await tab.open()  # accepted; who it is is still being asked
    await hub.drain(seconds=0.1)
    assert await tab.ended() == 4012
    await tab.close()


@pytest.mark.parametrize("before", ['prefs={"a":1}', "ga=a b", "flag", "имя=я", "a=b=c"])
async def test_odd_cookies_beside_it_hide_no_session(hub, sessions, alice, before):
    tab = Tab(hub, sessions[alice.pk], cookies=before)
    assert await tab.open()
    assert (await tab.next())["type"] == "hello"
    await tab.close()


async def test_what_a_tab_lacks_follows_its_hello_at_once(hub, open_tab, talk, bob, monkeypatch):
    monkeypatch.setattr(Group, "late", 60)
    await pool.run(talk.post, bob.pk, "раз")
    tab = await open_tab(bob, after=0)
    assert (await tab.next())["seq"] == 1
