"""The search box offers what there is as one types."""

import pytest
from playwright.sync_api import expect

from apps.listings.models import Listing


@pytest.mark.parametrize("width", [390, 1280])
def test_a_thing_is_found_by_its_first_letters_and_the_arrows(visit, listing, alice, game, width):
    other = Listing.objects.create(seller=alice, game=game, title="Мешок золота", description="-", price="5")
    page = visit(None)
    page.set_viewport_size({"width": width, "height": 800})
    field, options = page.locator("#search"), page.locator("#suggestions [role=option]")
    field.press_sequentially("ме")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    box = page.locator("#suggestions").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("ме")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("ч")
    expect(options).to_have_count(1)
    field.fill("line")
    expect(options.first).to_contain_text(game.name)
    field.fill("ме")
    expect(options).to_have_count(2)
    field.press("ArrowUp")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-item-2")
    field.press("ArrowUp")
    expect(page.locator("#suggestions [aria-selected=true]")).to_contain_text(other.title)
    field.press("Enter")
    page.wait_for_url(f"**/listing/{other.pk}/")


def test_enter_without_a_choice_searches(visit, listing):
    page = visit(None)
    field = page.locator("#search")
    field.press_sequentially("меч")
    expect(page.locator("#suggestions [role=option]")).to_have_count(1)
    field.press("Enter")
    page.wait_for_url("**/?search=*")
    expect(page.locator("#suggestions")).to_have_count(0)
    expect(page.locator("[data-listing]")).to_have_count(1)
