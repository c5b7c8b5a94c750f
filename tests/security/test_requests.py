"""R3, R9, R10, R11: what a request may and may not do, some of it asked of a real worker byte by byte."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.chat.models import Conversation
from apps.listings.models import Listing
from drills.odd_requests import SEARCHES

from .raw import form, request, spoken


@pytest.mark.django_db(transaction=True)
def test_fifty_ways_into_one_talk_make_one_row(listing, bob, client_of, often):
    client = client_of(bob)
    barrier, answers = threading.Barrier(50), []

    def start():
        barrier.wait()
        try:
            answers.append(client.get(f"/chat/start/{listing.pk}/"))
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    talk = Conversation.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/chat/conversation/{talk.pk}/")] * 50
    assert talk.participant1_id < talk.participant2_id


def test_odd_searches_cost_what_others_do(alice, game, often, client):
    """How long they take among a million is a figure of the bench."""
    words = ["меч", "щит", "лук", "посох", "кольцо", "рассвета", "заката", "дракона", "берсерка", "мага"]
    for n in range(400):
        title = f"{words[n % 10]} {words[n // 10 % 10]} {words[n // 7 % 10]} {n}"
        Listing.objects.create(seller=alice, game=game, title=title, description=" ".join(words), price=n + 1)
    client.get("/", {"search": "меч"})
    for asked in SEARCHES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/", {"search": asked, "min_price": "1", "sort": "price"}).status_code == 200
        assert len(queries) <= 12, asked


# A real worker


@pytest.fixture
def worker(transactional_db, one_worker):
    return one_worker.url


FORGED = {
    "X_Forwarded_For": "6.6.6.6",
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Port": "4443",
    "X_Forwarded_Server": "evil.example",
    "Forwarded": "for=6.6.6.6;host=evil.example;proto=https",
    "X_Real_IP": "6.6.6.6",
    "X_Original_URL": "/staff/",
    "X_Rewrite_URL": "/staff/",
    "X_HTTP_Method_Override": "DELETE",
    "X_Script_Name": "/evil",
    "Script_Name": "/evil",
    "Daphne_Root_Path": "//evil.example",
}


def test_what_a_proxy_would_say_has_no_effect_from_a_client(worker):
    for path in ("/", "/accounts/my-sales/", "/nowhere/", "/accounts/password-reset/"):
        status, told, text = request(worker, path)
        for name, value in FORGED.items():
            again, forged, page = request(worker, path, **{name: value})
            assert (again, forged.get("location")) == (status, told.get("location")), name
            assert "evil" not in page, name
            assert "6.6.6.6" not in page, name
            assert len(page) == len(text) or path == "/accounts/password-reset/", name


def test_a_forged_address_has_no_tries_of_its_own(worker, alice):
    codes = [form(worker, "/accounts/login/", "username=alice&password=no", X_Forwarded_For=f"6.6.6.{n}")[0] for n in range(6)]
    assert codes == [400] * 5 + [429]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example", "", "a b"]
)
def test_a_foreign_host_is_400(worker, host):
    for path in ("/", "/health/live/", "/accounts/password-reset/", "/nowhere/"):
        status, told, text = request(worker, path, Host=host)
        assert status == 400, path
        assert "Traceback" not in text
    assert request(worker, "/")[0] == 200


HOST = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SMUGGLED = b"GET /smuggled/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UNCLEAR = {
    "length and chunks": HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks and length": HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": HOST + b"Content-Length: 3\r\nContent-Length: 60\r\n\r\nabc" + SMUGGLED,
    "two equal lengths": HOST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED,
    "a list of lengths": HOST + b"Content-Length: 3, 60\r\n\r\nabc" + SMUGGLED,
    "a signed length": HOST + b"Content-Length: +3\r\n\r\nabc" + SMUGGLED,
    "a negative length": HOST + b"Content-Length: -1\r\n\r\nabc" + SMUGGLED,
    "a length with a gap": HOST + b"Content-Length: 3 0\r\n\r\nabc" + SMUGGLED,
    "a length in hex": HOST + b"Content-Length: 0x3\r\n\r\nabc" + SMUGGLED,
    "an unknown coding": HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two codings": HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two codings the other way": HOST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the colon": HOST + b"Content-Length : 3\r\n\r\nabc" + SMUGGLED,
    "a bad size of a chunk": HOST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk without its end": HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n" + SMUGGLED,
    "bare line feeds": HOST.replace(b"\r\n", b"\n") + b"Content-Length: 3\n\nabc" + SMUGGLED.replace(b"\r\n", b"\n"),
    "one bare line feed": HOST + b"X: y\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED,
    "a nul in a header": HOST + b"X: a\0b\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED,
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_two_servers_would_read_differently_is_refused(worker, name):
    """Refused, or cut without a word: never answered as the second request that one of the two would see in it."""
    heard = spoken(worker, UNCLEAR[name], wait=1)
    assert heard.count(b"HTTP/1.1 ") <= 1, heard
    assert not heard or heard.startswith(b"HTTP/1.1 400"), heard


def test_an_upgrade_with_a_body_is_refused(worker):
    """Its bytes would be the tab's first frames to one, and a request's body to another."""
    key = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
    site = f"Host: {worker.removeprefix('http://')}\r\nOrigin: {worker}\r\n".encode()
    upgrade = b"GET /ws/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + site + key
    assert spoken(worker, upgrade + b"\r\n", wait=1).startswith(b"HTTP/1.1 101")
    for body in (b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"):
        assert spoken(worker, upgrade + body, wait=1).startswith(b"HTTP/1.1 400")


def test_a_clear_request_after_another_is_answered(worker):
    clear = HOST + b"Content-Length: 3\r\n\r\nabc" + SMUGGLED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    heard = spoken(worker, clear)
    assert [part.split()[0] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"403", b"404"]
