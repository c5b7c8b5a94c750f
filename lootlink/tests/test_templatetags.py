"""How prices, times, ratings, people's text and states are shown."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from apps.listings.models import Listing
from apps.transactions.models import PurchaseRequest
from lootlink import leaving
from lootlink.templatetags import lootlink as tags

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def render(source, request=None, **values):
    return Template(source).render(Context({"request": request, **values}))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234.50"), "1\u00a0234,50\u00a0₽"),
        (Decimal("12490.00"), "12\u00a0490\u00a0₽"),
        (Decimal("9999999.99"), "9\u00a0999\u00a0999,99\u00a0₽"),
        (Decimal("0.01"), "0,01\u00a0₽"),
        (Decimal("7.005"), "7,01\u00a0₽"),
        (5, "5\u00a0₽"),
        (None, ""),
    ],
)
def test_a_price_has_no_break_spaces_and_kopecks_only_where_there_are_any(value, shown):
    assert tags.price(value) == shown


def test_attributes_carry_plain_numbers():
    assert tags.rating_data(Decimal("4.5")) == "4.50"
    assert tags.rating_data(0) == "0.00"


def test_a_rating_has_one_digit_in_the_readers_language():
    with translation.override("ru"):
        assert tags.rating(Decimal("4.85")) == "4,9"
        assert tags.rating(5) == "5,0"
    with translation.override("en"):
        assert tags.rating(Decimal("4.85")) == "4.9"


@pytest.mark.parametrize(
    ("ago", "style", "shown"),
    [
        (timedelta(seconds=30), "short", "только что"),
        (timedelta(minutes=2), "short", "2\u00a0мин"),
        (timedelta(hours=3), "short", "3\u00a0ч"),
        (timedelta(days=2), "short", "2\u00a0дн."),
        (timedelta(days=9), "short", "11\u00a0ноября"),
        (timedelta(days=400), "short", "16\u00a0октября\u00a02025"),
        (timedelta(minutes=2), "ago", "2 минуты назад"),
        (timedelta(hours=11), "calendar", "сегодня"),
        (timedelta(hours=13), "calendar", "вчера"),
        (timedelta(days=2), "calendar", "18\u00a0ноября"),
        (timedelta(minutes=21), "clock", "11:39"),
        (timedelta(minutes=21), "date", "20\u00a0ноября, 11:39"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_time_carries_utc_and_a_text_for_readers_without_scripts(ago, style, shown):
    moment = NOW - ago
    with translation.override("ru"):
        html = tags.times(moment, style).replace("\u00a0назад", " назад")
    assert f'datetime="{moment:%Y-%m-%dT%H:%M:%SZ}"' in html
    assert f'data-time="{style}"' in html
    assert re.sub(r"<[^>]+>", "", html).replace("2\u00a0минуты", "2 минуты") == shown


def test_the_month_since_when_somebody_is_here_stays_as_the_server_says_it():
    with translation.override("ru"):
        html = tags.times(datetime(2023, 3, 5, tzinfo=UTC), "month")
    assert "марта\u00a02023" in html
    assert "data-time" not in html


def test_no_time_is_nothing():
    assert tags.times(None) == ""


def test_links_open_elsewhere_over_a_page_and_vouch_for_nothing():
    address = "https://example.com/a?b=1&c=2"
    assert tags.linkify(f"см. {address}.") == (
        f'см. <a href="{leaving.way(address)}" rel="ugc nofollow noopener noreferrer" target="_blank">'
        "https://example.com/a?b=1&amp;c=2</a>."
    )


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "ftp://example.com", "data:text/html,x", "//example.com", "https://", "www.example.com", "xhttp:/a"],
)
def test_nothing_but_http_becomes_a_link(text):
    assert "<a" in tags.linkify("http://example.com")
    assert "<a" not in tags.linkify(text)


def test_text_is_always_text():
    html = tags.linkify("<script>alert('x')</script> https://example.com/\"onclick=alert(1) <b>")
    assert "<script" not in html
    assert "<b>" not in html
    assert f'href="{leaving.way("https://example.com/")}"' in html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(https://example.com/a)", "https://example.com/a"),
        ("https://ru.wikipedia.org/wiki/Меч_(оружие)", "https://ru.wikipedia.org/wiki/Меч_(оружие)"),
        ("«https://example.com»", "https://example.com"),
        ("https://example.com!!!", "https://example.com"),
    ],
)
def test_a_sentences_own_marks_are_no_part_of_the_address(text, address):
    assert f'href="{leaving.way(address)}"' in tags.linkify(text)


def test_every_state_has_its_badge():
    assert set(tags.DEAL_STATES) == set(PurchaseRequest.Status.values)
    assert set(tags.LISTING_STATES) == set(Listing.Status.values)
    assert "badge--pending" in render("{% deal_badge 'pending' %}")
    assert "Занято" in render("{% listing_badge 'reserved' %}")


def test_an_active_listing_has_no_badge_unless_asked():
    assert "badge" in render("{% listing_badge 'active' always=True %}")
    assert render("{% listing_badge 'active' %}").strip() == ""


@pytest.mark.parametrize(
    ("call", "states"),
    [
        ("'pending'", ["now", "next", ""]),
        ("'accepted'", ["done", "now", "next"]),
        ("'completed'", ["done", "done", "now"]),
        ("'rejected'", ["done", "now"]),
        ("'cancelled' was_accepted=True", ["done", "done", "now"]),
    ],
)
def test_the_stepper_shows_what_was_and_what_is_next(call, states):
    steps = re.findall(r'<li class="stepper__step(?: stepper__step--(\w+))?"', render(f"{{% stepper {call} %}}"))
    assert steps == states


def test_an_avatar_without_a_picture_is_a_letter_in_the_traders_colour():
    user = SimpleNamespace(pk=9, username="bob", profile=SimpleNamespace(avatar=""))
    html = render("{% avatar user 40 online=True %}", user=user)
    assert "avatar--40 avatar--c1" in html
    assert 'data-presence="9" data-online' in html
    assert ">B<" in html
    assert "data-presence" not in render("{% avatar user presence=False %}", user=user)


def test_an_avatar_takes_the_size_that_dense_screens_need():
    user = SimpleNamespace(pk=9, username="bob", profile=SimpleNamespace(avatar="avatars/abc"))
    small, large = render("{% avatar user 32 %}", user=user), render("{% avatar user 96 %}", user=user)
    assert "avatars/abc" in small
    assert re.search(r'src="([^"]+)"', small).group(1) != re.search(r'src="([^"]+)"', large).group(1)


def test_stars_say_their_number():
    html = render("{% stars 4 %}")
    assert 'aria-label="4 из 5"' in html
    assert html.count("stars__empty") == 1


class Offer(forms.Form):
    title = forms.CharField(label="Название", help_text="До 200 знаков")
    rating = forms.IntegerField(label="Оценка")
    note = forms.CharField(label="Заметка", required=False)


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = render("{% field form.title %}", form=Offer({"title": ""}))
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_hint"' in html
    assert 'id="id_title_error"' in html
    assert 'for="id_title"' in html


def test_a_field_keeps_what_was_typed():
    assert 'value="&lt;Меч&gt;"' in render("{% field form.title %}", form=Offer({"title": "<Меч>"}))


def test_stars_to_choose_are_radio_buttons_and_keep_the_choice():
    html = render("{% rate form.rating %}", form=Offer({"rating": "4"}))
    assert html.count('type="radio"') == 5
    assert re.search(r'value="4" required checked', html)
    assert html.count("checked") == 1


def test_the_summary_names_each_wrong_field():
    html = render("{% include '_form_errors.html' %}", form=Offer({}))
    assert 'href="#id_title"' in html
    assert "Заметка" not in html
    assert "form-errors" not in render("{% include '_form_errors.html' %}", form=Offer())


def test_pages_keep_the_filters():
    request = RequestFactory().get("/?search=меч&page=7")
    page = Paginator(range(500), 24).page(7)
    template = Template("{% include '_pagination.html' with page_obj=page %}")
    html = template.render(Context({"page": page, "request": request}))
    assert re.search(r'rel="prev" href="\?search=[^"&]+&amp;page=6"', html)
    assert "…" in html
    assert 'aria-current="page">7<' in html


def test_only_the_current_route_is_marked():
    here = {"route": "listings:game"}
    assert render('{% current "listings:game" %}', **here) == 'aria-current="page"'
    assert render('{% current "listings:home" "listings:game" %}', **here) == 'aria-current="true"'
    assert render('{% current "chat:list" %}', **here) == render('{% current "chat:list" %}') == ""


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    base = settings.BASE_DIR
    there = set(re.findall(r'symbol id="([\w-]+)"', (base / "static/icons/sprite.svg").read_text()))
    asked = {state[0] for state in [*tags.DEAL_STATES.values(), *tags.LISTING_STATES.values()]}
    for template in (base / "templates").rglob("*.html"):
        asked |= set(re.findall(r'\{% icon "([\w-]+)"', template.read_text()))
        asked |= set(re.findall(r'_empty.html" with icon="([\w-]+)"', template.read_text()))
    assert asked
    assert asked <= there
