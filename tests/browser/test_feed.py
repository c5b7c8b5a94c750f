"""The browser's side of the feed, against a server that loses, doubles, refuses and closes as the test says."""

import json

import pytest
from playwright.sync_api import expect

from .wire import ME, Wire, bell, text

pytestmark = pytest.mark.browser


def unread(page):
    return int(page.get_attribute("[data-unread-total]", "data-unread-total"))


def test_it_resumes_after_the_pages_head(page):
    wire = Wire(page, head=41).open()
    wire.settled()
    assert wire.afters == [41]


def test_each_event_counts_once_and_old_ones_not_at_all(page):
    wire = Wire(page, head=10, unread=2).open()
    wire.settled()
    wire.send(text(9, 90), text(10, 91), text(11, 92), text(11, 92), text(12, 93))
    expect(page.locator("[data-unread-total]")).to_have_attribute("data-unread-total", "4")
    expect(page.locator("[data-unread-total]")).to_have_text("4")
    assert page.title() == "(4) Объявления"
    assert wire.afters == [10]


def test_own_messages_and_lines_of_a_deal_are_never_unread(page):
    wire = Wire(page).open()
    wire.settled()
    wire.send(text(1, 90, sender=ME), text(2, 91, kind="deal"), text(3, 92))
    expect(page.locator("[data-unread-total]")).to_have_text("1")


def test_a_gap_makes_it_connect_again_and_nothing_is_applied_out_of_order(page):
    wire = Wire(page).open()
    wire.settled()
    wire.send(text(1, 90), text(3, 92))
    wire.wait(lambda: wire.afters == [0, 1])
    wire.settled(2)
    assert unread(page) == 1
    wire.send(text(2, 91), text(3, 92))
    expect(page.locator("[data-unread-total]")).to_have_text("3")


def test_what_was_read_is_taken_off_the_counter_only_for_the_reader(page):
    wire = Wire(page, unread=5).open()
    wire.settled()
    read = {"type": "message.read", "conversation": 3, "message": 90, "count": 2, "unread": 1}
    wire.send({**read, "seq": 1, "reader": 9}, {**read, "seq": 2, "reader": ME})
    expect(page.locator("[data-unread-total]")).to_have_text("3")


def test_the_bell_counts_and_is_read(page):
    wire = Wire(page).open()
    wire.settled()
    badge = page.locator("[data-notifications-unread]")
    wire.send(bell(1, 50))
    expect(badge).to_have_attribute("data-notifications-unread", "2")
    wire.send({"type": "notification.read", "seq": 2, "notification": 50, "unread": 0})
    expect(badge).to_have_attribute("data-notifications-unread", "0")


def test_a_restarting_worker_is_come_back_to_at_once(page):
    wire = Wire(page).open()
    wire.settled()
    wire.send(text(1, 90))
    wire.bye(4012)
    wire.wait(lambda: wire.afters == [0, 1], seconds=1)
    assert page.get_attribute("[data-connection]", "data-state") == ""


def test_a_lost_connection_shows_and_so_does_its_return(page):
    wire = Wire(page).open()
    wire.settled()
    wire.greets = False
    wire.sockets[-1].close()
    line = page.locator("[data-connection]")
    expect(line).to_have_attribute("data-state", "lost")
    wire.greets = True
    # A socket that never says hello is given up as well.
    expect(line).to_have_attribute("data-state", "back", timeout=25_000)
    expect(line).to_have_attribute("data-state", "")


def test_a_reset_loads_the_page_anew(page):
    wire = Wire(page, head=5).open()
    wire.settled()
    wire.head = 2_000
    wire.send({"type": "reset", "head": 2_000})
    wire.wait(lambda: wire.afters == [5, 2_000])
    assert wire.loads == 2


def test_another_traders_feed_is_not_applied(page):
    wire = Wire(page).open()
    wire.settled()
    wire.user = 8
    wire.bye(4012)
    wire.wait(lambda: len(wire.sockets) == 2)
    wire.send(text(1, 90))
    wire.user = ME
    wire.settled(3)
    assert (wire.loads, wire.afters, unread(page)) == (2, [0, 0, 0], 0)


def test_logged_out_is_said_and_not_tried_again(page):
    wire = Wire(page)
    wire.answers["/live/events/"] = (403, {}, "{}")
    wire.open().settled()
    wire.bye(4401)
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "over")
    expect(page.locator("[data-connection]")).to_contain_text("Вы вышли")
    page.wait_for_timeout(1_000)
    assert len(wire.sockets) == 1


def test_ones_own_password_change_is_only_a_new_socket(page):
    wire = Wire(page)
    wire.answers["/live/events/"] = (200, {}, json.dumps({"head": 0, "events": [], "reset": False}))
    wire.open().settled()
    wire.bye(4401)
    wire.settled(2)


