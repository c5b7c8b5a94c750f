import re
import threading

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import CustomUser
from apps.live.models import Inbox

URL = "/accounts/register/"
FORM = {"username": "dmitry", "email": "dmitry@example.com", "password1": "correct-horse-9", "password2": "correct-horse-9"}


@pytest.fixture(autouse=True)
def _free(settings):
    settings.RATES = {**settings.RATES, "register": (100, 3600)}


def post(client, **changes):
    return client.post(URL, {**FORM, **changes})


@pytest.mark.django_db
class TestRegister:
    def test_registering_makes_a_profile_and_logs_in(self, client, sent):
        assert client.get(URL).status_code == 200
        answer = post(client)
        assert (answer.status_code, answer.url) == (302, "/")
        user = CustomUser.objects.get(username="dmitry")
        assert user.profile.rating == 0
        assert Inbox.objects.filter(user=user, head=0).exists()
        assert int(client.session["_auth_user_id"]) == user.pk
        assert sent()[-1].to == ["dmitry@example.com"]

    def test_get_makes_nobody(self, client):
        client.get(URL, FORM)
        client.head(URL, FORM)
        assert not CustomUser.objects.exists()

    def test_passwords_are_hashed_by_argon2(self, client, settings):
        settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
        post(client)
        assert CustomUser.objects.get().password.startswith("argon2$")

    @pytest.mark.parametrize("username", ["ALICE", "аlice", "admin", "al", "two words", "", "a\x00lice"])
    def test_a_bad_name_is_refused_beside_its_field(self, client, alice, username):
        answer = post(client, username=username)
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == {"username"}
        assert 'value="dmitry@example.com"' in answer.content.decode()

    @pytest.mark.parametrize("email", ["ALICE@Example.com", "nobody", "", f"{'a' * 250}@example.com"])
    def test_a_bad_email_is_refused_beside_its_field(self, client, alice, email):
        answer = post(client, email=email)
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == {"email"}

    @pytest.mark.parametrize(
        "password",
        [
            "short-7",
            "a" * 129,
            "password1",
            "qwertyuiop",
            "lootlink2026",
            "Лутлинк!!1",
            "dmitry2026",
            "DMITRY_dmitry",
            "1234567890",
        ],
    )
    def test_a_weak_password_is_refused_and_never_shown(self, client, password):
        answer = post(client, password1=password, password2=password)
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() & {"password1"}
        assert f'value="{password}"' not in answer.content.decode()
        assert not CustomUser.objects.exists()

    @pytest.mark.parametrize("password", ["длинный пароль из слов", "пароль🗡" * 9 + "x", "ы" * 100 + "🗡" * 27 + "1"])
    def test_long_and_unicode_passwords_count_to_the_last_character(self, client, password):
        assert post(client, password1=password, password2=password).status_code == 302
        user = CustomUser.objects.get()
        assert user.check_password(password)
        assert not user.check_password(password[:-1])

    def test_the_two_passwords_must_agree(self, client):
        answer = post(client, password2="correct-horse-8")
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == {"password2"}

    def test_a_huge_password_is_refused_before_hashing(self, client):
        assert post(client, password1="a" * 1_000_000, password2="a" * 1_000_000).status_code == 400
        assert post(client, password1="a" * 100_000, password2="a" * 100_000).status_code == 400

    def test_other_fields_are_ignored(self, client):
        post(client, is_staff="on", is_superuser="1", is_active="", id="1", rating="5")
        user = CustomUser.objects.get()
        assert (user.is_staff, user.is_superuser, user.is_active, user.profile.rating) == (False, False, True, 0)

    def test_next_is_honoured_only_on_this_site(self, client):
        assert post(client, next="/listing/create/").url == "/listing/create/"
        assert post(Client(), next="//evil.example", username="petya", email="p@example.com").url == "/"

    def test_the_sixth_attempt_of_an_hour_from_one_address_is_too_many(self, client, settings):
        settings.RATES = {**settings.RATES, "register": (5, 3600)}
        assert [post(client, username="").status_code for _ in range(6)] == [400] * 5 + [429]
        refused = post(client)
        assert int(refused.headers["Retry-After"]) > 0
        assert client.post(URL, FORM, REMOTE_ADDR="10.1.1.1").status_code == 302

    def test_without_a_token_it_is_forbidden(self):
        assert Client(enforce_csrf_checks=True).post(URL, FORM).status_code == 403

    def test_every_field_has_its_label_and_error(self, client):
        page = client.post(URL, {}).content.decode()
        for name in FORM:
            assert re.search(rf'<label[^>]*for="id_{name}"', page)
            assert re.search(rf'<input[^>]*name="{name}"[^>]*aria-invalid="true"', page)


@pytest.mark.django_db(transaction=True)
def test_of_a_crowd_with_one_name_one_is_registered():
    names = ["Lucifer", "lucifer", "LUCIFER", "luсifer"] * 3
    barrier = threading.Barrier(len(names))
    codes = []

    def register(n, name):
        barrier.wait()
        try:
            codes.append(post(Client(), username=name, email=f"{n}@example.com").status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=pair) for pair in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302] + [400] * 11
    assert CustomUser.objects.count() == 1
