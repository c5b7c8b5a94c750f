"""The demo market's traders as accounts."""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from apps.accounts.models import CustomUser, Profile
from apps.listings import photos

from .faces import draw_face
from .people import BUYER, PASSWORD, PEOPLE, SELLER


def plan_traders(now: datetime, choice: Random) -> dict[str, CustomUser]:
    """Every person of `people`, by username, not saved yet; one hash for all, because argon2 is slow on purpose."""
    password = make_password(PASSWORD)
    return {
        person.username: CustomUser(
            username=person.username,
            email=_email(person.username, number),
            first_name=person.first_name,
            last_name=person.last_name,
            password=password,
            date_joined=now - timedelta(days=choice.randint(420, 1_300), minutes=choice.randint(0, 1_440)),
        )
        for number, person in enumerate(PEOPLE, start=1)
    }


def draw_avatars() -> dict[str, str]:
    """Stored names of the drawn avatars, by username."""
    return {
        person.username: photos.store_image(draw_face(*person.face.split(".")), "avatars") for person in PEOPLE if person.face
    }


def save_traders(traders: dict[str, CustomUser], avatars: dict[str, str]) -> None:
    for trader in traders.values():
        trader.save()
    for person in PEOPLE:
        profile = traders[person.username].profile
        profile.bio, profile.phone = person.bio, person.phone
        profile.telegram, profile.discord = person.telegram, person.discord
        profile.avatar = avatars.get(person.username, "")
    profiles = [trader.profile for trader in traders.values()]
    Profile.objects.bulk_update(profiles, ["bio", "phone", "telegram", "discord", "avatar"])


def _email(username, number):
    known = username in (SELLER, BUYER)
    return f"{username if known else f'trader{number}'}@demo.lootlink.example"
