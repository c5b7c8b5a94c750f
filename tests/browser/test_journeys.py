"""Two people, two browsers, the real site: what one does the other sees, and every page equals its reload."""

import re

from playwright.sync_api import expect

from apps.chat.models import Conversation, Message
from apps.listings.models import Listing

from .hooks import equals_its_reload, say


def texts(page):
    return page.locator("[data-message] .bubble__text").all_inner_texts()


def test_a_talk(visit, alice, bob, listing):
    seller = visit(alice)
    buyer = visit(bob, f"/listing/{listing.pk}/")
    buyer.click("text=Написать")
    say(buyer, "Привет! Ещё продаёте?")
    expect(buyer.locator("[data-message][data-own]")).to_have_count(1)

    toast = seller.locator(".toast")
    expect(toast).to_contain_text("Привет! Ещё продаёте?")
    expect(seller.locator("[data-unread-total]")).to_have_attribute("data-unread-total", "1")
    assert seller.title().startswith("(1) ")
    expect(buyer.locator("[data-message][data-read]")).to_have_count(0)

    toast.locator("a").click()
    expect(buyer.locator("[data-message][data-own][data-read]")).to_have_count(1)
    expect(seller.locator("[data-unread-total]")).to_have_attribute("data-unread-total", "0")
    expect(seller.locator("[data-live=open]")).to_have_count(1)
    seller.locator("[name=content]").press_sequentially("Да")
    expect(buyer.locator("[data-typing]")).to_be_visible()
    seller.press("[name=content]", "Enter")
    expect(buyer.locator("[data-message]:not([data-own])")).to_have_count(1)
    expect(buyer.locator("[data-typing]")).to_be_hidden()
    expect(seller.locator("[data-message][data-own][data-read]")).to_have_count(1)
    for page in (seller, buyer):
        equals_its_reload(page)


def test_a_deal_from_the_request_to_the_review(visit, alice, bob, charlie, listing):
    seller = visit(alice, "/accounts/my-sales/")
    onlooker = visit(charlie, f"/listing/{listing.pk}/")
    buyer = visit(bob, f"/listing/{listing.pk}/")
    buyer.click("text=Хочу купить")
    buyer.fill("[name=message]", "Заберу сегодня")
    buyer.click("text=Отправить заявку")
    deal = buyer.locator("[data-deal]")
    expect(deal).to_have_attribute("data-deal-status", "pending")

    expect(seller.locator("[data-deal-status=pending]")).to_have_count(1)
    expect(seller.locator("[data-sales-waiting]")).to_have_attribute("data-sales-waiting", "1")
    expect(seller.locator("[data-notifications-unread]")).to_have_attribute("data-notifications-unread", "1")
    seller.click("text=Принять")
    seller.click("main button")
    expect(seller.locator("[data-deal]")).to_have_attribute("data-deal-status", "accepted")
    expect(deal).to_have_attribute("data-deal-status", "accepted")
    # Not in the log of a stranger: the tick tells those who watch.
    expect(onlooker.locator("[data-listing-status=reserved]")).to_have_count(1)

    seller.click("text=Завершить сделку")
    seller.click("main button")
    expect(deal).to_have_attribute("data-deal-status", "completed")
    expect(onlooker.locator("[data-listing-status=sold]")).to_have_count(1)
    buyer.click("text=Оставить отзыв")
    buyer.check("[name=rating][value='5']", force=True)
    buyer.fill("[name=comment]", "Быстро и честно")
    buyer.click("main button:has-text('Оставить отзыв')")
    expect(deal).to_contain_text("Быстро и честно")
    expect(seller.locator("[data-deal]")).to_contain_text("Быстро и честно")
    for page in (seller, buyer):
        equals_its_reload(page)
    profile = visit(None, f"/accounts/profile/{alice.username}/")
    expect(profile.locator("[data-rating='5.00'][data-total-sales='1']")).to_have_count(1)


def test_a_guest_searches_and_filters(visit, alice, game, listing):
    Listing.objects.create(seller=alice, game=game, title="Лук ветра", description="Бьёт далеко", price=900)
    page = visit(None)
    page.evaluate("window.kept = true")
    expect(page.locator("[data-listing]")).to_have_count(2)
    page.fill("[name=search]", "мечи")
    page.press("[name=search]", "Enter")
    expect(page.locator("[data-listing]")).to_have_count(1)
    expect(page.locator("[data-listing]")).to_contain_text("Меч рассвета")
    page.fill("[name=search]", "")
    page.press("[name=search]", "Enter")
    expect(page.locator("[data-listing]")).to_have_count(2)
    page.fill("[name=max_price]", "1000")
    page.press("[name=max_price]", "Enter")
    expect(page.locator("[data-listing]")).to_have_count(1)
    expect(page.locator("[data-listing]")).to_contain_text("Лук ветра")
    assert "max_price=1000" in page.url
    page.go_back()
    expect(page.locator("[data-listing]")).to_have_count(2)
    page.go_back()
    expect(page.locator("[data-listing]")).to_have_count(1)
    expect(page.locator("[data-listing]")).to_contain_text("Меч рассвета")
    expect(page.locator("[name=search]")).to_have_value("мечи")
    assert page.evaluate("window.kept") is True
    equals_its_reload(page)


def test_a_lost_connection_loses_nothing(visit, one_worker, alice, bob, listing):
    talk = Conversation.between(listing, bob.pk, alice.pk)
    talk.post(bob.pk, "До обрыва")
    pages = [visit(user, f"/chat/conversation/{talk.pk}/") for user in (alice, bob)]
    one_worker.stop()
    try:
        for page in pages:
            expect(page.locator("[data-connection]")).to_have_attribute("data-state", "lost")
        for number in range(3):
            for page, name in zip(pages, ("Алиса", "Боб"), strict=True):
                say(page, f"{name} {number}")
        for page in pages:
            expect(page.locator("[data-pending]")).to_have_count(3)
    finally:
        one_worker.start()
    for page in pages:
        expect(page.locator("[data-message]")).to_have_count(7)
        expect(page.locator("[data-pending]")).to_have_count(0)
        equals_its_reload(page)
    written = list(Message.objects.order_by("pk").values_list("content", flat=True))
    assert [texts(page) for page in pages] == [written, written]
    assert [line for line in written if line.startswith("Алиса")] == ["Алиса 0", "Алиса 1", "Алиса 2"]


def test_a_message_written_offline_goes_when_the_tab_was_closed_meanwhile(visit, alice, bob, listing):
    talk = Conversation.between(listing, bob.pk, alice.pk)
    seller = visit(alice)
    buyer = visit(bob, f"/chat/conversation/{talk.pk}/")
    buyer.context.set_offline(True)
    expect(buyer.locator("[data-connection]")).to_have_attribute("data-state", "lost")
    say(buyer, "Не потеряйся")
    expect(buyer.locator("[data-pending]")).to_have_count(1)
    context = buyer.context
    buyer.close()
    context.set_offline(False)
    visit(bob, "/")
    expect(seller.locator(".toast")).to_contain_text("Не потеряйся")
    seller.locator(".toast a").click()
    expect(seller).to_have_url(re.compile(f"/chat/conversation/{talk.pk}/"))
    expect(seller.locator("[data-message]")).to_have_count(1)
    equals_its_reload(seller)
