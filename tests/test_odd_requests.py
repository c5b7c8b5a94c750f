"""Whatever is sent, the answer is never a failure: the client raises what a page does not catch."""

import random
from itertools import product
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.conf import settings

from apps.listings.tests.pictures import upload
from drills.odd_requests import FORM, PARAMETERS, TEXTS
from tests.market import ROLES, undone

GETS = [
    "/",
    "/game/{slug}/",
    "/listing/create/",
    "/listing/{asked}/",
    "/listing/{asked}/edit/",
    "/listing/{asked}/delete/",
    "/transactions/purchase-request/{offered}/create/",
    "/transactions/purchase-request/{deal_asked}/",
    "/transactions/purchase-request/{deal_asked}/accept/",
    "/transactions/review/{deal_sold}/create/",
    "/chat/",
    "/chat/conversation/{talk_asked}/",
    "/chat/start/{offered}/",
    "/chat/leave/{linked}/0/",
    "/leave/",
    "/accounts/register/",
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/profile/alice/",
    "/accounts/profile-edit/",
    "/accounts/my-listings/",
    "/accounts/my-purchases/",
    "/accounts/my-sales/",
    "/accounts/password-change/",
    "/accounts/password-reset/",
    "/accounts/password-reset/{reset}/",
    "/accounts/email/{confirm}/",
    "/notifications/",
    "/live/events/",
    "/health/ready/",
    "/staff/",
    "/staff/accounts/customuser/",
]
POSTS = {
    "/listing/create/": ["game", "title", "description", "price", "image", "status", "seller"],
    "/listing/{asked}/edit/": ["title", "description", "price", "image", "status", "game"],
    "/listing/{asked}/delete/": [],
    "/transactions/purchase-request/{offered}/create/": ["message", "price", "status"],
    "/transactions/purchase-request/{deal_asked}/accept/": ["status"],
    "/transactions/review/{deal_sold}/create/": ["rating", "comment"],
    "/chat/conversation/{talk_asked}/": ["content", "ref", "sender"],
    "/chat/start/{offered}/": [],
    "/accounts/register/": ["username", "email", "password1", "password2", "next"],
    "/accounts/login/": ["username", "password", "next"],
    "/accounts/logout/": [],
    "/accounts/profile-edit/": ["avatar", "avatar_clear", "bio", "phone", "telegram", "discord", "first_name", "last_name"],
    "/accounts/password-change/": ["old_password", "new_password1", "new_password2"],
    "/accounts/password-reset/": ["email"],
    "/accounts/password-reset/{reset}/": ["new_password1", "new_password2"],
    "/accounts/email/": [],
    "/accounts/email/{confirm}/": [],
    "/notifications/": [],
    "/language/": ["language", "next"],
}
HEADERS = ["X-Fragment", "Accept-Language", "Sec-Fetch-Site", "Sec-Purpose", "Referer", "User-Agent", "X-Forwarded-For"]
IDS = ["0", "-1", str(2**31), str(2**63 - 1), str(2**63), "9" * 40, "1e3", "NaN", "%00", "%FF", "%D9%A1", "1%2F2", "a" * 3_000]


def query(choice, names):
    pairs = [(choice.choice(names), choice.choice(TEXTS)) for _ in range(choice.randint(0, 5))]
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)


def headers(choice):
    return {
        name: choice.choice(TEXTS)[:4_000].decode("latin-1").replace("\r\n", " ")
        for name in choice.sample(HEADERS, choice.randint(0, 2))
    }


def well(response, *told):
    assert response.status_code in {200, 302, 400, 403, 404, 405}, told


def test_odd_parameters(market):
    choice = random.Random(1)
    for _ in range(150):
        path, role = market.path(choice.choice(GETS)), choice.choice(ROLES)
        address = f"{path}?{query(choice, PARAMETERS)}"
        with undone():
            well(market.client(role).generic("GET", address, headers=headers(choice)), role, address)


def test_odd_forms(market):
    choice = random.Random(2)
    for _ in range(150):
        template, role = choice.choice(list(POSTS)), choice.choice(ROLES[1:])
        body = query(choice, [*POSTS[template], "csrfmiddlewaretoken"])
        kind = choice.choice(
            ["application/x-www-form-urlencoded"] * 3 + ["text/plain", "application/json", "", "x/y; charset=nope"]
        )
        with undone():
            answer = market.client(role).generic("POST", market.path(template), body, kind, headers=headers(choice))
            well(answer, role, template, body, kind)


