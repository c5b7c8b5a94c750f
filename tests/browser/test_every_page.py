"""After each step of the trade every open page of everybody equals its reload."""

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
    open_pages = [visit(user, path) for user, paths in pages.items() for path in paths]
    steps = {
        "another request": lambda: post(charlies, f"/transactions/purchase-request/{listing.pk}/create/", message="И я"),
        "accept": lambda: post(alices, f"{address}accept/"),
        "message": lambda: post(alices, f"/chat/conversation/{talk.pk}/", content="Ваш", ref="a1"),
        "bell": lambda: post(bobs, "/notifications/"),
        "complete": lambda: post(alices, f"{address}complete/"),
        "review": lambda: post(bobs, f"/transactions/review/{deal}/create/", rating="4", comment="Хорошо"),
    }
    for act in steps.values():
        act()
        for page in open_pages:
            equals_its_reload(page)
