"""After each step of the trade every open page of everybody equals its reload."""

from itertools import chain

import pytest

from apps.chat.models import Conversation

from .hooks import equals_its_reload

POST = """async ([address, fields]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(address, {method: "POST", headers: {"X-CSRFToken": token}, body: new URLSearchParams(fields)});
  return [answer.status, answer.url];
}"""


def post(page, address, **fields):
    status, url = page.evaluate(POST, [address, fields])
    assert status == 200
    return url


@pytest.mark.timeout(400)
def test_every_page_of_everybody(visit, alice, bob, charlie, listing):
    talk = Conversation.between(listing, bob.pk, alice.pk)
    talk.post(bob.pk, "Здравствуйте")
    bobs, alices, charlies = visit(bob), visit(alice), visit(charlie)
    deal = post(bobs, f"/transactions/purchase-request/{listing.pk}/create/", message="Беру").rstrip("/").rpartition("/")[2]
    address = f"/transactions/purchase-request/{deal}/"
    everybodys = ["/", "/notifications/", f"/listing/{listing.pk}/", f"/accounts/profile/{alice.username}/"]
    sides = [*everybodys, "/chat/", address, f"/accounts/profile/{bob.username}/"]
    pages = {
        alice: [*sides, "/accounts/my-sales/", "/accounts/my-listings/"],
        bob: [*sides, f"/chat/conversation/{talk.pk}/", "/accounts/my-purchases/"],
        charlie: [*everybodys, "/accounts/my-purchases/"],
    }
    open_pages = {user: [visit(user, path) for path in paths] for user, paths in pages.items()}
    steps = {
        "another request": lambda: post(charlies, f"/transactions/purchase-request/{listing.pk}/create/", message="И я"),
        "accept": lambda: post(alices, f"{address}accept/"),
        "message": lambda: post(alices, f"/chat/conversation/{talk.pk}/", content="Ваш", ref="a1"),
        "bell": lambda: post(bobs, "/notifications/"),
        "complete": lambda: post(alices, f"{address}complete/"),
    }
    for act in steps.values():
        act()
        for page in chain(*open_pages.values()):
            equals_its_reload(page, reload=False)
    for page in chain(*open_pages.values()):
        equals_its_reload(page)
    # Only the one whom it is about is told of a review.
    post(bobs, f"/transactions/review/{deal}/create/", rating="4", comment="Хорошо")
    for page in open_pages[alice]:
        equals_its_reload(page)
