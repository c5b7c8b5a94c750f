"""Who takes part in a drill: traders who have logged in, and talks between them. Written straight into the tables."""

import time
import uuid
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from apps.accounts.models import CustomUser
from apps.accounts.store import STARTED, SessionStore
from apps.chat.models import Conversation
from apps.listings.models import Game, Listing

BACKEND = "apps.accounts.backends.TraderBackend"


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    session: str


@dataclass(frozen=True)
class Talk:
    """Between `one`, who asks, and `other`, who sells."""

    id: int
    listing: int
    one: int
    other: int


def trader(password: str = "", **fields) -> CustomUser:
    """A new account; without a password nobody can log in to it but by session()."""
    name = f"d{uuid.uuid4().hex[:12]}"
    user = CustomUser(username=name, email=f"{name}@example.com", **fields)
    user.password = make_password(password or None)
    user.save()
    return user


def session(user: CustomUser) -> str:
    """The key of a session that this user has just logged in to."""
    store = SessionStore()
    store.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()})
    store[STARTED] = int(time.time())
    store.create()
    return store.session_key


def person(password: str = "", **fields) -> Person:
    user = trader(password, **fields)
    return Person(user.pk, user.username, session(user))


def listing(seller_id: int, title: str = "Меч учений") -> Listing:
    game, _made = Game.objects.get_or_create(slug="drills", defaults={"name": "Учения"})
    return Listing.objects.create(seller_id=seller_id, game=game, title=title, description="Точился честно.", price="100.00")


def talk(one: Person, other: Person) -> Talk:
    about = listing(other.id)
    return Talk(Conversation.between(about, one.id, other.id).pk, about.pk, one.id, other.id)


def pairs(number: int) -> tuple[list[Person], list[Talk]]:
    """`number` talks of two traders each."""
    people = [person() for _ in range(2 * number)]
    return people, [talk(people[at], people[at + 1]) for at in range(0, 2 * number, 2)]
