"""A socket lives no longer than the session that it came with."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from consumers import pool


@pytest.fixture
def slow_tick(settings):
    """What ends within a tab's patience was not found by the tick."""
    settings.TICK = 60


async def test_logging_out_ends_the_sockets_of_that_session_at_once(slow_tick, open_tab, sessions, alice, settings, client):
    tab, elsewhere = await open_tab(alice), await open_tab(alice)

    def log_out():
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[alice.pk]
        return client.post("/accounts/logout/").status_code

    assert await pool.run(log_out) == 302
    assert await tab.ended() == 4401
    assert await elsewhere.ended() == 4401


async def test_another_session_of_the_same_trader_stays(slow_tick, hub, open_tab, sessions, alice, settings, client):
    tab = await open_tab(alice)

    def log_in_and_out_elsewhere():
        client.force_login(alice)
        client.post("/accounts/logout/")

    await pool.run(log_in_and_out_elsewhere)
    await tab.say("ping")
    assert (await tab.until("pong"))["head"] == 0


async def test_a_ban_ends_every_socket_at_once(slow_tick, open_tab, alice, bob):
    tab, other = await open_tab(alice), await open_tab(bob)

    def ban():
        alice.is_active = False
        alice.save()

    await pool.run(ban)
    assert await tab.ended() == 4403
    assert await other.quiet()


async def test_a_changed_password_ends_the_sessions_opened_under_the_old_one(slow_tick, open_tab, alice):
    tab = await open_tab(alice)

    def change():
        alice.set_password("another-horse-9")
        alice.save()

    await pool.run(change)
    assert await tab.ended() == 4401


async def test_what_nobody_announced_is_found_by_the_tick(quick_tick, open_tab, sessions, alice, bob):
    expired, banned = await open_tab(alice), await open_tab(bob)
    await pool.run(lambda: Session.objects.filter(pk=sessions[alice.pk]).update(expire_date=timezone.now()))
    await pool.run(lambda: type(bob).objects.filter(pk=bob.pk).update(is_active=False))
    assert await expired.ended() == 4401
    assert await banned.ended() == 4403


def test_the_feed_over_http_is_for_the_logged_in(alice, client_of):
    assert Client().get("/live/events/?after=0").status_code == 403
    assert client_of(alice).get("/live/events/?after=0").json() == {"head": 0, "events": [], "reset": False}
