"""What a visitor reads when something went wrong, and the way on."""

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory


@pytest.mark.parametrize("code", [400, 403, 404, 429])
def test_a_refusal_says_what_to_do_next(code):
    request = RequestFactory().get("/")
    html = render_to_string(f"{code}.html", {"retry_after": 12}, request)
    assert f">{code}<" in html
    assert "К объявлениям" in html
    assert ("через 12" in html) == (code == 429)


@pytest.mark.parametrize("code", [500, 503])
def test_a_failure_page_needs_neither_database_nor_request(code):
    html = render_to_string(f"{code}.html")
    assert f">{code}<" in html
    assert "Попробовать ещё раз" in html
    assert 'href="/"' in html


def test_the_stylesheet_is_one_file_that_begins_with_the_layers():
    with open(finders.find("css/all.css"), encoding="utf-8") as file:
        text = file.read()
    assert text.index("@layer reset, base, components, utilities;") < text.index("@layer reset {")
    assert ".card__price" in text
    assert ".bubble" in text


def test_styles_need_no_force_and_no_ids():
    with open(finders.find("css/all.css"), encoding="utf-8") as file:
        text = file.read()
    assert "!important" not in text
    assert "url(" in text
    assert "http" not in text
