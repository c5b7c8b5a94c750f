"""What the screens do for those who use them: forms that keep their picture, lists that help, keys, and access for everybody."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from apps.chat.models import Conversation, Message
from apps.listings.models import Listing
from apps.listings.tests.pictures import picture
from apps.transactions import flow
from apps.transactions.models import DealStep
from tests.gallery.checks import Checks

PICTURE = {"name": "меч.png", "mimeType": "image/png", "buffer": picture(640, 480).read()}


def test_a_picture_stays_chosen_while_other_fields_are_wrong(visit, alice, game):
    page = visit(alice, "/listing/create/")
    page.evaluate("window.kept = true")
    page.set_input_files("[name=image]", PICTURE)
    page.fill("[name=title]", "Посох зари")
    page.click("main button[type=submit]")
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Посох зари")
    expect(page.locator("canvas[data-preview]")).to_be_visible()
    expect(page.locator("[data-file]")).to_have_text("меч.png")
    page.select_option("[name=game]", str(game.pk))
    page.fill("textarea[name=description]", "Светится.")
    page.fill("[name=price]", "1500")
    assert page.evaluate("window.kept") is True
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/listing/\d+/"))
    made = Listing.objects.get(title="Посох зари")
    assert page.url.endswith(f"/listing/{made.pk}/")
    assert made.image


def test_a_refused_upload_says_why(visit, alice):
    page = visit(alice, "/listing/create/")
    refused = "<!doctype html><main><h1>Слишком часто</h1></main>"
    page.route(
        "**/listing/create/", lambda route: route.fulfill(status=429, content_type="text/html; charset=utf-8", body=refused)
    )
    page.set_input_files("[name=image]", PICTURE)
    page.fill("[name=title]", "Посох зари")
    page.click("main button[type=submit]")
    expect(page.locator("[data-upload] [role=alert]")).to_have_text("Слишком часто")
    expect(page.locator("[name=title]")).to_have_value("Посох зари")


def test_what_is_said_once_is_said_after_an_upload_too(visit, alice):
    page = visit(alice, "/accounts/profile-edit/")
    page.set_input_files("[name=avatar]", PICTURE)
    page.click("main form[enctype] button[type=submit]")
    page.wait_for_url("**/accounts/profile/alice/")
    expect(page.locator(".notice--ok")).to_be_visible()


def test_a_picture_that_did_not_go_can_be_sent_again(visit, alice, game):
    page = visit(alice, "/listing/create/")
    page.set_input_files("[name=image]", PICTURE)
    page.fill("[name=title]", "Посох зари")
    page.context.set_offline(True)
    page.click("main button[type=submit]")
    expect(page.locator("[data-upload] [role=alert]")).to_contain_text("Не отправилось")
    page.context.set_offline(False)
    page.click("main button[type=submit]")
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Посох зари")


def test_where_nothing_is_found_each_condition_can_be_dropped(visit, listing):
    page = visit(None, f"/?search=меч&game={listing.game_id}&max_price=5")
    page.evaluate("window.kept = true")
    expect(page.locator("[data-listing]")).to_have_count(0)
    dropping = page.locator(".empty a.chip")
    expect(dropping).to_have_count(3)
    dropping.filter(has_text="5").click()
    expect(page.locator(f"[data-listing='{listing.pk}']")).to_have_count(1)
    expect(page.locator("[name=max_price]")).to_have_value("")
    assert "max_price" not in page.url
    assert page.evaluate("window.kept") is True


def test_slow_filters_draw_bars_in_the_places_of_the_cards(visit, listing):
    page, held = visit(None), []
    page.route(lambda address: "search=" in address, lambda route: held.append(route))
    words, height = page.locator(".card .meta > span").first, page.locator(".card").bounding_box()["height"]
    page.fill("[name=search]", "меч")
    page.press("[name=search]", "Enter")
    expect(words).to_have_css("visibility", "hidden")
    assert page.locator(".card").bounding_box()["height"] == height
    held[0].continue_()
    expect(words).to_have_css("visibility", "visible")


def test_arrow_keys_walk_through_the_talks(visit, listing, alice, bob, charlie):
    for person in (bob, charlie):
        Conversation.between(listing, person.pk, alice.pk).post(person.pk, "Здравствуйте")
    page = visit(alice, "/chat/")
    page.focus(".talks__list input[type=search]")
    for name in ("charlie", "bob"):
        page.keyboard.press("ArrowDown")
        expect(page.locator(":focus")).to_contain_text(name)
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_contain_text("charlie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chat/conversation/*/")


def test_what_changed_under_ones_eyes_glows(visit, listing, alice, bob):
    deal = flow.create(listing.pk, bob, "")
    page = visit(bob, f"/transactions/purchase-request/{deal.pk}/")
    page.evaluate(
        """() => {
            window.glowed = [];
            Element.prototype.animate = function () { glowed.push(this.dataset.dealStatus); };
        }"""
    )
    flow.advance(deal.pk, "accept", alice)
    expect(page.locator("[data-deal-status=accepted]").first).to_be_visible()
    assert page.evaluate("glowed") == ["accepted"]


def test_the_icon_of_the_tab_has_a_dot_while_something_is_unread(visit, listing, alice, bob):
    page = visit(alice)
    plain = page.get_attribute("link[rel=icon]", "href")
    Conversation.between(listing, bob.pk, alice.pk).post(bob.pk, "Здравствуйте")
    expect(page.locator("link[rel=icon]")).not_to_have_attribute("href", plain)


def moving(deal):
    """Moments whose digits are wide as the server writes them, and narrow in the reader's zone: 24 ноября, 11:11."""
    moment = datetime(datetime.now(UTC).year, 11, 24, 4, 11, tzinfo=UTC)
    Message.objects.update(created_at=moment)
    # Those that were taken can't be changed.
    DealStep.objects.create(request=deal, actor=deal.buyer, step="create", to_status="pending", created_at=moment)


