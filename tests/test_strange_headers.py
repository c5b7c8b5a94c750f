"""Headers that daphne itself reads, from clients who have no business to send them."""

import http.client
from urllib.parse import urlsplit

import pytest


def answer(worker, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(worker.url).netloc, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()
    finally:
        connection.close()


@pytest.mark.parametrize("root", ["/evil", "//evil.example", b"\xff"])
def test_nobody_moves_the_addresses_of_the_site(one_worker, transactional_db, root):
    told = answer(one_worker, "/listing/create/", Daphne_Root_Path=root)
    assert (told.status, told.headers["Location"]) == (302, "/accounts/login/?next=/listing/create/")


def test_a_handshake_may_wish_for_any_protocol(one_worker, transactional_db):
    handshake = {"Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "AQIDBAUGBwgJCgsMDQ4PEA=="}
    told = answer(one_worker, "/ws/", Connection="Upgrade", Origin=one_worker.url, Sec_WebSocket_Protocol=b"\xff", **handshake)
    assert told.status == 101
