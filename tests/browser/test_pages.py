"""What scripts add to every page: filters in place, times in the reader's zone, prices, previews, keys."""

import pytest
from playwright.sync_api import expect

from apps.listings.tests.pictures import picture

from .wire import SITE, Wire, bell

pytestmark = pytest.mark.browser

FILTERS = """<form data-swap="results" action="/" role="search"><input type="search" name="search">
<select name="sort"><option value="-created_at">Новые</option><option value="price">Дешёвые</option></select></form>
<nav data-region="results" data-swap-links="results">{}<a href="/?page=2">2</a></nav>"""


def test_a_filter_changes_the_list_and_the_address_without_a_reload(page):
    wire = Wire(page, body=FILTERS.format("все")).open()
    page.evaluate("window.kept = true")
    wire.body = FILTERS.format("мечи")
    page.fill("[name=search]", "меч")
    page.keyboard.press("Enter")
    expect(page.locator("nav")).to_contain_text("мечи")
    assert page.url.startswith(f"{SITE}/?search=%D0%BC%D0%B5%D1%87&sort=")
    wire.body = FILTERS.format("дешёвые")
    page.select_option("[name=sort]", "price")
    expect(page.locator("nav")).to_contain_text("дешёвые")
    page.click("nav a")
    wire.wait(lambda: page.url == f"{SITE}/?page=2")
    wire.wait(lambda: wire.loads == 4)
    wire.body = FILTERS.format("снова мечи")
    page.go_back()
    page.go_back()
    expect(page.locator("nav")).to_contain_text("снова мечи")
    expect(page.locator("[name=search]")).to_have_value("меч")
    assert page.evaluate("window.kept") is True


def test_times_are_in_the_readers_zone(page):
    Wire(page, body='<time datetime="2024-03-05T20:30:00Z" data-time="date">5 марта, 20:30</time>').open()
    # Novosibirsk is seven hours ahead, so it is the next day there.
    expect(page.locator("time")).to_have_text("6\u00a0марта\u00a02024\u00a0г., 03:30")


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "только что"), (33, "33\u00a0мин"), (61, "1\u00a0ч"), (60 * 24 * 3, "3\u00a0дн.")]
)
def test_ages_stay_true(page, minutes, said):
    page.clock.install()
    Wire(page, body="<time></time>").open()
    page.evaluate(
        """(minutes) => { const time = document.querySelector("time"); time.dataset.time = "short";
        time.dateTime = new Date(Date.now() - minutes * 60000).toISOString() }""",
        minutes,
    )
    page.clock.run_for(31_000)
    expect(page.locator("time")).to_have_text(said)


def test_a_price_is_grouped_as_one_types(page):
    Wire(page, body="<input data-price>").open()
    page.locator("input").press_sequentially("1234567.505")
    expect(page.locator("input")).to_have_value("1\u00a0234\u00a0567,50")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    page.keyboard.type("99")
    expect(page.locator("input")).to_have_value("199\u00a0234\u00a0567,50")


def test_slash_leads_to_the_search(page):
    Wire(page, body='<input type="search" value="меч"><input name="other">').open()
    page.keyboard.press("/")
    expect(page.locator("[type=search]")).to_be_focused()
    expect(page.locator("[type=search]")).to_have_value("меч")
    page.locator("[name=other]").press("/")
    expect(page.locator("[name=other]")).to_have_value("/")


def test_a_chosen_picture_is_shown_and_one_too_large_is_not(page):
    Wire(page, body='<form><input type="file"><canvas data-preview hidden></canvas></form>').open()
    chosen = {"name": "a.png", "mimeType": "image/png", "buffer": picture(64, 48).read()}
    page.set_input_files("input", chosen)
    expect(page.locator("canvas")).to_be_visible()
    assert page.evaluate("[document.querySelector('canvas').width, document.querySelector('canvas').height]") == [480, 360]
    page.set_input_files("input", {**chosen, "buffer": b"0" * (8 * 1024 * 1024 + 1)})
    expect(page.locator("canvas")).to_be_hidden()
    assert page.evaluate("document.querySelector('input').validity.valid") is False


def test_a_contact_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Wire(page, body="<li><b data-copy>@alice</b></li>").open()
    page.click("li button")
    expect(page.locator("li button")).not_to_have_text("Скопировать")
    assert page.evaluate("navigator.clipboard.readText()") == "@alice"


def test_a_form_is_sent_once(page):
    wire = Wire(page, body='<form method="post" action="/made/"><button>Разместить</button></form>')
    posts = []
    wire.answers["/made/"] = lambda request: (posts.append(request), (204, {}, ""))[1]
    wire.open()
    for _ in range(3):
        page.click("button")
    wire.wait(lambda: posts)
    assert len(posts) == 1


def test_a_sound_plays_in_one_tab_and_can_be_switched_off(page):
    body = '<button data-sound aria-pressed="true">Звук</button>'
    pages = [page, page.context.new_page()]
    wires = []
    for each in pages:
        wires.append(Wire(each, body=body).open())
        wires[-1].settled()
        each.click("body")
        each.evaluate("() => { window.played = 0; document.addEventListener('sound:played', () => played += 1) }")

    def played_after(seq):
        for wire in wires:
            wire.send(bell(seq, seq))
        page.wait_for_timeout(2_000)
        return sum(each.evaluate("played") for each in pages)

    assert played_after(1) == 1
    assert played_after(2) == 2
    page.click("[data-sound]")
    expect(pages[1].locator("[data-sound]")).to_have_attribute("aria-pressed", "false")
    assert played_after(3) == 2
