"""A little of everything that nobody of ours would send; and what the generators promise."""

import asyncio
import itertools

import pytest

from drills import fuzz, odd_frames, odd_pictures, odd_requests, people


@pytest.mark.cluster
def test_odd_frames_requests_and_pictures_are_answered(stage):
    crowd, talks = people.pairs(2)
    seller = people.person()
    with stage.site() as site:
        said = asyncio.run(fuzz.speaker(site, crowd, talks)(300, 1))
        answered = fuzz.requested(site, fuzz.Market(), 150, 1)
        uploaded = fuzz.uploaded_to(site, seller, people.listing(seller.id).pk, 45, 1)
        assert fuzz.faults(site) == []
    assert (said.missed, said.wrong) == (0, [])
    assert len(said.answers) >= 5
    assert answered.failures == []
    assert {200, 302, 400, 403, 404, 405} <= answered.statuses.keys()
    assert uploaded.failures == []
    assert uploaded.statuses.keys() == {302, 400}


@pytest.mark.parametrize(
    "source",
    [lambda: odd_frames.frames(7, [1, 2]), lambda: odd_requests.requests(7, {"pk": ["1"]}), lambda: odd_pictures.uploads(7)],
)
def test_a_seed_says_it_all(source):
    assert list(itertools.islice(source(), 200)) == list(itertools.islice(source(), 200))


def test_every_route_is_tried():
    routes = odd_requests.routes()
    assert {
        "",
        "listing/<int:pk>/edit/",
        "chat/conversation/<int:pk>/",
        "staff/accounts/customuser/<path:object_id>/change/",
    } <= set(routes)
    asked = {request.head.split(b" ", 2)[1] for request in itertools.islice(odd_requests.requests(1, {}), 3_000)}
    for route in routes:
        beginning = ("/" + route).partition("<")[0].encode()
        assert any(path.startswith(beginning) for path in asked), route
