"""A market of any size, written past the models by COPY: `python -m bench.fill 100000` into the database of DATABASE_URL.

The last line says whom to visit it as, and which pages.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from apps.accounts.models import CustomUser  # noqa: E402
from apps.chat.models import Conversation, Message  # noqa: E402
from apps.listings import search, words  # noqa: E402
from apps.listings.demo.descriptions import describe  # noqa: E402
from apps.listings.demo.goods import catalogue  # noqa: E402
from apps.transactions import flow  # noqa: E402

GAMES, TRADERS = 100, 5_000
TALKS, SHORT, LONG = 50, 20, 1_000
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
SLICE = 10_000  # rows of one statement on SQLite
SYLLABLES = (
    "ар",
    "бел",
    "вор",
    "гал",
    "дан",
    "ер",
    "жар",
    "зул",
    "ир",
    "кар",
    "лум",
    "мор",
    "нар",
    "ор",
    "пер",
    "рун",
    "сар",
    "тал",
)


def market(listings: int, games: int = GAMES, traders: int = TRADERS) -> None:
    """An empty database becomes one of so many listings, the same every time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    _copy("listings_game", ("id", "name", "slug"), ((n, f"Игра {n}", f"game-{n}") for n in range(1, games + 1)))
    _people(traders)
    columns = ("id", "seller_id", "game_id", "title", "description", "price", "image", "status", "created_at", "updated_at")
    with _without_indexes("listings_listing") if connection.vendor == "postgresql" else nullcontext():
        _copy("listings_listing", columns, _listings(listings, games, traders))
    if connection.vendor == "sqlite":
        search.reindex(SLICE)
    else:
        known = {word for each in [*(good.title for good in catalogue()), *_names()] for word in words.words(each)}
        _copy(words.VOCABULARY, ("text",), ((word,) for word in sorted(filter(words.is_known, known))))
    _settle("listings_game", "accounts_customuser", "listings_listing")


def _people(count: int) -> None:
    columns = ("id", "username", "username_key", "email", "email_key", "password", "is_active", "is_staff", "is_superuser")
    columns += ("first_name", "last_name", "date_joined")
    people = (
        (n, f"trader{n}", f"trader{n}", f"t{n}@example.com", f"t{n}@example.com", "!", True, False, False, "", "", STARTED)
        for n in range(1, count + 1)
    )
    _copy("accounts_customuser", columns, people)
    columns = ("user_id", "avatar", "bio", "phone", "telegram", "discord", "rating", "total_sales", "total_purchases")
    ratings = ("0.00", "4.50", "4.87", "5.00")
    profiles = ((n, "", "", "", "", "", ratings[n % 4], n % 50, n % 20) for n in range(1, count + 1))
    _copy("accounts_profile", columns, profiles)
    _copy("live_inbox", ("user_id", "head"), ((n, 0) for n in range(1, count + 1)))
    _copy("accounts_presence", ("user_id", "seen_at"), ((n, STARTED) for n in range(1, count + 1)))


def _listings(count: int, games: int, traders: int) -> Iterator[tuple]:
    """Titles of the demo's catalogue with a name of the long tail; 40,000 names, so most words are rare, as on a real site."""
    choice = Random(1)  # noqa: S311
    goods = list(catalogue())
    texts = [describe(good, choice) for good in goods for _ in range(10)]
    names = _names()
    for n in range(1, count + 1):
        good = choice.choice(goods)
        name = names[int(len(names) * choice.random() ** 2)]
        title = f"{good.title}, {name.capitalize()}"
        text = f"{choice.choice(texts)} Персонаж {choice.choice(names)}, пишите с {n % 24} часов."
        moment = STARTED + timedelta(seconds=n)
        price = f"{choice.randint(10, 90_000)}.{choice.choice(('00', '50'))}"
        image = f"listings/{n % 400:032x}"
        yield n, n % traders + 1, n % games + 1, title, text, price, image, "active", moment, moment


def _names() -> list[str]:
    choice = Random(2)  # noqa: S311
    return ["".join(choice.choices(SYLLABLES, k=choice.randint(2, 4))) for _ in range(40_000)]


def visits() -> dict[str, str]:
    """A trader with 50 talks, one of a thousand messages, and a deal: their cookie, and the addresses of the pages."""
    trader = CustomUser.objects.get(pk=1)
    others = CustomUser.objects.filter(pk__in=range(2, TALKS + 2)).order_by("pk")
    talks = [Conversation.between(other.listings.earliest("id"), trader.pk, other.pk) for other in others]
    for talk in talks:
        _say(talk, LONG if talk is talks[-1] else SHORT)
    deal = flow.create(talks[-1].listing_id, trader, "Здравствуйте! Ещё продаёте?")
    client = Client()
    client.force_login(trader)
    # As a browser has them after its first page.
    client.get(deal.get_absolute_url(), headers={"host": settings.ALLOWED_HOSTS[0]})
    return {
        "cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()),
        "listing": talks[0].listing.get_absolute_url(),
        "talks": reverse("chat:list"),
        "talk": reverse("chat:conversation", args=[talks[-1].pk]),
        "deal": deal.get_absolute_url(),
    }


def _say(talk: Conversation, messages: int) -> None:
    """By turns, all read."""
    said = Message.objects.bulk_create(
        Message(conversation=talk, sender_id=talk.participants[n % 2], content=f"Сообщение {n}: когда сможете передать?")
        for n in range(messages)
    )
    last = said[-1].pk
    Conversation.objects.filter(pk=talk.pk).update(last_message_id=last, read1=last, read2=last)


def _copy(table: str, columns: tuple[str, ...], rows) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        rows, places = iter(rows), ", ".join(["%s"] * len(columns))
        while some := list(islice(rows, SLICE)):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", some)  # noqa: S608


class _without_indexes:
    """Made again from scratch at the end: an index of words fills ten times faster from a full table."""

    def __init__(self, table):
        self.table = table

    def __enter__(self):
        unneeded = (
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename = %s AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        with connection.cursor() as cursor:
            cursor.execute(unneeded, [self.table])
            self.indexes = cursor.fetchall()
            for name, _made in self.indexes:
                cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *failure):
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for _name, made in self.indexes:
                cursor.execute(made)
            cursor.execute("RESET maintenance_work_mem")


def _settle(*tables: str) -> None:
    """Ids go on after the last one; the planner and the visibility map know of what was written."""
    with connection.cursor() as cursor:
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
                cursor.execute(f"VACUUM ANALYZE {table}")
            else:
                cursor.execute(f"ANALYZE {table}")


if __name__ == "__main__":
    market(int(sys.argv[1]))
    print(json.dumps(visits()))
