"""What a backup holds: what it was made of, pictures, the database, pictures that came meanwhile, and how much of each."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import Unusable, databases
from .sealed import Part, opened, seal

FORMAT = 1
ABOUT, DATABASE, PICTURE, END = "about.json", "database/", "media/", "end.json"
Say = Callable[[str], None]


class About(NamedTuple):
    """The first part of a backup."""

    format: int
    made_at: str
    build: str
    vendor: str
    migrations: list[list[str]]
    pictures: bool  # False where they are in a bucket

    @classmethod
    def now(cls) -> "About":
        applied = sorted(map(list, MigrationLoader(connection).applied_migrations))
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(FORMAT, made_at, settings.BUILD, connection.vendor, applied, not settings.USE_S3)

    def check(self) -> None:
        """Raises Unusable where this site can't take it."""
        if self.format != FORMAT:
            raise Unusable(f"it is of format {self.format}; this release knows {FORMAT}.")
        if self.vendor != connection.vendor:
            raise Unusable(f"it is of {self.vendor}, and DATABASE_URL names {connection.vendor}.")
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        if newer := [".".join(each) for each in self.migrations if tuple(each) not in known]:
            raise Unusable(f"it was made by a newer release: {', '.join(newer)} is unknown here.")


def write(path: Path, recipient: str, say: Say) -> Counter:
    """Raises Unusable. Returns how many blocks of the database and pictures it holds."""
    made: Counter[str] = Counter()
    seal(path, recipient, _parts(made, say))
    return made


def _parts(made: Counter, say: Say) -> Iterator[Part]:
    about = About.now()
    yield ABOUT, json.dumps(about._asdict()).encode()
    # Pictures before and after: whatever the database names at its moment was there before, or came meanwhile.
    seen: set[str] = set()
    yield from _pictures(seen, made, say) if about.pictures else ()
    for number, block in enumerate(databases.dump()):
        made["blocks"] += 1
        yield f"{DATABASE}{number:08}", block
    say(f"database: {made['blocks']} MB")
    yield from _pictures(seen, made, say) if about.pictures else ()
    yield END, json.dumps(made).encode()


def _pictures(seen: set[str], made: Counter, say: Say) -> Iterator[Part]:
    root = Path(settings.MEDIA_ROOT)
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # replaced meanwhile
        made["pictures"] += 1
        if made["pictures"] % 1000 == 0:
            say(f"{made['pictures']} pictures")
        yield PICTURE + name, content


def check(path: Path, identity: str) -> About:
    """Read all of it and touch nothing. Raises Unusable."""
    with opened(path, identity) as parts:
        about, complete = None, False
        found: Counter[str] = Counter()
        for name, content in parts:
            if about is None:
                about = _about(name, content)
            elif name == END:
                complete = json.loads(content) == found
            else:
                found["pictures" if _target(name) else "blocks"] += 1
    if not complete:
        raise Unusable(f"{path} lacks something that it should hold.")
    return about


def _about(name: str, content: bytes) -> About:
    if name != ABOUT:
        raise Unusable("it is no backup of LootLink.")
    about = About(**json.loads(content))
    about.check()
    return about


def _target(name: str) -> Path | None:
    """Where a picture belongs; None for a block of the database. Raises Unusable."""
    if name.startswith(DATABASE):
        return None
    inner = PurePosixPath(name.removeprefix(PICTURE))
    if not name.startswith(PICTURE) or inner.is_absolute() or ".." in inner.parts:
        raise Unusable(f"it holds {name}, which belongs nowhere.")
    return Path(settings.MEDIA_ROOT) / inner


def put_back(path: Path, identity: str, say: Say) -> None:
    """After check(). Pictures are only added, under names that never change their content. Raises Unusable."""
    with opened(path, identity) as parts:
        databases.put_back(_blocks(parts, say))


def _blocks(parts: Iterator[Part], say: Say) -> Iterator[bytes]:
    """The database's blocks; the pictures around them are stored on the way."""
    stored = 0
    for name, content in parts:
        if name.startswith(DATABASE):
            yield content
        elif name not in {ABOUT, END}:
            target = _target(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            stored += 1
            if stored % 1000 == 0:
                say(f"{stored} pictures")
    say(f"{stored} pictures")
