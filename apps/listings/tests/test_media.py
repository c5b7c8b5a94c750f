"""Stored pictures as this worker serves them."""

import pytest
from django.test import Client

from apps.listings import photos

from .pictures import picture


@pytest.fixture
def stored():
    return photos.store(picture(), "listings")


def test_a_picture_is_served_as_a_picture_and_nothing_else(stored):
    answer = Client().get(photos.url(stored, "card"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline; filename=")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content[:4] == b"RIFF"


def test_it_asks_the_database_for_nothing(stored, bob, client_of, django_assert_num_queries):
    someone = client_of(bob)
    with django_assert_num_queries(0):
        assert someone.get(photos.url(stored, "card")).status_code == 200


@pytest.mark.django_db  # the page that says so may look who asks
@pytest.mark.parametrize(
    "path",
    ["listings/", "", "listings/..%2f..%2fetc/passwd", "../manage.py", "listings/x.svg", "listings/" + "0" * 32 + "-card.webp"],
)
def test_nothing_else_is_there(stored, path):
    assert Client().get(f"/media/{path}").status_code == 404


def test_other_methods_are_refused(stored):
    assert Client().post(photos.url(stored, "card")).status_code == 405