@pytest.fixture
def addresses(listing, alice, bob, game):
    """Of a screen of each kind, as the seller sees it."""
    deal = flow.create(listing.pk, bob, "Здравствуйте!")
    talk = Conversation.objects.get(listing=listing)
    talk.post(bob.pk, "Ещё продаётся?")
    moving(deal)
    Listing.objects.create(
        seller=alice, game=game, title="Двуручный меч " * 7, description="Длинное имя.", price="9999999.99", status="reserved"
    )
    return [
        "/",
        "/?search=нет такого",
        f"/listing/{listing.pk}/",
        "/listing/create/",
        f"/chat/conversation/{talk.pk}/",
        f"/transactions/purchase-request/{deal.pk}/",
        "/accounts/my-sales/",
        "/accounts/profile/alice/",
        "/notifications/",
    ]


def test_every_kind_of_screen_is_for_everybody(visit, alice, addresses):
    """Of both themes and of any width from the narrowest phone on; nothing moves while it loads."""
    page, checks = visit(alice), Checks()
    base = page.url.rstrip("/")
    checks.listen(page, "seller")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in addresses:
        page.goto(base + address)
        checks.stillness(page, address)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # contrast of what stands still
            checks.access(page, f"{address}, {theme}")
        checks.edges(page, address)
    assert checks.said == []


def test_a_moment_is_as_wide_at_any_hour(visit, listing, bob):
    """As the server writes it and in the reader's zone: what stands beside it stays where it is."""
    deal = flow.create(listing.pk, bob, "")
    page = visit(bob, f"/transactions/purchase-request/{deal.pk}/")
    page.set_viewport_size({"width": 390, "height": 844})
    [[one, other]] = page.evaluate(
        """() => [...document.querySelectorAll(".history time")].map((time) =>
            ["24\u00a0ноября, 04:40", "24\u00a0ноября, 11:11"].map((text) => {
                time.textContent = text;
                const all = document.createRange();
                all.selectNodeContents(time);
                return [all.getBoundingClientRect().width, time.parentElement.offsetHeight];
            }))"""
    )
    assert one == other


def test_nothing_moves_however_slowly_a_page_comes(visit, listing, alice, bob):
    """Its typeface, its styles and its end come after its beginning: on a phone far from the mast."""
    deal = flow.create(listing.pk, bob, "Здравствуйте!")
    talk = Conversation.objects.get(listing=listing)
    for n in range(30):
        talk.post((alice if n % 3 else bob).pk, f"{n}: меч ещё продаётся, отдам сегодня вечером. " * (1 + n % 3))
    moving(deal)
    page, checks = visit(bob), Checks()
    base = page.url.rstrip("/")
    checks.listen(page, "buyer")
    page.set_viewport_size({"width": 390, "height": 1688})  # what is not seen does not count
    phone = page.context.new_cdp_session(page)
    phone.send("Network.enable")
    for slow in ({"latency": 100, "downloadThroughput": 40_000, "cpu": 1}, {"latency": 0, "downloadThroughput": -1, "cpu": 20}):
        phone.send("Emulation.setCPUThrottlingRate", {"rate": slow.pop("cpu")})
        phone.send("Network.emulateNetworkConditions", {"offline": False, "uploadThroughput": -1, **slow})
        for address in ("/", f"/chat/conversation/{talk.pk}/", f"/transactions/purchase-request/{deal.pk}/"):
            phone.send("Network.clearBrowserCache")
            page.goto(base + address)
            checks.stillness(page, f"{address}, {slow}")
    assert checks.said == []
