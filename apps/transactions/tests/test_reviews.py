"""Reviews: the two sides of a completed deal, once each; ratings equal what the rows say."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.urls import reverse

from apps.accounts.models import Profile
from apps.transactions import invariants, reviews
from apps.transactions.models import Review

pytestmark = pytest.mark.django_db


def page(request):
    return reverse("transactions:review", args=[request.pk])


def test_both_sides_say_their_word_once(deal, alice, bob, client_of, told):
    request = deal("completed")
    before = len(told(alice))
    buyer = client_of(bob)
    assert buyer.get(page(request)).status_code == 200
    assert Review.objects.count() == 0
    answer = buyer.post(
        page(request), {"rating": "4", "comment": " Быстро и честно. ", "reviewed_user": bob.pk, "reviewer": alice.pk}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, request.get_absolute_url())
    review = Review.objects.get()
    assert (review.reviewer, review.reviewed_user, review.rating, review.comment) == (bob, alice, 4, "Быстро и честно.")
    assert told(alice)[before:] == [("notification.new", "review", request.pk)]
    for again in (buyer.post(page(request), {"rating": "1"}), buyer.get(page(request))):
        assert again.status_code == 400
        assert "уже оставили отзыв" in again.content.decode()
    assert client_of(alice).post(page(request), {"rating": "5"}).status_code == 302
    assert Review.objects.count() == 2
    assert Profile.objects.get(user=alice).rating == Decimal("4.00")
    assert list(invariants.violations()) == []


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected", "cancelled"])
def test_before_completion_400_for_the_sides_and_403_for_others(status, deal, alice, bob, charlie, client_of):
    request = deal(status)
    for user, code in ((alice, 400), (bob, 400), (charlie, 403)):
        assert client_of(user).get(page(request)).status_code == code
        assert client_of(user).post(page(request), {"rating": "5"}).status_code == code
    assert Review.objects.count() == 0


@pytest.mark.parametrize("rating", ["", "0", "6", "-1", "4.5", "пять", "NaN", "1e1"])
def test_a_rating_is_one_to_five(rating, deal, bob, client_of):
    answer = client_of(bob).post(page(deal("completed")), {"rating": rating, "comment": "слова остались"})
    assert answer.status_code == 400
    assert "слова остались" in answer.content.decode()
    assert Review.objects.count() == 0


@pytest.mark.parametrize("comment", ["а" * 2001, "\x00", "\x1b[0m"])
def test_a_bad_comment_is_400_and_the_stars_stay(comment, deal, bob, client_of):
    answer = client_of(bob).post(page(deal("completed")), {"rating": "4", "comment": comment})
    assert answer.status_code == 400
    assert 'value="4" required checked' in answer.content.decode()


def test_the_rating_is_the_mean_of_the_rows(deal, another, alice, bob, client_of):
    for rating in (5, 4, 4):
        reviews.create(deal("completed", of=another()).pk, bob, rating)
    assert Profile.objects.get(user=alice).rating == Decimal("4.33")
    assert [review.rating for review in Review.objects.about(alice)] == [4, 4, 5]
    assert list(invariants.violations()) == []


def test_only_so_many_reviews_an_hour(settings, deal, another, bob, client_of):
    done = [deal("completed", of=another()) for _deal in range(3)]
    settings.RATE_LIMITS = True
    settings.RATES = settings.RATES | {"review": (2, 3600)}
    assert [client_of(bob).post(page(request), {"rating": "5"}).status_code for request in done] == [302, 302, 429]


@pytest.mark.django_db(transaction=True)
def test_two_reviews_at_once_are_both_in_the_mean(deal, another, alice, bob):
    done = [deal("completed", of=another()) for _deal in range(8)]

    def praise(numbered):
        try:
            reviews.create(numbered[1].pk, bob, 1 + numbered[0] % 5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(praise, enumerate(done)))
    assert Review.objects.count() == 8
    assert list(invariants.violations()) == []
