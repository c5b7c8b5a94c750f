import pytest

from apps.accounts import letters


@pytest.fixture
def path(alice):
    return letters.confirmation(alice).body.partition("8000")[2].split()[0]


def confirmed(user):
    user.refresh_from_db()
    return user.email_confirmed_at is not None


def test_the_link_asks_and_the_button_confirms(client, alice, path):
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert not confirmed(alice)
    assert client.post(path).status_code == 302
    assert confirmed(alice)
    assert client.post(path).status_code == 302


def test_a_link_for_another_address_is_dead(client, alice, path):
    alice.email = "new@example.com"
    alice.save()
    assert client.post(path).status_code == 400
    assert not confirmed(alice)


@pytest.mark.django_db
def test_a_made_up_link_is_400(client):
    assert client.get("/accounts/email/x:y:z/").status_code == 400


def test_the_letter_can_be_sent_again_three_times_an_hour(alice, client_of, sent):
    client = client_of(alice)
    assert "Прислать письмо ещё раз" in client.get("/accounts/profile-edit/").content.decode()
    assert [client.post("/accounts/email/").status_code for _ in range(4)] == [302, 302, 302, 429]
    assert len(sent()) == 3
    assert client.get("/accounts/email/").status_code == 405


def test_browsing_is_never_blocked(alice, client_of):
    assert client_of(alice).get("/accounts/my-listings/").status_code == 200
