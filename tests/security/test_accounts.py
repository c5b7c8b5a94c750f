"""A2, A4, A5, A6, A8, A12: what the tests of the accounts themselves do not show."""

import statistics
import threading
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from apps.accounts import letters, names
from apps.accounts.models import CustomUser

from .raw import form, request

LOGIN, REGISTER, RESET = "/accounts/login/", "/accounts/register/", "/accounts/password-reset/"
PASSWORD = "correct-horse-9"
ROUNDS = 15


def medians(acts, clock, rounds=ROUNDS):
    """The median time of each act; taken in turns, so that whatever else the machine does falls on all alike."""
    took = {name: [] for name in acts}
    for act in acts.values():
        act()
    for _ in range(rounds):
        for name, act in acts.items():
            begun = clock()
            act()
            took[name].append(clock() - begun)
    return [statistics.median(times) for times in took.values()]


def alike(acts, clock, within):
    """Whether the medians differ by less than `within` of the largest; a noisy machine gets three tries."""
    for _ in range(3):
        times = medians(acts, clock)
        if max(times) - min(times) < within * max(times):
            return True
    return False


class Quick(Argon2PasswordHasher):
    """The same work, less of it: what else a login does weighs the more in its time."""

    memory_cost, time_cost, parallelism = 8 * 1024, 2, 1


@pytest.fixture
def argon2(settings):
    settings.PASSWORD_HASHERS = [f"{Quick.__module__}.{Quick.__qualname__}"]


def test_a_megabyte_of_password_is_refused_before_anything_is_hashed(client, alice, argon2):
    client.get(LOGIN)
    begun = time.thread_time()
    assert client.post(LOGIN, {"username": "alice", "password": "a" * 1_000_000}).status_code == 400
    assert time.thread_time() - begun < 0.05


def test_the_time_of_a_login_tells_nothing(db, client, argon2, often):
    for name in ("alice", "gone"):
        CustomUser.objects.create_user(name, f"{name}@example.com", PASSWORD)
    CustomUser.objects.filter(username="gone").update(is_active=False)
    acts = {
        name: lambda name=name, password=password: client.post(LOGIN, {"username": name, "password": password})
        for name, password in {"alice": "no", "nobody": "no", "gone": PASSWORD}.items()
    }
    assert alike(acts, time.process_time, 0.10)


def test_the_time_of_a_reset_tells_nothing(client, alice, often):
    """Letters go behind the answer, so only this thread's time counts."""
    acts = {name: lambda name=name: client.post(RESET, {"email": f"{name}@example.com"}) for name in ("alice", "nobody")}
    assert alike(acts, time.thread_time, 0.15)


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
