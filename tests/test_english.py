"""The whole site in English: nothing but what people wrote is in Cyrillic, and prices are written as in Russian."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import translation

from apps.accounts import letters
from apps.notifications.kinds import KINDS
from lootlink.templatetags import lootlink as tags
from tests.market import ROLES

CYRILLIC = re.compile("[^<>]*[а-яё][^<>]*", re.IGNORECASE)
ENGLISH = {"accept-language": "en"}
# What people wrote on the market, and the switch, which names a language in itself.
THEIRS = re.compile(r"меч [a-z]+|меч\b|Точился честно\.|Здравствуйте!|Ещё продаётся\.|Всё честно\.|>Русский<", re.IGNORECASE)

PAGES = [
    "/",
    "/?search=nothing-like-it",
    "/?search=меч&min_price=cheap&sort=best&game=chess",
    "/game/{slug}/",
    "/listing/create/",
    *(f"/listing/{{{name}}}/{page}" for name in ("asked", "taken", "sold", "withdrawn") for page in ("", "edit/", "delete/")),
    *(f"/transactions/purchase-request/{{{name}}}/create/" for name in ("offered", "asked", "sold")),
    *(
        f"/transactions/purchase-request/{{deal_{name}}}/"
        for name in ("asked", "taken", "refused", "sold", "dropped", "praised", "withdrawn")
    ),
    *(
        f"/transactions/purchase-request/{{deal_{name}}}/{step}/"
        for name in ("asked", "taken")
        for step in ("accept", "reject", "complete", "cancel")
    ),
    "/transactions/review/{deal_sold}/create/",
    "/chat/",
    "/chat/?tab=unread",
    "/chat/?search=nobody",
    *(f"/chat/conversation/{{talk_{name}}}/" for name in ("asked", "taken", "refused", "sold", "dropped", "opened", "hidden")),
    "/accounts/register/",
    "/accounts/login/",
    "/accounts/profile/alice/",
    "/accounts/profile/bob/",
    "/accounts/profile-edit/",
    "/accounts/my-listings/",
    "/accounts/my-listings/?status=sold",
    "/accounts/my-purchases/",
    "/accounts/my-purchases/?status=pending",
    "/accounts/my-sales/",
    "/accounts/my-sales/?status=cancelled",
    "/accounts/password-change/",
    "/accounts/password-reset/",
    "/accounts/password-reset/sent/",
    "/accounts/password-reset/{reset}/",
    "/accounts/password-reset/1/none/",
    "/accounts/email/{confirm}/",
    "/accounts/email/none/",
    "/notifications/",
    "/live/events/?after=0",
    "/nowhere/",
    "/staff/",
    "/staff/accounts/customuser/",
    "/staff/accounts/customuser/add/",
    "/staff/listings/listing/",
    "/staff/listings/game/",
    "/staff/chat/conversation/",
    "/staff/transactions/purchaserequest/",
    "/staff/transactions/review/",
]
FORMS = [
    ("guest", "/accounts/register/", {}),
    ("guest", "/accounts/register/", {"username": "админ", "email": "x", "password1": "lootlink", "password2": "other"}),
    ("guest", "/accounts/register/", {"username": "alice", "email": "alice@example.com", "password1": "1", "password2": "1"}),
    ("guest", "/accounts/login/", {}),
    ("guest", "/accounts/login/", {"username": "alice", "password": "wrong"}),
    ("guest", "/accounts/password-reset/", {"email": "nonsense"}),
    ("seller", "/accounts/password-change/", {"old_password": "wrong", "new_password1": "a", "new_password2": "b"}),
    (
        "seller",
        "/accounts/profile-edit/",
        {"phone": "12", "telegram": "-", "discord": "-", "bio": "x" * 5000, "first_name": "x" * 500},
    ),
    ("seller", "/listing/create/", {}),
    ("seller", "/listing/create/", {"game": "999999", "title": "\u200b", "price": "cheap"}),
    ("seller", "/listing/{asked}/edit/", {"title": "x" * 500, "price": "-1"}),
    ("buyer", "/transactions/purchase-request/{offered}/create/", {"message": "x" * 9000}),
    ("buyer", "/transactions/purchase-request/{sold}/create/", {"message": ""}),
    ("buyer", "/transactions/purchase-request/{deal_sold}/cancel/", {}),
    ("buyer", "/transactions/review/{deal_sold}/create/", {"rating": "9"}),
    ("buyer", "/transactions/review/{deal_praised}/create/", {"rating": "5"}),
    ("buyer", "/chat/conversation/{talk_asked}/", {"content": ""}),
    ("buyer", "/chat/conversation/{talk_asked}/", {"content": "x" * 9000}),
]


def strange(text):
    """What of a page is in Cyrillic that nobody on the market wrote."""
    return [found.strip() for found in CYRILLIC.findall(THEIRS.sub("", text))]


@pytest.mark.parametrize("role", ROLES)
def test_every_page(role, market):
    client = market.client(role, headers=ENGLISH)
    found = {}
    for template in PAGES:
        page = client.get(market.path(template))
        if page.status_code == 302:
            continue
        if page.headers["Content-Type"].startswith("text/html"):
            assert '<html lang="en' in page.text, template
        found[template] = strange(page.text)
    assert found["/"] == []
    assert {template: words for template, words in found.items() if words} == {}


def test_every_refusal_of_a_form(market):
    found = []
    for role, template, typed in FORMS:
        page = market.client(role, headers=ENGLISH).post(market.path(template), typed, follow=True)
        assert '<html lang="en"' in page.text, template
        found += [(template, words) for words in strange(page.text.replace("админ", ""))]
    assert found == []


def test_the_question_before_logging_out(market):
    client = market.client("buyer", headers={**ENGLISH, "sec-fetch-site": "cross-site"})
    page = client.get("/accounts/logout/")
    assert "Log out?" in page.text
    assert strange(page.text) == []


def test_an_accepted_form_is_thanked_for(market):
    client = market.client("seller", headers=ENGLISH)
    page = client.post("/accounts/profile-edit/", {"first_name": "Alice"}, follow=True)
    assert "Profile saved." in page.text
    assert strange(page.text) == []


def test_the_same_happening_is_told_to_each_in_their_language(market):
    path = "/live/events/?after=0"
    texts = {}
    for language in ("ru", "en"):
        events = market.client("seller", headers={"accept-language": language}).get(path).json()["events"]
        texts[language] = next(event["notification"]["text"] for event in events if event["type"] == "notification.new")
    assert texts == {"ru": "bob просит купить: Меч asked", "en": "bob asks to buy: Меч asked"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_notification(kind):
    with translation.override("en"):
        text = KINDS[kind].sentence % {"who": "bob", "title": "Sword", "rating": 5}
    assert strange(text) == []
    assert "Sword" in text or kind == "review"


@pytest.mark.parametrize("letter", [letters.reset, letters.confirmation])
def test_letters(alice, letter):
    with translation.override("en"):
        written: EmailMessage = letter(alice)
    assert "Hello, alice!" in written.body
    assert strange(written.subject + written.body) == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_price_is_written_the_same_way_in_both(language, client, listing):
    with translation.override(language):
        assert tags.price("1234.5") == "1\u00a0234,50\u00a0₽"
    page = client.get("/", headers={"accept-language": language})
    assert "12\u00a0490\u00a0₽" in page.text


@pytest.mark.parametrize(
    ("ago", "style", "shown"),
    [
        (timedelta(seconds=30), "short", "just now"),
        (timedelta(minutes=2), "short", "2\u00a0min"),
        (timedelta(hours=3), "short", "3\u00a0hr"),
        (timedelta(days=1), "short", "1\u00a0day"),
        (timedelta(days=2), "short", "2\u00a0days"),
        (timedelta(days=9), "day", "11\u00a0November"),
        (timedelta(days=400), "day", "16\u00a0October\u00a02025"),
        (timedelta(hours=13), "calendar", "yesterday"),
        (timedelta(minutes=21), "date", "20\u00a0November, 11:39"),
    ],
)
def test_times(ago, style, shown):
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False), translation.override("en"):
        assert re.sub("<[^>]+>", "", tags.times(now - ago, style)) == shown
