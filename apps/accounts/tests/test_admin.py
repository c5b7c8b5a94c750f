from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

ADMIN = f"/{settings.ADMIN_PATH}"
TRADERS = f"{ADMIN}accounts/customuser/"


@pytest.fixture
def staff(django_user_model):
    return django_user_model.objects.create_superuser("captain", "captain@example.com", "correct-horse-9")


def test_a_guest_goes_to_login_and_a_trader_sees_nothing(client, alice, client_of):
    assert client.get(ADMIN, follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")
    for path in (ADMIN, TRADERS, f"{ADMIN}login/"):
        assert client_of(alice).get(path).status_code == 404


def test_a_shift_lasts_eight_hours(staff):
    client = Client()
    entered = client.post("/accounts/login/", {"username": "captain", "password": "correct-horse-9", "next": ADMIN})
    assert entered.url == ADMIN
    assert client.get(ADMIN).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=8, minutes=1)):
        late = client.get(ADMIN, follow=True)
        assert late.status_code == 200
        assert late.redirect_chain[-1][0].startswith("/accounts/login/")
        assert client.get("/accounts/my-sales/").status_code == 200


@pytest.mark.parametrize("words", ["ALI", "alice@EXAMPLE"])
def test_a_trader_is_found(staff, alice, bob, client_of, words):
    page = client_of(staff).get(TRADERS, {"q": words}).content.decode()
    assert "alice@example.com" in page
    assert "bob@example.com" not in page


def test_a_ban_ends_sessions_and_can_be_taken_back(staff, alice, client_of):
    theirs, ours = client_of(alice), client_of(staff)
    assert theirs.get("/accounts/my-sales/").status_code == 200
    ours.post(TRADERS, {"action": "ban", "_selected_action": [alice.pk, staff.pk]})
    assert theirs.get("/accounts/my-sales/").status_code == 302
    assert ours.get(ADMIN).status_code == 200
    assert LogEntry.objects.get().object_id == str(alice.pk)
    ours.post(TRADERS, {"action": "unban", "_selected_action": [alice.pk]})
    alice.refresh_from_db()
    assert alice.is_active


def test_nobody_is_added_or_deleted(staff, alice, client_of):
    client = client_of(staff)
    assert client.get(f"{TRADERS}{alice.pk}/change/").status_code == 200
    assert client.post(f"{TRADERS}{alice.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{TRADERS}add/").status_code == 403
    assert "delete_selected" not in client.get(TRADERS).content.decode()
