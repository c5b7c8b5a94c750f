"""A2, A4, A5, A6, A8, A12: what the tests of the accounts themselves do not show."""

import threading
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts import letters, names
from apps.accounts.models import CustomUser

from .raw import form, request

LOGIN, REGISTER, RESET = "/accounts/login/", "/accounts/register/", "/accounts/password-reset/"
PASSWORD = "correct-horse-9"


class Counted(Argon2PasswordHasher):
    """Cheap, and it counts how often anything is hashed: all else of a login takes a hundredth of that."""

    memory_cost, time_cost, parallelism = 8, 1, 1
    hashed: ClassVar[list[str]] = []

    def encode(self, password, salt):
        self.hashed.append("encode")
        return super().encode(password, salt)

    def verify(self, password, encoded):
        self.hashed.append("verify")
        return super().verify(password, encoded)


@pytest.fixture
def work(settings):
    """`work(act)`: how often the act hashes, how many queries it makes, and which letters it writes."""
    settings.PASSWORD_HASHERS = [f"{Counted.__module__}.{Counted.__qualname__}"]

    def measured(act):
        Counted.hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = act()
        return len(Counted.hashed), len(queries), [each.name for each in answer.templates if "/mail/" in each.name]

    return measured


def test_a_megabyte_of_password_is_refused_before_anything_is_hashed(client, alice, work):
    tries = {
        length: work(lambda length=length: client.post(LOGIN, {"username": "nobody", "password": "a" * length}))
        for length in (100, 1_000_000)
    }
    assert {length: hashed for length, (hashed, *_rest) in tries.items()} == {100: 1, 1_000_000: 0}


def test_a_login_costs_the_same_whoever_it_names(db, client, work, often):
    for name in ("alice", "gone"):
        CustomUser.objects.create_user(name, f"{name}@example.com", PASSWORD)
    CustomUser.objects.filter(username="gone").update(is_active=False)
    tries = {"alice": "no", "nobody": "no", "gone": PASSWORD}
    costs = [work(lambda name=name: client.post(LOGIN, {"username": name, "password": tries[name]})) for name in tries]
    assert costs[0][0] == 1
    assert costs == [costs[0]] * 3


def test_a_reset_costs_the_same_whoever_it_names(client, alice, work, often):
    """Also the letter is written for nobody; it goes behind the answer."""
    costs = [work(lambda name=name: client.post(RESET, {"email": f"{name}@example.com"})) for name in ("alice", "nobody")]
    assert costs[0][2] == ["accounts/mail/reset.txt"]
    assert costs[0] == costs[1]


TWINS = [
    ("Admin1", "admin1"),
    ("cosmo", "соѕмо"),
    ("Пётр", "ПЕТР"),
    ("Пётр", "петр"),
    ("HAXOP", "нахор"),
    ("strasse", "straße"),
    ("mop", "мор"),
    ("kot", "кот"),
    ("KOT", "кот"),
    ("Bob", "BOB"),
    ("ваня", "ВАНЯ"),
    ("тор", "top"),
    ("Йозеф", "йозеф"),
    ("José", "JOSÉ"),
    ("хам", "xam"),
    ("рак", "pak"),
    ("сон", "coh"),
    ("а.б", "А.Б"),
    ("Ёж-1", "еж-1"),
    ("_кот_", "_kot_"),
]


def register(client, username, email):
    fields = {"username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(REGISTER, fields).status_code


@pytest.mark.django_db
def test_twenty_pairs_can_not_coexist(often):
    assert len(TWINS) == 20
    for one, other in TWINS:
        assert names.key(one) == names.key(other)
        assert register(Client(), one, "one@example.com") == 302, one
        assert register(Client(), other, "other@example.com") == 400, other
        CustomUser.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["admin", "аdmin", "Админ", "support", "moderator", "LootLink", "root", "system"])
