"""What a page never says: e-mail, last names, and how to reach somebody with whom nothing was agreed. Searched byte by byte."""

import pytest
from django.db import connection

from apps.accounts.models import CustomUser
from apps.live.models import Event
from apps.transactions.models import PurchaseRequest
from consumers import frames
from tests.market import ROLES, Market

ALICES = {"phone": "+79161234502", "telegram": "alice_on_telegram", "discord": "alice.on.discord"}
BOBS = {"phone": "+79161234501", "telegram": "bob_on_telegram", "discord": "bob.on.discord"}
PAGES = [
    "/",
    "/?search=меч",
    "/game/{slug}/",
    "/listing/{asked}/",
    "/listing/{taken}/",
    "/listing/{sold}/",
    "/listing/{withdrawn}/",
    "/listing/{asked}/edit/",
    "/transactions/purchase-request/{offered}/create/",
    *(f"/transactions/purchase-request/{{deal_{name}}}/" for name in ("asked", "taken", "refused", "sold", "dropped", "praised")),
    "/transactions/purchase-request/{deal_asked}/accept/",
    "/transactions/purchase-request/{deal_taken}/complete/",
    "/transactions/review/{deal_sold}/create/",
    "/chat/",
    "/chat/conversation/{talk_asked}/",
    "/chat/conversation/{talk_taken}/",
    "/accounts/profile/alice/",
    "/accounts/profile/bob/",
    "/accounts/profile/captain/",
    "/accounts/my-listings/",
    "/accounts/my-purchases/",
    "/accounts/my-sales/",
    "/notifications/",
    "/live/events/?after=0",
    "/accounts/password-reset/{reset}/",
    "/accounts/email/{confirm}/",
    "/nowhere/",
]


def pages(market: Market, role: str):
    client = market.client(role)
    for page in PAGES:
        path = market.path(page)
        yield path, client.get(path).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_no_page_says_an_address_or_a_last_name(role, market):
    others = [user for user in market.people.values() if user and user != market.people[role]]
    secrets = [user.email for user in market.people.values() if user] + [user.last_name for user in others]
    assert [(path, secret) for path, text in pages(market, role) for secret in secrets if secret in text] == []


@pytest.mark.parametrize("role", ROLES)
def test_ones_own_are_on_the_form_and_nobody_elses(role, market):
    user = market.people[role]
    form = market.client(role).get("/accounts/profile-edit/").content.decode()
    for other in filter(None, market.people.values()):
        assert (other.last_name in form) == (other == user)
        assert other == user or other.email not in form


@pytest.mark.parametrize("role", ["guest", "stranger", "staff"])
def test_who_agreed_on_nothing_finds_no_way_to_reach_anybody(role, market):
    secrets = [*ALICES.values(), *BOBS.values(), *(number[-10:] for number in (ALICES["phone"], BOBS["phone"]))]
    assert [(path, secret) for path, text in pages(market, role) for secret in secrets if secret in text] == []


@pytest.mark.parametrize(("role", "theirs"), [("buyer", ALICES), ("seller", BOBS)])
def test_the_other_side_is_shown_with_the_deal_and_on_the_profile_alone(role, theirs, market):
    showing = {path for path, text in pages(market, role) if theirs["telegram"] in text}
    deals = {market.path(f"/transactions/purchase-request/{{deal_{name}}}/") for name in ("taken", "sold", "praised")}
    # The deal beside the talk is the same panel.
    beside = {market.path("/chat/conversation/{talk_taken}/")}
    assert showing == deals | beside | {f"/accounts/profile/{'alice' if role == 'buyer' else 'bob'}/"}


CASES = {"pending": False, "accepted": True, "rejected": False, "completed": True, "cancelled": False}


@pytest.mark.parametrize("status", CASES)
@pytest.mark.parametrize(("role", "name", "theirs"), [("buyer", "alice", ALICES), ("seller", "bob", BOBS)])
def test_one_agreed_deal_of_the_two_opens_the_profile(status, role, name, theirs, market):
    kept = {"pending": "asked", "accepted": "taken", "rejected": "refused", "completed": "sold", "cancelled": "dropped"}[status]
    others = PurchaseRequest.objects.exclude(pk=market.names[f"deal_{kept}"])
    others.filter(status__in=PurchaseRequest.AGREED).update(status="rejected", completed_at=None)
    profile = market.client(role).get(f"/accounts/profile/{name}/").content.decode()
    assert [secret in profile for secret in theirs.values()] == [CASES[status]] * 3
    deal = market.client(role).get(market.path(f"/transactions/purchase-request/{{deal_{kept}}}/")).content.decode()
    assert [secret in deal for secret in theirs.values()] == [CASES[status]] * 3


def test_a_deal_with_one_does_not_open_another(market):
    """Bob agreed with Alice: the captain, whom Alice has sold nothing, is as far as ever."""
    for name in ("captain", "charlie"):
        user = CustomUser.objects.get(username=name)
        text = market.client("buyer").get(f"/accounts/profile/{name}/").content.decode()
        assert user.profile.telegram not in text
        assert user.profile.phone not in text


def test_no_frame_carries_any_of_it(market):
    """The log of everybody, as sockets and the HTTP feed tell it."""
    told = "".join(frames.log(list(Event.objects.order_by("user_id", "seq")), "ru"))
    assert "Меч asked" in told
    secrets = [*ALICES.values(), *BOBS.values(), "@example.com", "Of-alice", "Of-bob"]
    assert [secret for secret in secrets if secret in told] == []


def test_the_secrets_are_there_to_be_found(market):
    with connection.cursor() as cursor:
        cursor.execute("SELECT telegram FROM accounts_profile")
        assert {ALICES["telegram"], BOBS["telegram"]} <= {telegram for (telegram,) in cursor.fetchall()}
    assert {user.email for user in CustomUser.objects.all()} >= {"alice@example.com", "bob@example.com"}