BODIES = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=title\r\n\r\nunfinished"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="\0"\r\n\r\nGIF\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="../a"\r\n\r\n\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n*\r\n--x--",
    ),
    (
        "multipart/form-data; boundary=x; charset=nope",
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xff\r\n--x--',
    ),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
    ("multipart/form-data; boundary=\xff", b"--x--"),
    ("application/x-www-form-urlencoded; charset=nope", b"title=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"title=%00"),
    ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % n for n in range(5_000))),
    ("application/x-www-form-urlencoded", b"title=" + b"x" * 1_000_000),
]


@pytest.mark.parametrize(
    "template", ["/listing/create/", "/accounts/profile-edit/", "/chat/conversation/{talk_asked}/", "/accounts/login/"]
)
def test_broken_bodies(template, market):
    for kind, body in BODIES:
        with undone():
            well(market.client("seller").generic("POST", market.path(template), body, kind), kind, body[:100])


@pytest.mark.parametrize(("path", "field"), [("/listing/create/", "image"), ("/accounts/profile-edit/", "avatar")])
def test_odd_files(path, field, market):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    for content in (b"", b"\0" * 100, b"GIF89a", svg, b"\x89PNG\r\n\x1a\n" + b"x" * 99):
        form = {field: [upload(content, "a\u202egnp.png"), upload(content, "b")], "title": "а"}
        with undone():
            assert market.client("seller").post(path, form).status_code == 400, content


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_odd_ids(method, market):
    templates = [
        "/listing/{}/",
        "/listing/{}/edit/",
        "/listing/{}/delete/",
        "/game/{}/",
        "/transactions/purchase-request/{}/",
        "/transactions/purchase-request/{}/create/",
        "/transactions/purchase-request/{}/accept/",
        "/transactions/purchase-request/{}/cancel/",
        "/transactions/review/{}/create/",
        "/chat/conversation/{}/",
        "/chat/start/{}/",
        "/chat/leave/{}/0/",
        "/chat/leave/1/{}/",
        "/accounts/profile/{}/",
        "/media/listings/{}",
        "/staff/accounts/customuser/{}/change/",
    ]
    for pk, template in product(IDS, templates):
        role = "staff" if "staff" in template else "buyer"
        with undone():
            answer = market.client(role).generic(method, template.format(pk), "rating=5&content=a", FORM)
        wanted = {404, 405} | ({200, 302} if "staff" in template or pk == "0" else set())
        assert answer.status_code in wanted, template.format(pk)
    for pk in IDS:
        for address in (f"/accounts/password-reset/{pk}/a-b/", f"/accounts/email/{pk}/"):
            assert market.client("guest").get(address).status_code in {400, 404}, address


PATHS = [
    "/%",
    "/%zz/",
    "/%00",
    "/%ff%fe/",
    "/%C0%AF/",
    "//",
    "/./",
    "/..%2f..%2fetc/passwd",
    "/\\",
    "/accounts/profile/%E2%80%AE/",
    "/ы/",
]


def test_odd_paths(market):
    for path in PATHS:
        for role in ("guest", "buyer"):
            for query in ("", "?%", "?%ff=%fe", "?a&&=&a=b;c"):
                well(market.client(role).generic("GET", path + query), role, path + query)


@pytest.mark.parametrize(
    "name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages"]
)
def test_odd_cookies(name, market):
    for value in ("", "x", "\\073", '"', "x" * 4_000, "é", "[]", '["__json_message"]', "W10:x:y", "-1", "../../x", "."):
        for path in ("/", "/chat/", "/accounts/login/"):
            for role in ("guest", "buyer"):
                client = market.client(role)
                client.cookies[name] = value
                well(client.get(path), role, path, value)
                well(client.post(path, {"username": "alice", "password": "x"}), role, path, value)


def test_odd_ways_back(market):
    """What is no address is none; above all it is not the name of a view."""
    for target in ("\\", "x", "chat:list", "admin:index", "accounts:profile", "?", "#", ".", "\r\nA: b", "я" * 3_000):
        for path in ("/accounts/login/", "/accounts/register/"):
            onward = market.client("buyer").get(path, {"next": target})
            assert onward.status_code == 302, target
            assert onward.url not in {"/chat/", "/staff/"}, target
        with undone():
            form = {"username": "bob", "password": "correct-horse-9", "next": target}
            entered = market.client("guest").post("/accounts/login/", form)
        assert entered.status_code == 302, target


def test_odd_tokens(market):
    for token in ("x", "x" * 64, "я" * 64, "x" * 100_000, "\0"):
        body = urlencode({"csrfmiddlewaretoken": token})
        client = market.client("buyer", enforce_csrf_checks=True)
        client.get("/accounts/profile-edit/")
        assert client.generic("POST", "/notifications/", body, FORM).status_code in {400, 403}
        assert client.post("/notifications/", headers={"X-CSRFToken": token.replace("\0", "")}).status_code == 403
