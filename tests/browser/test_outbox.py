"""Messages on their way to the server: none lost, none doubled, in order, whatever happens to the tab."""

import pytest

from .wire import ME, SITE, Wire, text

pytestmark = pytest.mark.browser

WATCH = """async () => {
  window.told = [];
  for (const what of ["pending", "sent", "failed", "dropped"])
    document.addEventListener(`outbox:${what}`, ({detail}) => told.push([what, detail.ref]));
  window.outbox = await import("/static/js/outbox.js");
}"""


def writer(page, **options):
    wire = Wire(page, **options).open()
    wire.settled()
    page.evaluate(WATCH)
    return wire


def write(page, content):
    return page.evaluate("(content) => outbox.send(3, content)", content)


def waiting(page):
    return page.evaluate("() => outbox.of(3).map(({content, failed}) => [content, failed?.code ?? null])")


def accept(wire, frame, number=90):
    message = {"id": number, "conversation": 3, "sender": ME, "content": frame["content"], "ref": frame["ref"]}
    wire.send({"type": "ok", "ref": frame["ref"], "message": message})


def sent(wire, count):
    wire.wait(lambda: len(wire.sent("message.send")) >= count)
    return wire.sent("message.send")


def test_a_message_is_kept_until_the_server_has_it(page):
    wire = writer(page)
    ref = write(page, "Привет")
    frame = sent(wire, 1)[0]
    assert frame == {"type": "message.send", "ref": ref, "conversation": 3, "content": "Привет"}
    assert waiting(page) == [["Привет", None]]
    accept(wire, frame)
    wire.wait(lambda: waiting(page) == [])
    assert page.evaluate("told") == [["pending", ref], ["sent", ref]]


def test_they_go_one_after_the_other(page):
    wire = writer(page)
    refs = [write(page, content) for content in "абв"]
    for count in (1, 2, 3):
        assert [frame["ref"] for frame in sent(wire, count)] == refs[:count]
        accept(wire, wire.sent("message.send")[-1])
    wire.wait(lambda: waiting(page) == [])


def test_an_answer_lost_with_the_connection_is_asked_for_again_under_the_same_ref(page):
    wire = writer(page)
    ref = write(page, "Привет")
    sent(wire, 1)
    wire.bye(4012)
    frames = sent(wire, 2)
    assert {frame["ref"] for frame in frames} == {ref}
    accept(wire, frames[-1])
    wire.wait(lambda: waiting(page) == [])


def test_the_event_counts_as_the_answer(page):
    wire = writer(page)
    ref = write(page, "Привет")
    sent(wire, 1)
    wire.send(text(1, 90, sender=ME, ref=ref))
    wire.wait(lambda: waiting(page) == [])
    wire.bye(4012)
    wire.settled(2)
    page.wait_for_timeout(300)
    assert len(wire.sent("message.send")) == 1


def test_it_survives_a_reload(page):
    wire = writer(page)
    ref = write(page, "Привет")
    sent(wire, 1)
    page.reload()
    assert sent(wire, 2)[-1]["ref"] == ref


@pytest.mark.parametrize("code", ["unavailable", "rate_limited"])
def test_what_may_pass_is_waited_for(page, code):
    wire = writer(page)
    write(page, "Привет")
    wire.send({"type": "error", "ref": sent(wire, 1)[0]["ref"], "code": code, "detail": "", "retry_after": 0.2})
    accept(wire, sent(wire, 2)[-1])
    wire.wait(lambda: waiting(page) == [])


def test_what_was_refused_fails_and_can_be_tried_again(page):
    wire = writer(page)
    ref = write(page, "Привет")
    write(page, "и ещё")
    wire.send({"type": "error", "ref": sent(wire, 1)[0]["ref"], "code": "blocked", "detail": "Нет"})
    accept(wire, sent(wire, 2)[-1])
    wire.wait(lambda: waiting(page) == [["Привет", "blocked"]])
    assert page.evaluate("(ref) => outbox.retry(ref)", ref) == ref
    accept(wire, sent(wire, 3)[-1])
    wire.wait(lambda: waiting(page) == [])


def test_a_ref_that_carries_other_text_is_changed(page):
    wire = writer(page)
    ref = write(page, "Привет")
    wire.send({"type": "error", "ref": sent(wire, 1)[0]["ref"], "code": "ref_reused", "detail": ""})
    wire.wait(lambda: waiting(page) == [["Привет", "ref_reused"]])
    page.evaluate("(ref) => outbox.retry(ref)", ref)
    assert sent(wire, 2)[-1]["ref"] != ref


def two_tabs(page):
    return [writer(page), writer(page.context.new_page())]


def test_one_tab_sends_for_all(page):
    tabs = two_tabs(page)
    ref = write(page, "Привет")
    tabs[0].wait(lambda: any(tab.sent("message.send") for tab in tabs))
    page.wait_for_timeout(500)
    [(sender, frame)] = [(tab, frame) for tab in tabs for frame in tab.sent("message.send")]
    accept(sender, frame)
    for tab in tabs:
        tab.wait(lambda tab=tab: tab.page.evaluate("told") == [["pending", ref], ["sent", ref]])


def test_another_tab_takes_over_from_one_that_was_closed(page):
    tabs = two_tabs(page)
    ref = write(page, "Привет")
    tabs[0].wait(lambda: any(tab.sent("message.send") for tab in tabs))
    first, second = sorted(tabs, key=lambda tab: not tab.sent("message.send"))
    first.page.close()
    assert sent(second, 1)[0]["ref"] == ref


def test_with_blocked_sockets_the_talks_form_takes_it(page):
    wire = Wire(page, body="<form method=post><input type=hidden name=csrfmiddlewaretoken value=sesame></form>")
    posted = []

    def form(request):
        posted.append((request.post_data, request.headers.get("x-csrftoken")))
        return 302, {"Location": "/"}, ""

    wire.answers["/live/events/"] = (200, {}, '{"head": 0, "events": [], "reset": false}')
    wire.answers["/chat/conversation/3/"] = form
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.goto(f"{SITE}/")
    page.evaluate(WATCH)
    ref = write(page, "hello")
    wire.wait(lambda: posted, seconds=20)
    wire.wait(lambda: waiting(page) == [])
    assert posted == [(f"ref={ref}&content=hello", "sesame")]