def test_reserved_names_are_refused(name, often, client):
    assert register(client, name, "one@example.com") == 400


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_one_name_are_one_row(often):
    written = ["lucifer", "Lucifer", "LUCIFER", "LuCiFeR", "lucifeR"] * 10
    barrier, codes = threading.Barrier(50), []

    def enter(n, name):
        barrier.wait()
        try:
            codes.append(register(Client(), name, f"{n}@example.com"))
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=pair) for pair in enumerate(written)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302] + [400] * 49
    assert CustomUser.objects.count() == 1


def test_a_banned_trader_gets_no_letter_and_an_old_link_is_dead(alice, client):
    client.post(RESET, {"email": alice.email})
    letters.queue.submit(lambda: None).result()
    link = next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http")).partition("8000")[2]
    assert client.get(link).status_code == 200
    CustomUser.objects.update(is_active=False)
    assert client.get(link).status_code == 400
    new = {"new_password1": "other-donkey-7", "new_password2": "other-donkey-7"}
    assert client.post(link, new).status_code == 400
    client.post(RESET, {"email": alice.email})
    letters.queue.submit(lambda: None).result()
    assert len(mail.outbox) == 1


# Cookies, of real workers


def cookies(told):
    return dict(cookie.partition("=")[::2] for cookie in told.get("set-cookie", "").split("\n") if cookie)


@pytest.fixture(scope="session")
def https_worker(start_workers):
    [worker] = start_workers(1, SITE_URL="https://lootlink.example", ALLOWED_HOSTS="lootlink.example")
    return worker.url


@pytest.mark.cluster
def test_with_https_cookies_are_bound_to_the_host_and_the_rest_holds(https_worker, transactional_db):
    there = {"Host": "lootlink.example", "X_Forwarded_Proto": "https"}
    status, told, _page = request(https_worker, LOGIN, **there)
    assert status == 200
    assert told["strict-transport-security"].startswith("max-age=31536000; includeSubDomains")
    assert "wss://lootlink.example" in told["content-security-policy"]
    assert set(cookies(told)) == {"__Host-csrftoken"}
    entered = dict.fromkeys(("password1", "password2"), PASSWORD) | {"username": "dmitry", "email": "d@example.com"}
    body = "&".join(f"{name}={value}" for name, value in entered.items())
    token = "t" * 32
    given = {"Cookie": f"__Host-csrftoken={token}", "Referer": "https://lootlink.example/"}
    status, told, _page = request(https_worker, REGISTER, f"{body}&csrfmiddlewaretoken={token}", **there, **given)
    assert status == 302
    made = cookies(told)
    assert set(made) == {"__Host-csrftoken", "__Host-sessionid"}
    for name, attributes in made.items():
        assert {"Secure", "Path=/", "SameSite=Lax"} <= set(attributes.split("; ")), name
        assert "Domain" not in attributes
    assert "HttpOnly" in made["__Host-sessionid"]
    # Without TLS there is nothing but the way to it, and no socket.
    plain = {"Host": "lootlink.example"}
    status, told, _page = request(https_worker, "/accounts/my-sales/", **plain)
    assert (status, told["location"]) == (301, "https://lootlink.example/accounts/my-sales/")
    handshake = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    handshake |= {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": "https://lootlink.example"}
    assert request(https_worker, "/ws/", **plain, **handshake)[0] == 403


def test_with_http_cookies_are_plain(transactional_db, one_worker):
    entered = dict.fromkeys(("password1", "password2"), PASSWORD) | {"username": "dmitry", "email": "d@example.com"}
    status, told, _page = form(one_worker.url, REGISTER, "&".join(f"{name}={value}" for name, value in entered.items()))
    assert status == 302
    made = cookies(told)
    assert set(made) == {"csrftoken", "sessionid"}
    assert {"HttpOnly", "SameSite=Lax"} <= set(made["sessionid"].split("; "))
    assert not any("Secure" in attributes for attributes in made.values())
    assert "strict-transport-security" not in told
