"""Every GET and HEAD by everybody, twice: only the session changes by looking, and what a side of a talk has read."""

import pytest
from django.apps import apps
from django.db import connection

from apps.chat.models import Conversation
from apps.live.models import Event, Inbox
from tests.market import ROLES

# Without logging out and starting a talk, whose GET acts by the seed.
PAGES = [
    "/",
    "/?search=меч&sort=price&page=2&min_price=1",
    "/game/{slug}/",
    "/listing/create/",
    *(
        f"/listing/{{{name}}}/{page}"
        for name in ("asked", "taken", "sold", "withdrawn", "hidden")
        for page in ("", "edit/", "delete/")
    ),
    *(f"/transactions/purchase-request/{{{name}}}/create/" for name in ("offered", "asked", "sold")),
    *(f"/transactions/purchase-request/{{deal_{name}}}/" for name in ("asked", "taken", "refused", "sold", "dropped")),
    *(
        f"/transactions/purchase-request/{{deal_{name}}}/{step}/"
        for name in ("asked", "taken", "sold")
        for step in ("accept", "reject", "complete", "cancel")
    ),
    "/transactions/review/{deal_sold}/create/",
    "/chat/",
    "/chat/leave/{linked}/0/",
    "/leave/?to={leave}",
    "/accounts/register/",
    "/accounts/login/",
    "/accounts/profile/alice/",
    "/accounts/profile/bob/",
    "/accounts/profile-edit/",
    "/accounts/my-listings/",
    "/accounts/my-purchases/",
    "/accounts/my-sales/",
    "/accounts/password-change/",
    "/accounts/password-reset/",
    "/accounts/password-reset/sent/",
    "/accounts/password-reset/{reset}/",
    "/accounts/email/",
    "/accounts/email/{confirm}/",
    "/notifications/",
    "/live/events/?after=0",
    "/language/?language=en",
    "/health/ready/",
    "/staff/",
    "/staff/accounts/customuser/",
    "/staff/transactions/purchaserequest/",
    "/nowhere/",
]
SESSIONS = "django_session"


def tables():
    """Every row of every table but the sessions."""
    rows = {}
    for model in apps.get_models():
        if model._meta.managed and model._meta.db_table != SESSIONS:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                rows[model._meta.db_table] = sorted(map(repr, cursor.fetchall()))
    return rows


def changed(before, after):
    return {table for table in before if before[table] != after[table]}


# Real transactions: PostgreSQL itself refuses to write in the snapshot of a page that only reads.
@pytest.fixture
def market(transactional_db, market):
    return market


@pytest.mark.parametrize("role", ROLES)
def test_looking_changes_nothing(role, market):
    before = tables()
    client = market.client(role)
    for page in PAGES:
        for look in (client.head, client.get, client.get):
            assert look(market.path(page)).status_code < 500
    assert changed(before, tables()) == set()


@pytest.mark.parametrize("role", ["guest", "stranger", "staff"])
def test_a_talk_of_others_is_not_read_by_asking_for_it(role, market):
    before = tables()
    for talk in ("talk_asked", "talk_opened", "talk_hidden"):
        assert market.client(role).get(market.path(f"/chat/conversation/{{{talk}}}/")).status_code in {302, 403}
    assert changed(before, tables()) == set()


def test_a_talk_is_read_by_opening_it_and_only_that_one(market):
    buyer, talk = market.client("buyer"), Conversation.objects.get(pk=market.names["talk_asked"])
    path = market.path("/chat/conversation/{talk_asked}/")
    before = tables()
    unshown = [{}, {"headers": {"Sec-Purpose": "prefetch"}}, {"headers": {"X-Fragment": "messages"}}]
    assert buyer.head(path).status_code == 200
    assert [buyer.get(path, **how).status_code for how in unshown[1:]] == [200, 200]
    assert changed(before, tables()) == set()

    reader = market.people["buyer"].pk
    heads = dict(Inbox.objects.values_list("user_id", "head"))
    others = Conversation.objects.exclude(pk=talk.pk).order_by("pk").values_list("pk", "read1", "read2")
    read_before = list(others)
    assert buyer.get(path).status_code == 200
    assert changed(before, tables()) == {Conversation._meta.db_table, Event._meta.db_table, Inbox._meta.db_table}
    talk.refresh_from_db()
    assert talk.read_of(reader) == talk.last_message_id
    assert list(others) == read_before
    told = [event for event in Event.objects.order_by("user_id") if event.seq > heads[event.user_id]]
    assert [(event.user_id, event.type, event.data["reader"]) for event in told] == [
        (user_id, "message.read", reader) for user_id in sorted(talk.participants)
    ]

    again = tables()
    assert buyer.get(path).status_code == 200
    assert changed(again, tables()) == set()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
    ids=str,
)
def test_what_is_not_the_persons_own_step_starts_no_talk_and_logs_nobody_out(headers, market):
    before, client = tables(), market.client("stranger")
    path = market.path("/chat/start/{offered}/")
    assert client.get(path, headers=headers).status_code == 200
    assert client.get("/accounts/logout/", headers=headers).status_code == 200
    assert client.head(path).status_code == 302
    assert client.head("/accounts/logout/").status_code == 302
    assert changed(before, tables()) == set()
    assert client.get("/chat/").status_code == 200
    # It could have.
    assert client.get(path).status_code == 302
    assert changed(before, tables()) == {Conversation._meta.db_table}
