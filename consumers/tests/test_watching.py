"""What is not logged: who is online, and what became of a listing that somebody looks at."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from apps.accounts.models import Presence
from consumers import pool


async def test_watching_tells_what_is_now_and_then_what_changes(quick_tick, open_tab, alice, bob, listing):
    tab = await open_tab(bob)
    assert (await tab.ask("watch", users=[alice.pk], listings=[listing.pk]))["type"] == "ok"
    absent = await tab.until("presence")
    assert absent == {"type": "presence", "user": alice.pk, "online": False, "last_seen": None}
    shown = {"id": listing.pk, "status": "active", "title": listing.title}
    assert await tab.until("listing.changed") == {"type": "listing.changed", "listing": shown}

    other = await open_tab(alice)
    online = await tab.until("presence")
    assert (online["user"], online["online"]) == (alice.pk, True)
    assert online["last_seen"].endswith("Z")

    await pool.run(lambda: type(listing).objects.filter(pk=listing.pk).update(status="cancelled"))
    gone = {"id": listing.pk, "status": "cancelled", "title": ""}
    assert (await tab.until("listing.changed"))["listing"] == gone

    await other.close()
    await pool.run(lambda: Presence.objects.filter(pk=alice.pk).update(seen_at=F("seen_at") - timedelta(seconds=41)))
    assert (await tab.until("presence"))["online"] is False
    assert await tab.quiet(0.7), "what does not change is not told again"


async def test_a_new_wish_replaces_the_last(quick_tick, open_tab, alice, bob, listing):
    tab = await open_tab(bob)
    await tab.ask("watch", listings=[listing.pk])
    await tab.until("listing.changed")
    await tab.ask("watch", users=[alice.pk])
    await tab.until("presence")
    await pool.run(lambda: type(listing).objects.filter(pk=listing.pk).update(status="cancelled"))
    assert await tab.quiet(0.7)


async def test_who_does_not_watch_is_told_nothing(quick_tick, open_tab, alice, bob, listing):
    stranger = await open_tab(bob)
    await open_tab(alice)
    await pool.run(lambda: type(listing).objects.filter(pk=listing.pk).update(status="cancelled"))
    assert await stranger.quiet(0.7)


async def test_only_who_has_a_page_of_a_withdrawn_listing_is_told_its_title(open_tab, alice, bob, charlie, listing, talk):
    async def told(user, pk):
        tab = await open_tab(user)
        await tab.ask("watch", listings=[pk])
        return (await tab.until("listing.changed"))["listing"]

    changes = {"status": "cancelled"}, {"status": "active", "hidden_at": Now()}
    for change in changes:
        await pool.run(lambda change=change: type(listing).objects.filter(pk=listing.pk).update(**change))
        for side in (alice, bob):
            assert (await told(side, listing.pk))["title"] == listing.title
        assert await told(charlie, listing.pk) == {"id": listing.pk, "status": "cancelled", "title": ""}
    assert await told(charlie, listing.pk + 1) == {"id": listing.pk + 1, "status": "cancelled", "title": ""}

    await pool.run(lambda: type(listing).objects.filter(pk=listing.pk).update(hidden_at=None))
    assert (await told(charlie, listing.pk))["title"] == listing.title
    await pool.run(lambda: type(alice).objects.filter(pk=alice.pk).update(is_active=False))
    assert await told(charlie, listing.pk) == {"id": listing.pk, "status": "cancelled", "title": ""}
