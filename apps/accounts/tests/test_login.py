from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from apps.accounts.models import Hits

PASSWORD = "correct-horse-9"

URL = "/accounts/login/"


def post(client, username, password, address="10.0.0.1", **more):
    return client.post(URL, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def user_of(client):
    return client.session.get("_auth_user_id")


@pytest.mark.django_db
class TestLogin:
    @pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.com", "Alice@EXAMPLE.com", " alice "])
    def test_by_name_or_email_in_any_case(self, client, alice, name):
        assert client.get(URL).status_code == 200
        answer = post(client, name, PASSWORD)
        assert (answer.status_code, answer.url) == (302, "/")
        assert user_of(client) == str(alice.pk)

    def test_get_logs_nobody_in(self, client, alice):
        client.get(URL, {"username": "alice", "password": PASSWORD})
        assert user_of(client) is None

    def test_unknown_wrong_and_banned_are_told_the_same(self, client, alice, bob):
        bob.is_active = False
        bob.save()

        def told(name, password):
            answer = post(client, name, password)
            assert answer.status_code == 400
            text = answer.content.decode().replace(f'value="{name}"', "")
            for word in (str(answer.context["csrf_token"]),):
                text = text.replace(word, "")
            return text

        assert told("alice", "wrong-horse") == told("nobody", "wrong-horse") == told("bob", PASSWORD)
        assert "wrong-horse" not in told("alice", "wrong-horse")

    def test_the_hash_is_brought_up_to_date(self, client, alice, settings):
        settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:] + settings.PASSWORD_HASHERS[:1]
        assert alice.password.startswith("md5$")
        post(client, "alice", PASSWORD)
        alice.refresh_from_db()
        assert alice.password.startswith("argon2$argon2id$")

    def test_the_sixth_failure_is_too_many_but_another_address_gets_in(self, client, alice):
        codes = [post(client, "alice", "wrong-horse").status_code for _ in range(8)]
        assert codes == [400] * 5 + [429] * 3
        refused = post(client, "alice", PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 900
        assert post(client, "alice@example.com", PASSWORD).status_code == 429
        assert post(client, "alice", PASSWORD, address="10.0.0.2").status_code == 302

    def test_an_unknown_name_is_throttled_alike(self, client, db):
        assert [post(client, "nobody", "wrong-horse").status_code for _ in range(6)] == [400] * 5 + [429]

    def test_one_address_may_fail_twenty_times(self, client, db):
        codes = [post(client, f"nobody{n}", "wrong-horse").status_code for n in range(21)]
        assert codes == [400] * 20 + [429]

    def test_a_success_is_not_counted(self, alice):
        for _ in range(25):
            assert post(Client(), "alice", PASSWORD).status_code == 302
        assert not Hits.objects.filter(count__gt=0).exists()

    def test_an_account_under_fire_from_everywhere_is_slowed_but_not_locked(self, client, alice):
        for n in range(50):
            assert post(client, "alice", "wrong-horse", address=f"10.0.1.{n // 5}").status_code == 400
        codes = [post(client, "alice", "wrong-horse", address="10.0.2.1").status_code for _ in range(3)]
        assert codes == [400, 400, 429]
        assert post(client, "alice", PASSWORD, address="10.0.2.2").status_code == 302

    def test_the_session_id_changes_and_the_old_one_is_dead(self, client, alice):
        session = client.session
        session["basket"] = 1
        session.save()
        client.cookies["sessionid"] = session.session_key
        post(client, "alice", PASSWORD)
        assert client.cookies["sessionid"].value != session.session_key
        assert not Session.objects.filter(pk=session.session_key).exists()

    @pytest.mark.parametrize(
        "target",
        [
            *(
                "//evil.example",
                "///evil.example",
                "https://evil.example",
                "http:evil.example",
                r"/\evil.example",
                r"\\evil.example",
            ),
            *(
                "javascript:alert(1)",
                "\x08//evil.example",
                " //evil.example",
                "http://testserver@evil.example",
                "data:text/html,x",
            ),
            *("/accounts/logout/", "//testserver\\@evil.example", "http://testserver@evil.example", ""),
        ],
    )
    def test_next_leads_nowhere_else(self, client, alice, target):
        assert post(client, "alice", PASSWORD, next=target).url == "/"
        assert client.get(URL, {"next": target}).url == "/"

    def test_next_leads_on(self, client, alice):
        asked = client.get("/accounts/my-sales/?status=pending")
        assert asked.url == "/accounts/login/?next=/accounts/my-sales/%3Fstatus%3Dpending"
        assert 'name="next" value="/accounts/my-sales/?status=pending"' in client.get(asked.url).content.decode()
        assert (
            post(client, "alice", PASSWORD, next="/accounts/my-sales/?status=pending").url == "/accounts/my-sales/?status=pending"
        )

    @pytest.mark.parametrize(
        "form", [{}, {"username": "alice"}, {"username": "a\x00", "password": "x"}, {"username": "a" * 300, "password": "b"}]
    )
    def test_a_bad_form_is_400(self, client, form):
        assert client.post(URL, form).status_code == 400

    def test_a_huge_password_never_reaches_the_hasher(self, client, alice):
        assert post(client, "alice", "a" * 100_000).status_code == 400
        assert post(client, "alice", "a" * 1_000_000).status_code == 400
        assert not Hits.objects.exists()

    def test_methods(self, client):
        assert client.head(URL).status_code == 200
        assert client.put(URL).status_code == 405
        assert Client(enforce_csrf_checks=True).post(URL, {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_thirty_tries_at_once_five_are_looked_at(alice):
    def attempt(_n):
        try:
            return post(Client(), "alice", "wrong-horse").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as threads:
        assert sorted(threads.map(attempt, range(30))) == [400] * 5 + [429] * 25
