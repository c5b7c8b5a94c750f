import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts import letters

PASSWORD, NEW_PASSWORD = "correct-horse-9", "other-donkey-7"
CHANGE, RESET = "/accounts/password-change/", "/accounts/password-reset/"


def is_in(client):
    return client.get("/accounts/my-sales/").status_code == 200


class TestChange:
    FORM = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    def test_the_other_sessions_end(self, alice, client_of):
        here, there, elsewhere = (client_of(alice) for _ in range(3))
        assert all(map(is_in, (here, there, elsewhere)))
        assert here.get(CHANGE).status_code == 200
        assert here.post(CHANGE, self.FORM).status_code == 302
        assert is_in(here)
        assert not is_in(there)
        assert not is_in(elsewhere)
        alice.refresh_from_db()
        assert alice.check_password(NEW_PASSWORD)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"old_password": "wrong"}, "old_password"),
            ({"new_password2": "x"}, "new_password2"),
            ({"new_password1": "alice123", "new_password2": "alice123"}, "new_password1"),
            ({"new_password1": "a" * 129, "new_password2": "a" * 129}, "new_password1"),
            ({"new_password1": ""}, "new_password1"),
        ],
    )
    def test_a_bad_form_changes_nothing(self, alice, client_of, change, field):
        here, there = client_of(alice), client_of(alice)
        answer = here.post(CHANGE, {**self.FORM, **change})
        assert answer.status_code == 400
        assert field in answer.context["form"].errors
        assert is_in(there)

    def test_guessing_the_old_password_is_throttled(self, alice, client_of):
        here = client_of(alice)
        codes = [here.post(CHANGE, {**self.FORM, "old_password": "wrong"}).status_code for _ in range(6)]
        assert codes == [400] * 5 + [429]

    def test_a_guest_goes_to_login(self, client, db):
        assert client.get(CHANGE).url == f"/accounts/login/?next={CHANGE}"
        assert client.post(CHANGE, self.FORM).status_code == 302


class TestReset:
    FORM = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    def ask(self, client, email="ALICE@example.com"):
        answer = client.post(RESET, {"email": email})
        assert (answer.status_code, answer.url) == (302, "/accounts/password-reset/sent/")

    def test_a_letter_leads_to_a_new_password(self, client, alice, client_of, link):
        there = client_of(alice)
        self.ask(client)
        page = client.get(link())
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert client.post(link(), self.FORM).url == "/accounts/login/"
        alice.refresh_from_db()
        assert alice.check_password(NEW_PASSWORD)
        assert alice.email_confirmed_at is not None
        assert not is_in(there)

    def test_the_link_is_good_for_one_use(self, client, alice, link):
        self.ask(client)
        client.post(link(), self.FORM)
        assert client.get(link()).status_code == 400
        assert client.post(link(), self.FORM).status_code == 400

    def test_the_link_is_good_for_an_hour(self, client, alice, link):
        self.ask(client)
        with time_machine.travel(timezone.now() + timedelta(minutes=59)):
            assert client.get(link()).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(minutes=61)):
            assert client.get(link()).status_code == 400
            assert client.post(link(), self.FORM).status_code == 400

    def test_a_bad_password_keeps_the_link(self, client, alice, link):
        self.ask(client)
        assert client.post(link(), {"new_password1": "alice", "new_password2": "alice"}).status_code == 400
        assert client.post(link(), self.FORM).status_code == 302

    @pytest.mark.parametrize("path", ["1/x/", "999999999999999999999/x/", "1/cz1-0000/", "0/x/"])
    def test_a_made_up_link_is_400(self, client, alice, path):
        assert client.get(RESET + path).status_code == 400

    def test_nobody_learns_whether_an_address_is_known(self, client, alice, bob, sent):
        bob.is_active = False
        bob.save()
        for email in ("alice@example.com", "nobody@example.com", "bob@example.com"):
            self.ask(client, email)
        assert [letter.to for letter in sent()] == [["alice@example.com"]]

    @pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
    def test_the_fourth_an_hour_is_too_many_for_known_and_unknown(self, client, alice, email):
        codes = [client.post(RESET, {"email": email}).status_code for _ in range(4)]
        assert codes == [302] * 3 + [429]

    @pytest.mark.parametrize("email", ["", "nobody", "a\x00@example.com"])
    def test_no_address_is_400(self, client, db, email):
        assert client.post(RESET, {"email": email}).status_code == 400

    def test_get_sends_nothing(self, client, alice, sent):
        client.get(RESET, {"email": "alice@example.com"})
        client.get("/accounts/password-reset/sent/")
        assert sent() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_a_link_at_once_one_succeeds(alice):
    path = letters.reset(alice).body.partition("8000")[2].split()[0]
    barrier, codes = threading.Barrier(2), []

    def use():
        barrier.wait()
        try:
            codes.append(Client().post(path, TestReset.FORM).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302, 400]
