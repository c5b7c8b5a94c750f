"""The switch of languages in a browser: the reader stays where filters have led, and times follow."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_other_language_opens_where_the_reader_is(visit, listing):
    page = visit(None)
    page.fill("[name=search]", "меч")
    page.press("[name=search]", "Enter")
    expect(page).to_have_url(re.compile("search=%D0%BC"))
    there = page.url
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == there
    expect(page.locator("[name=search]")).to_have_value("меч")
    time = page.locator("[data-listing] time").first
    expect(time).to_have_text("just now")
    expect(time).to_have_attribute("title", re.compile(r"^\d{1,2} [A-Z][a-z]+ \d{4} at \d\d:\d\d$"))
