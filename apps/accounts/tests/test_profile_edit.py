from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.accounts.models import Profile

URL = "/accounts/profile-edit/"
FORM = {
    "first_name": " Алиса ",
    "last_name": "Кузнецова",
    "bio": "Мечи\r\nи щиты",
    "phone": "8 916 123-45-67",
    "telegram": "@alice_tg",
    "discord": "alice.dc",
}


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def picture(colour="red", name="face.png"):
    out = BytesIO()
    Image.new("RGB", (200, 200), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def stored():
    return sorted(default_storage.listdir("avatars")[1]) if default_storage.exists("avatars") else []


def test_everything_is_saved(client, alice):
    assert client.get(URL).status_code == 200
    answer = client.post(URL, FORM)
    assert (answer.status_code, answer.url) == (302, "/accounts/profile/alice/")
    profile = Profile.objects.select_related("user").get(user=alice)
    assert (profile.user.first_name, profile.user.last_name) == ("Алиса", "Кузнецова")
    assert (profile.bio, profile.phone) == ("Мечи\nи щиты", "+79161234567")
    assert (profile.telegram, profile.discord) == ("alice_tg", "alice.dc")
    page = client.get(URL).content.decode()
    assert 'value="+79161234567"' in page


def test_everything_is_optional(client, alice):
    client.post(URL, FORM)
    assert client.post(URL, {}).status_code == 302
    profile = Profile.objects.get(user=alice)
    assert (profile.bio, profile.phone, profile.telegram, profile.discord) == ("", "", "", "")


def test_get_changes_nothing(client, alice):
    client.get(URL, FORM)
    assert Profile.objects.get(user=alice).bio == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("phone", value) for value in ("12345", "номер", "+7 916 123-45-67 доб. 5", "8 916 123-45-67<b>", "+7916\x00")),
        *(
            ("telegram", value)
            for value in ("abcd", "1alice", "a" * 33, "alice-tg", "алиса", "a\nlice", '"><script>', "evil.com/alice")
        ),
        *(("discord", value) for value in ("a", "A" * 33, "Alice", "ali ce", "alice#1", "<img src=x>")),
        *(("first_name", value) for value in ("a" * 61, "\ufb2c" * 60, "a\x07b", "a\x00b")),
        ("bio", "a" * 1001),
        ("bio", "a\x1bb"),
        ("avatar", SimpleUploadedFile("a.png", b"<script>alert(1)</script>")),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(client, alice, field, value):
    answer = client.post(URL, {**FORM, field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {field}
    if field != "bio":
        assert "Мечи" in answer.content.decode()
    assert f'data-user="{alice.pk}"' in answer.content.decode()
    assert Profile.objects.get(user=alice).bio == ""


@pytest.mark.parametrize("value", ["https://t.me/alice_tg", "t.me/alice_tg", " alice_tg "])
def test_telegram_as_people_paste_it(client, alice, value):
    client.post(URL, {"telegram": value})
    assert Profile.objects.get(user=alice).telegram == "alice_tg"


@pytest.mark.parametrize("value", ["+7 (916) 123 45 67", "89161234567", "\u00a08\u00a0916\u00a0123\u00a045\u00a067"])
def test_phones_as_people_write_them(client, alice, value):
    client.post(URL, {"phone": value})
    assert Profile.objects.get(user=alice).phone == "+79161234567"


def test_an_unseen_bio_is_none(client, alice):
    client.post(URL, {"bio": "\u200b\u200d"})
    assert Profile.objects.get(user=alice).bio == ""


def test_fields_that_the_form_lacks_are_ignored(client, alice, bob):
    client.post(
        URL, {**FORM, "username": "eve", "email": "e@e.ru", "is_staff": "on", "rating": "5", "total_sales": "9", "user": bob.pk}
    )
    profile = Profile.objects.select_related("user").get(user=alice)
    assert (profile.user.username, profile.user.email, profile.user.is_staff) == ("alice", "alice@example.com", False)
    assert (profile.rating, profile.total_sales) == (0, 0)
    assert Profile.objects.get(user=bob).bio == ""


class TestAvatar:
    def test_it_is_stored_anew_and_shown(self, client, alice):
        assert client.post(URL, {**FORM, "avatar": picture(name="../face.php.png")}).status_code == 302
        name = Profile.objects.get(user=alice).avatar
        assert stored()
        assert all(file.endswith(".webp") and "face" not in file for file in stored())
        assert f"/media/{name}" in client.get("/accounts/profile/alice/").content.decode()

    def test_it_stays_when_none_is_sent(self, client, alice):
        client.post(URL, {**FORM, "avatar": picture()})
        name = Profile.objects.get(user=alice).avatar
        client.post(URL, FORM)
        assert Profile.objects.get(user=alice).avatar == name

    def test_the_old_one_goes(self, client, alice, django_capture_on_commit_callbacks):
        client.post(URL, {**FORM, "avatar": picture()})
        before = stored()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(URL, {**FORM, "avatar": picture("blue")})
        assert len(stored()) == len(before)
        assert not set(stored()) & set(before)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(URL, {**FORM, "avatar_clear": "on"})
        assert stored() == []
        assert Profile.objects.get(user=alice).avatar == ""

    def test_a_bad_form_stores_nothing(self, client):
        assert client.post(URL, {**FORM, "phone": "1", "avatar": picture()}).status_code == 400
        assert stored() == []


def test_a_guest_goes_to_login(db, django_user_model):

    assert Client().get(URL).url == f"/accounts/login/?next={URL}"
    assert Client().post(URL, FORM).status_code == 302
    assert not django_user_model.objects.exists()
