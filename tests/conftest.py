"""A market with a listing, a deal and a talk in every state, seen by everybody."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.test import Client

from apps.accounts import letters
from apps.accounts.models import Profile
from apps.chat.models import Conversation
from apps.listings.models import Listing
from apps.transactions import flow, reviews
from lootlink import leaving
from tests.market import Market

# The steps that lead a request for the listing of this name to its status.
DEALS = {
    "asked": [],
    "taken": ["accept"],
    "refused": ["reject"],
    "sold": ["accept", "complete"],
    "dropped": ["cancel"],
    "praised": ["accept", "complete"],
    "withdrawn": [],
    "hidden": [],
}


@pytest.fixture
def often(settings):
    """As often as the test likes."""
    settings.RATE_LIMITS = False


@pytest.fixture
def people(alice, bob, charlie):
    """Alice sells, Bob buys, Charlie is a stranger, the captain is staff; all can be reached and have last names."""
    captain = get_user_model().objects.create_superuser("captain", "captain@example.com", "correct-horse-9")
    people = {"guest": None, "stranger": charlie, "buyer": bob, "seller": alice, "staff": captain}
    for number, user in enumerate(filter(None, people.values())):
        contacts = {
            "phone": f"+7916123450{number}",
            "telegram": f"{user.username}_on_telegram",
            "discord": f"{user.username}.on.discord",
        }
        Profile.objects.filter(user=user).update(**contacts)
        user.first_name, user.last_name = user.username.title(), f"Of-{user.username}"
        user.save(update_fields=["first_name", "last_name"])
    return people


@pytest.fixture
def market(often, people, game):
    alice, bob = people["seller"], people["buyer"]

    def offer(title):
        return Listing.objects.create(seller=alice, game=game, title=title, description="Точился честно.", price="12490.00")

    listings = {name: offer(f"Меч {name}") for name in ("offered", "opened", *DEALS)}
    deals = {}
    for name, steps in DEALS.items():
        deal = flow.create(listings[name].pk, bob, "Здравствуйте!")
        for step in steps:
            flow.advance(deal.pk, step, bob if step == "cancel" else alice)
        deals[name] = deal.pk
    for side in (alice, bob):
        reviews.create(deals["praised"], side, 5 if side is bob else 4, "Всё честно.")
    flow.set_status(listings["withdrawn"].pk, Listing.Status.CANCELLED, alice)
    flow.withdraw(listings["hidden"].pk, alice)
    talks = {name: Conversation.objects.get(listing=listings[name]).pk for name in DEALS}
    linked = Conversation.objects.get(pk=talks["asked"]).post(alice.pk, "Ещё продаётся. https://example.com/")
    talks["opened"] = Conversation.between(listings["opened"], bob.pk, alice.pk).pk
    return Market(
        people=people,
        sessions={role: session_of(user) for role, user in people.items()},
        names={
            **{name: listing.pk for name, listing in listings.items()},
            **{f"deal_{name}": pk for name, pk in deals.items()},
            **{f"talk_{name}": pk for name, pk in talks.items()},
            "linked": linked.pk,
            "leave": leaving.way("https://example.com/").partition("=")[2],
            "absent": 999_999,
            "game": game.pk,
            "slug": game.slug,
            "reset": f"{alice.pk}/{default_token_generator.make_token(alice)}",
            "confirm": signing.dumps([alice.pk, alice.email_key], salt=letters.CONFIRM_SALT),
        },
    )


def session_of(user):
    """The cookie of somebody who has logged in."""
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies.output(header="", sep=";")
