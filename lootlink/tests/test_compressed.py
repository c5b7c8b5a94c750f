import gzip

from apps.listings import photos
from apps.listings.tests.pictures import picture

ASKING = {"headers": {"Accept-Encoding": "gzip"}}


def test_a_page_is_compressed_for_who_asks(client, listing):
    plain, small = client.get("/"), client.get("/", **ASKING)
    assert plain.headers.get("Content-Encoding") is None
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert listing.title in gzip.decompress(small.content).decode()
    assert len(small.content) < len(plain.content) / 2


def test_a_picture_is_not(client):
    answer = client.get(photos.url(photos.store(picture(), "listings"), "card"), **ASKING)
    assert answer.headers.get("Content-Encoding") is None