def test_blocked_sockets_read_the_log_over_http(page):
    wire = Wire(page)

    def events(request):
        after = int(request.url.partition("after=")[2])
        frames = [frame for frame in (text(1, 90), text(2, 91)) if frame["seq"] > after]
        return 200, {"Content-Type": "application/json"}, json.dumps({"head": 2, "events": frames, "reset": False})

    wire.answers["/live/events/"] = events
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    wire.open()
    expect(page.locator("[data-unread-total]")).to_have_text("2", timeout=20_000)
    expect(page.locator("[data-connection]")).not_to_have_attribute("data-state", "lost")


def test_fifty_events_are_acknowledged_at_once(page):
    wire = Wire(page, head=0)
    pings = []
    received = wire._received
    wire._received = lambda socket, frame: (pings.append(frame) if frame["type"] == "ping" else None, received(socket, frame))
    wire.open().settled()
    wire.send(*(text(seq, seq) for seq in range(1, 51)))
    wire.wait(lambda: pings, seconds=1)
    assert pings[0]["seq"] == 50


def test_news_are_told_with_a_link_and_at_most_three(page):
    wire = Wire(page).open()
    wire.settled()
    wire.send(*(text(seq, seq, conversation=seq, content=f"<img src=x> {seq}") for seq in range(1, 6)))
    toasts = page.locator(".toast")
    expect(toasts).to_have_count(3)
    expect(toasts.last.locator("a")).to_have_attribute("href", "/chat/conversation/5/")
    expect(toasts.last).to_contain_text("<img src=x> 5")
    toasts.last.locator("button").click()
    expect(toasts).to_have_count(2)


def test_what_is_on_the_screen_makes_no_toast(page):
    wire = Wire(page, body='<section data-conversation-open="3"></section><section data-deal="5"></section>').open()
    wire.settled()
    wire.send(text(1, 90), bell(2, 50), text(3, 91, conversation=4))
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast a")).to_have_attribute("href", "/chat/conversation/4/")


def test_a_toast_goes_when_its_message_is_read_elsewhere(page):
    wire = Wire(page, unread=1).open()
    wire.settled()
    wire.send(text(1, 90))
    expect(page.locator(".toast")).to_have_count(1)
    wire.send({"type": "message.read", "seq": 2, "reader": ME, "conversation": 3, "message": 90, "count": 2, "unread": 0})
    expect(page.locator(".toast")).to_have_count(0)


def test_presence_is_watched_and_drawn(page):
    wire = Wire(
        page, body='<i data-presence="9"></i><i data-presence-text="9">…</i><i data-listing="4" data-listing-status="active">'
    ).open()
    wire.settled()
    wire.wait(lambda: wire.sent("watch"))
    watch = wire.sent("watch")[-1]
    assert (watch["users"], watch["listings"]) == ([9], [4])
    wire.send({"type": "presence", "user": 9, "online": True, "last_seen": None})
    expect(page.locator("[data-presence]")).to_have_attribute("data-online", "")
    expect(page.locator("[data-presence-text]")).to_have_text("в сети")
    wire.send({"type": "presence", "user": 9, "online": False, "last_seen": "2026-01-02T10:00:00Z"})
    expect(page.locator("[data-presence]:not([data-online])")).to_have_count(1)
    expect(page.locator("[data-presence-text]")).to_contain_text("был(а) в сети")


def test_a_piece_is_drawn_anew_when_its_deal_changes(page):
    piece = (
        '<section data-region="deal" data-refresh="deal.changed" data-if-deal="5">'
        '<p data-deal="5" data-deal-status="{}"></p><input name="note"></section>'
    )
    wire = Wire(page, body=piece.format("pending")).open()
    wire.settled()
    page.fill("[name=note]", "не потеряй")
    wire.head, wire.body = 2, piece.format("accepted")
    change = {"type": "deal.changed", "listing": {"id": 1, "status": "reserved", "title": "Меч"}, "by": 9}
    wire.send({**change, "seq": 1, "deal": {"id": 6}}, {**change, "seq": 2, "deal": {"id": 5}})
    expect(page.locator("[data-deal-status=accepted]")).to_have_count(1)
    expect(page.locator("[name=note]")).to_have_value("не потеряй")
    expect(page.locator("[name=note]")).to_be_focused()
    assert wire.loads == 2


def test_a_piece_older_than_the_last_event_is_asked_again(page):
    wire = Wire(page, body='<p data-region="n" data-refresh="message.new">1</p>').open()
    wire.settled()
    wire.send(text(1, 90))
    wire.wait(lambda: wire.loads >= 3)
    wire.head, wire.body = 1, '<p data-region="n" data-refresh="message.new">2</p>'
    expect(page.locator("[data-region=n]")).to_have_text("2")
    loads = wire.loads
    page.wait_for_timeout(300)
    assert wire.loads == loads
