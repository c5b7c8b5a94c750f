"""M1, M2: the admin is found by staff alone, deletes nobody, keeps what was done; a ban ends everything."""

from ipaddress import ip_network

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import CustomUser
from apps.listings.models import Game, Listing
from apps.transactions.models import PurchaseRequest
from tests.test_english import PAGES

ADMIN = f"/{settings.ADMIN_PATH}"
PASSWORD = "correct-horse-9"
ADDRESSES = ["", "login/", "accounts/customuser/", "transactions/purchaserequest/", "password_change/", "jsi18n/", "nowhere/"]


def test_the_admin_is_not_where_everybody_looks(market):
    for role in market.people:
        assert market.client(role).get("/admin/").status_code == 404
    assert ADMIN != "/admin/"


def test_no_page_leads_to_it(market):
    for role in ("guest", "staff"):
        client = market.client(role)
        for template in PAGES:
            if not template.startswith(ADMIN):
                assert ADMIN not in client.get(market.path(template)).text, (role, template)
    assert ADMIN not in client.get("/robots.txt").text


def test_to_a_trader_it_is_not_there(market):
    for path in ADDRESSES:
        for method in ("get", "post"):
            assert getattr(market.client("buyer"), method)(ADMIN + path).status_code == 404, path


def test_nothing_is_deleted_there(market):
    staff = market.client("staff")
    rows = {model: model.objects.count() for model in admin.site._registry if model not in {Game, Group}}
    assert {CustomUser, Listing, PurchaseRequest} <= set(rows)
    for model in rows:
        address = f"{ADMIN}{model._meta.app_label}/{model._meta.model_name}/"
        first = model.objects.first() or market.people["staff"]
        assert staff.post(f"{address}{first.pk}/delete/", {"post": "yes"}).status_code == 403, model
        staff.post(address, {"action": "delete_selected", "_selected_action": [first.pk], "post": "yes"})
    assert {model: model.objects.count() for model in rows} == rows


def test_what_is_done_there_is_kept(market, caplog):
    staff, game = market.client("staff"), f"{ADMIN}listings/game/"
    people, things = f"{ADMIN}accounts/customuser/", f"{ADMIN}listings/listing/"
    stranger, pk = market.people["stranger"], market.names["offered"]
    acts = [
        (game + "add/", {"name": "Новая\r\nигра", "slug": "new"}),
        (people, {"action": "ban", "_selected_action": [stranger.pk]}),
        (people, {"action": "unban", "_selected_action": [stranger.pk]}),
        (things, {"action": "hide", "_selected_action": [pk]}),
        (f"{people}{stranger.pk}/password/", {"password1": "other-donkey-7", "password2": "other-donkey-7"}),
    ]
    for n, (path, fields) in enumerate(acts, 1):
        assert staff.post(path, {**fields, "usable_password": "true"}).status_code == 302, path
        assert LogEntry.objects.count() == n, path
    lines = [record.getMessage() for record in caplog.records if record.getMessage().startswith("staff ")]
    assert len(lines) == len(acts)
    assert all(f"user={market.people['staff'].pk}" in line for line in lines)
    assert not any("other-donkey-7" in line for line in lines)


def test_its_own_change_of_password_is_the_throttled_one(market):
    assert market.client("staff").get(f"{ADMIN}password_change/").url == "/accounts/password-change/"


@pytest.mark.parametrize(
    ("networks", "found"), [([], True), (["127.0.0.0/8"], True), (["10.0.0.1"], False), (["2001:db8::7"], False)]
)
def test_the_list_of_addresses(market, networks, found, settings):
    settings.ADMIN_ADDRESSES = [ip_network(each) for each in networks]
    assert market.client("staff").get(ADMIN).status_code == (200 if found else 404)
    assert market.client("guest").get(ADMIN).status_code == (302 if found else 404)
    settings.TRUST_PROXY = True
    near = market.client("staff").get(ADMIN, headers={"X-Forwarded-For": "2001:db8::7"})
    assert near.status_code == (200 if networks in ([], ["2001:db8::7"]) else 404)
    odd = market.client("staff").get(ADMIN, headers={"X-Forwarded-For": "nonsense"})
    assert odd.status_code == (404 if networks else 200)


def test_a_ban_ends_everything(market):
    """Sessions, coming in, resets (test_accounts), listings and requests; sockets: consumers/tests/test_sessions.py."""
    seller, staff, guest = market.client("seller"), market.client("staff"), Client()
    listing, profile = market.path("/listing/{offered}/"), "/accounts/profile/alice/"
    assert guest.get(listing).status_code == guest.get(profile).status_code == 200
    assert seller.get("/listing/create/").status_code == 200
    ids = [market.people["seller"].pk]
    staff.post(f"{ADMIN}accounts/customuser/", {"action": "ban", "_selected_action": ids})
    assert seller.get("/accounts/my-sales/").status_code == 302
    assert seller.get("/live/events/?after=0").status_code == 403
    assert seller.post("/listing/create/", {}).url.startswith("/accounts/login/")
    assert guest.post("/accounts/login/", {"username": "alice", "password": PASSWORD}).status_code == 400
    assert guest.get(profile).status_code == guest.get(listing).status_code == 404
    assert "Меч offered" not in guest.get("/").text
    buyer = market.client("buyer")
    assert buyer.post(market.path("/transactions/purchase-request/{offered}/create/"), {}).status_code == 404
    assert buyer.post(market.path("/chat/conversation/{talk_asked}/"), {"content": "Ау"}).status_code == 400
