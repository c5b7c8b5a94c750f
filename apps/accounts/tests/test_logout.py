import pytest
from django.test import Client

URL = "/accounts/logout/"


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "same-origin"},
]
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    {"Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Mode": "cors"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"Sec-Fetch-Site": "somewhere"},
]


@pytest.mark.parametrize("headers", OWN)
def test_the_persons_own_step_logs_out(client, headers):
    assert is_in(client)
    answer = client.get(URL, headers=headers)
    assert (answer.status_code, answer.url) == (302, "/")
    assert not is_in(client)


@pytest.mark.parametrize("headers", FOREIGN)
def test_anybody_elses_gets_a_page_with_a_button(client, headers):
    answer = client.get(URL, headers=headers)
    assert answer.status_code == 200
    assert f'<form method="post" action="{URL}"' in answer.content.decode()
    assert is_in(client)


@pytest.mark.parametrize("headers", OWN + FOREIGN)
def test_post_always_logs_out(client, headers):
    assert client.post(URL, headers=headers).status_code == 302
    assert not is_in(client)


def test_head_has_no_effect(client):
    assert client.head(URL).status_code == 302
    assert is_in(client)


def test_a_stranger_goes_to_the_login_page(db):
    answer = Client().get(URL)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")


def test_post_needs_a_token(alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(URL).status_code == 403


def test_the_old_cookie_leads_to_the_login_page_and_no_copy_is_kept(client):
    page = client.get("/accounts/my-sales/")
    assert "no-store" in page.headers["Cache-Control"]
    old = client.cookies["sessionid"].value
    client.post(URL)
    thief = Client()
    thief.cookies["sessionid"] = old
    assert thief.get("/accounts/my-sales/").status_code == 302
