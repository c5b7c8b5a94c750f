"""C1, C2 in a real Chromium: every page by role without a violation, an error or a dialog, whatever people wrote."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from apps.accounts.models import CustomUser
from apps.live import push

from .payloads import PAYLOADS, put

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ENTRY = [
    "/",
    "/?search=меч",
    "/?search=нет-такого",
    "/game/{slug}/",
    "/listing/{offered}/",
    "/accounts/profile/alice/",
    "/accounts/login/",
    "/accounts/register/",
    "/accounts/password-reset/",
    "/accounts/password-reset/sent/",
    "/accounts/password-reset/{reset}/",
    "/accounts/email/{confirm}/",
]
REFUSED = ["/nowhere/", "/accounts/password-reset/1/none/", "/listing/{hidden}/"]
PAGES = {
    "guest": [*ENTRY, *REFUSED],
    "buyer": [
        "/",
        "/listing/{offered}/",
        "/listing/{taken}/",
        "/transactions/purchase-request/{offered}/create/",
        "/transactions/purchase-request/{deal_taken}/",
        "/transactions/purchase-request/{deal_praised}/",
        "/transactions/purchase-request/{deal_asked}/cancel/",
        "/transactions/review/{deal_sold}/create/",
        "/chat/",
        "/chat/conversation/{talk_taken}/",
        "/accounts/profile/alice/",
        "/accounts/my-purchases/",
        "/notifications/",
        "/listing/{offered}/edit/",
        "/nowhere/",
    ],
    "seller": [
        "/listing/create/",
        "/listing/{asked}/edit/",
        "/listing/{asked}/delete/",
        "/transactions/purchase-request/{deal_asked}/accept/",
        "/chat/conversation/{talk_asked}/",
        "/accounts/my-listings/",
        "/accounts/my-sales/",
        "/accounts/profile-edit/",
        "/accounts/password-change/",
    ],
    "staff": [
        "/staff/",
        "/staff/accounts/customuser/",
        "/staff/accounts/customuser/{person}/change/",
        "/staff/accounts/customuser/{person}/password/",
        "/staff/accounts/customuser/{person}/history/",
        "/staff/auth/group/add/",
        "/staff/listings/game/add/",
        "/staff/listings/game/{game}/delete/",
        "/staff/listings/listing/?q=меч",
        "/staff/listings/listing/{asked}/change/",
        "/staff/chat/conversation/",
        "/staff/chat/conversation/{talk_asked}/change/",
        "/staff/transactions/purchaserequest/",
        "/staff/transactions/purchaserequest/{deal_praised}/change/",
        "/staff/transactions/review/",
    ],
}
# Beside the payloads' own words: elements and attributes that only one of them could have made.
MADE = """() => [...document.querySelectorAll("*")].filter(element =>
    [...element.attributes].some(({name, value}) => name.startsWith("on") || /^\\s*javascript:/i.test(value) && name !== "value")
    || element.matches("[src^='x'], [src*='evil.example'], [href*='evil.example'], base, object, embed, iframe, marquee, math")
    || element.localName === "script" && !element.src && element.type !== "application/json"
    || element.localName === "style").map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture
def unheard(monkeypatch):
    """Playwright's loop runs in this thread, where a push would need one of its own; nobody listens here anyway."""
    monkeypatch.setattr(push, "offer", lambda hint: None)


@pytest.fixture
def market(transactional_db, unheard, market):
    person = CustomUser.objects.get(username="alice")
    kind = ContentType.objects.get_for_model(CustomUser).pk
    about = {"content_type_id": kind, "object_id": person.pk, "object_repr": "alice", "action_flag": CHANGE}
    LogEntry.objects.create(user=market.people["staff"], change_message="[]", **about)
    market.names["person"] = person.pk
    return market


@pytest.fixture
def walk(market, one_worker, chromium):
    """Open these pages one after another as this role; what the browser complained of, page by page."""
    contexts = []

    def opened(role, paths, look=lambda page: []):
        wrong, context = {}, chromium.new_context(locale="ru-RU")
        contexts.append(context)
        cookies = market.client(role).cookies
        context.add_cookies([{"name": name, "value": each.value, "url": one_worker.url} for name, each in cookies.items()])
        page = context.new_page()
        said = []
        page.on(
            "console",
            lambda line: said.append(f"{line.text} {line.location['url']}") if line.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        for path in paths:
            said.clear()
            answer = page.goto(one_worker.url + market.path(path), wait_until="load")
            assert answer.status < 500, path
            assert "/accounts/login/" in path or "/accounts/login/" not in page.url, path
            page.wait_for_timeout(30)
            found = look(page)
            # The browser itself calls a page of 403 or 404 an error.
            seen = [text for text in said if f"status of {answer.status}" not in text or answer.status < 400]
            if complaints := [*seen, *found]:
                wrong[path] = complaints
        return wrong

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("role", PAGES)
def test_no_page_breaks_its_own_rules(role, walk):
    assert walk(role, PAGES[role]) == {}


def test_the_browser_would_have_complained(walk):
    """The page's rules stop what a payload would do, and the walk hears of it."""
    attack = (
        "() => { const image = new Image(); image.src = 'https://evil.example/x.png'; document.body.append(image); return []; }"
    )

    def attacked(page):
        page.evaluate(attack)
        page.wait_for_timeout(200)
        return []

    complaints = walk("guest", ["/", "/accounts/login/"], attacked)
    assert "Content Security Policy" in str(complaints)


def test_sixty_payloads_make_nothing_in_a_browser(walk):
    wrong = []
    for at in range(0, len(PAYLOADS), 20):
        part = PAYLOADS[at : at + 20]
        # Titles and names are short: those of a part take turns in them.
        for first in (0, 10):
            put(" ".join(part[first:] + part[:first]))
            paths = ["/listing/{sold}/", "/accounts/profile/alice/", "/chat/conversation/{talk_taken}/"]
            wrong.append(
                walk("buyer", [*paths, "/transactions/purchase-request/{deal_praised}/"], lambda page: page.evaluate(MADE))
            )
    assert [each for each in wrong if each] == []
