"""The open talk: history, what is unread, what failed, drafts, days, the deal's lines."""

import pytest
from playwright.sync_api import expect

from apps.chat.models import Conversation, Message
from apps.transactions import flow

from .hooks import equals_its_reload, say

TOP = "document.querySelector('[data-scroll]').scrollTop"
HIDE = """(hidden) => {
  Object.defineProperty(document, 'visibilityState', {get: () => hidden ? 'hidden' : 'visible', configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def talk(listing, alice, bob):
    return Conversation.between(listing, alice.pk, bob.pk)


def fill(talk, author, count):
    made = Message.objects.bulk_create(Message(conversation=talk, sender=author, content=f"слово {n}") for n in range(count))
    Conversation.objects.filter(pk=talk.pk).update(last_message_id=made[-1].pk, read1=made[-1].pk, read2=made[-1].pk)


def open_talk(visit, user, talk):
    return visit(user, f"/chat/conversation/{talk.pk}/")


def lines(page):
    return page.locator("[data-messages] > [data-message]")


def test_history_loads_upward_without_a_jump(visit, talk, alice, bob):
    fill(talk, bob, 120)
    page = open_talk(visit, alice, talk)
    expect(lines(page)).to_have_count(50)
    expect(lines(page).last).to_be_in_viewport()
    kept = page.evaluate(
        f"{TOP} = 500, window.line = document.querySelectorAll('[data-message]')[20], line.getBoundingClientRect().y"
    )
    expect(lines(page)).to_have_count(100)
    assert page.evaluate("line.getBoundingClientRect().y") == pytest.approx(kept, abs=1)
    page.evaluate(f"{TOP} = 0")
    expect(lines(page)).to_have_count(120)
    expect(page.locator("[data-older]")).to_be_hidden()


def test_at_its_end_a_talk_shows_what_a_fresh_one_shows(visit, talk, alice, bob):
    fill(talk, bob, 50)
    page = open_talk(visit, alice, talk)
    talk.post(bob.pk, "ещё одно")
    expect(page.get_by_text("ещё одно").last).to_be_in_viewport()
    expect(lines(page)).to_have_count(50)
    equals_its_reload(page)


def test_what_comes_while_one_looks_up_is_counted_and_not_read(visit, talk, alice, bob):
    fill(talk, bob, 60)
    page = open_talk(visit, alice, talk)
    page.evaluate(f"{TOP} = 700")
    for text in ("раз", "два"):
        talk.post(bob.pk, text)
    jump = page.locator("[data-jump]")
    expect(jump).to_have_text("2\u00a0новых сообщения")
    row = page.locator("[data-current]")
    expect(row).to_have_attribute("data-unread", "2")
    jump.click()
    expect(row).to_have_attribute("data-unread", "0")
    expect(jump).to_be_hidden()
    equals_its_reload(page)


def test_a_hidden_tab_reads_nothing_and_marks_where_to_begin(visit, talk, alice, bob):
    seller, buyer = open_talk(visit, alice, talk), open_talk(visit, bob, talk)
    seller.evaluate(HIDE, True)
    for text in ("раз", "два"):
        say(buyer, text)
    expect(lines(seller)).to_have_count(2)
    expect(seller.locator(".unread-line + [data-message]")).to_contain_text("раз")
    expect(seller.locator("[data-current]")).to_have_attribute("data-unread", "2")
    expect(buyer.locator("[data-own][data-read]")).to_have_count(0)
    seller.evaluate(HIDE, False)
    expect(buyer.locator("[data-own][data-read]")).to_have_count(2)
    say(seller, "вижу")
    expect(seller.locator("[data-messages] .unread-line")).to_have_count(0)
    for page in (seller, buyer):
        equals_its_reload(page)


def test_shift_enter_breaks_and_a_draft_waits(visit, talk, bob):
    page = open_talk(visit, bob, talk)
    field = page.locator("[name=content]")
    field.press_sequentially("первая")
    field.press("Shift+Enter")
    field.press_sequentially("вторая")
    page.reload()
    expect(field).to_have_value("первая\nвторая")
    field.press("Enter")
    expect(lines(page)).to_have_count(1)
    expect(field).to_have_value("")
    page.reload()
    expect(field).to_have_value("")
    assert talk.messages.get().content == "первая\nвторая"


def test_what_is_too_long_stays_whole_in_the_field(visit, talk, bob):
    page = open_talk(visit, bob, talk)
    field = page.locator("[name=content]")
    field.fill("я" * 4_002)
    field.press("Enter")
    error = page.locator("#composer-error")
    expect(error).to_have_text("Слишком длинное сообщение. Лишних знаков: 2")
    expect(field).to_have_value("я" * 4_002)
    field.fill("я" * 4_000)
    expect(error).to_be_hidden()
    field.press("Enter")
    expect(lines(page)).to_have_count(1)


def test_a_refused_message_says_why_and_can_be_dropped(visit, talk, bob):
    page = open_talk(visit, bob, talk)
    page.evaluate("document.querySelector('[name=content]').dataset.limit = 9999")
    say(page, "я" * 4_001)
    expect(page.locator("[data-failed]")).to_contain_text("Слишком длинно")
    page.click("[data-drop]")
    expect(page.locator("[data-ref]")).to_have_count(0)
    assert not talk.messages.exists()
    equals_its_reload(page)


def test_links_are_drawn_alike_live_and_loaded(visit, talk, alice, bob):
    page = open_talk(visit, alice, talk)
    text = "<b>вот</b> (https://example.com/a_(b)), https://пример.рф/?a=1&b=2… javascript:alert(1) http:// https://good.example@evil.example/"
    talk.post(bob.pk, text)
    drawn = lines(page).last.locator(".bubble__text")
    expect(drawn).to_have_text(text)
    read = "element => [...element.childNodes].map(node => [node.nodeName, node.textContent, node.rel ?? '', node.href ?? ''])"
    live = drawn.evaluate(read)
    page.reload()
    assert drawn.evaluate(read) == live
    assert [kind for kind, *_ in live].count("A") == 2


def test_steps_of_the_deal_come_as_sentences_and_the_panel_follows(visit, talk, alice, bob, listing):
    seller, buyer = open_talk(visit, alice, talk), open_talk(visit, bob, talk)
    request = flow.create(listing.pk, bob, "Заберу сегодня")
    for page in (seller, buyer):
        expect(page.locator(".talk .step")).to_contain_text("bob просит продать этот предмет")
        expect(page.locator("[data-deal]")).to_have_attribute("data-deal-status", "pending")
    flow.advance(request.pk, "accept", alice)
    for page in (seller, buyer):
        expect(page.locator(".talk .step").last).to_contain_text("Продавец принял заявку")
        expect(page.locator("[data-deal]")).to_have_attribute("data-deal-status", "accepted")
        expect(page.locator("[data-current] [data-line]")).to_contain_text("Заявка принята")
        equals_its_reload(page)


def test_a_new_talk_appears_in_the_list_and_the_newest_is_on_top(visit, talk, alice, bob, charlie, listing):
    page = visit(alice, "/chat/")
    talk.post(bob.pk, "раз")
    rows = page.locator("[data-conversation]")
    expect(rows).to_have_count(1)
    Conversation.between(listing, alice.pk, charlie.pk).post(charlie.pk, "и мне")
    expect(rows.first).to_contain_text("и мне")
    talk.post(bob.pk, "два")
    expect(rows.first).to_contain_text("два")
    expect(rows.first).to_have_attribute("data-unread", "2")
    equals_its_reload(page)
