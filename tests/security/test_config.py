"""C2, C3, K1, K2, K5, K6: what every answer says, what does not start, what is logged and what never is."""

import logging
import os
import re
import runpy
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import resolve

from apps.accounts import letters
from apps.listings import photos
from apps.listings.models import Game
from apps.listings.tests.pictures import picture
from lootlink.logs import OneLine
from tests.test_access import MATRIX, NOWHERE

ROOT = Path(__file__).parent.parent.parent
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "media-src": {"'self'"},
    "manifest-src": {"'self'"},
    "connect-src": {"'self'", settings.SITE_URL.replace("http", "ws", 1)},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "frame-ancestors": {"'none'"},
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


def faulty(answer):
    """What is wrong with the headers of an answer."""
    parts = (part.strip().split() for part in answer.headers.get("Content-Security-Policy", "").split(";"))
    policy = {part[0]: set(part[1:]) for part in parts if part}
    wrong = {} if policy == POLICY else {"Content-Security-Policy": policy}
    for name, value in ALWAYS.items():
        told = answer.headers.get(name)
        if told != value and not (name == "Referrer-Policy" and told == "strict-origin"):
            wrong[name] = told
    if "geolocation=()" not in answer.headers.get("Permissions-Policy", ""):
        wrong["Permissions-Policy"] = ""
    return wrong


def test_every_route_says_the_same_rules_to_everybody(market):
    routes = {resolve(urlsplit(market.path(row["path"])).path).route: row["path"] for row in MATRIX if row["path"] not in NOWHERE}
    for path in routes.values():
        for role in ("guest", "seller"):
            if "logout" not in path:
                answer = market.client(role).get(market.path(path))
                assert faulty(answer) == {}, (role, path)
                if role != "guest" and not path.startswith("/health/"):
                    assert "no-store" in answer.headers["Cache-Control"], (role, path)


def test_so_do_refusals_and_failures(market, monkeypatch):
    guest = Client(raise_request_exception=False)
    strict = market.client("buyer", enforce_csrf_checks=True)
    photo = photos.url(photos.store(picture(64, 64), "listings"), "card")
    answers = {
        "400": guest.post("/accounts/login/", {}),
        "a foreign host": guest.get("/", headers={"Host": "evil.example"}),
        "a bad body": guest.post("/accounts/login/", b"x" * 1_000_000, "application/x-www-form-urlencoded"),
        "403": market.client("stranger").get(market.path("/listing/{asked}/edit/")),
        "no token": strict.post("/notifications/"),
        "404": guest.get("/nowhere/"),
        "405": guest.put("/"),
        "405 of a page": guest.post("/chat/"),
        "a redirect": guest.get("/chat/"),
        "a script": guest.get("/live/events/"),
        "a static file that isn't": guest.get("/static/nowhere.js"),
        "a post to static": guest.post("/static/js/main.js"),
    }
    assert "Content-Security-Policy" in guest.get(photo).headers
    monkeypatch.setattr(Game, "stocks", broken)
    answers["500"] = guest.get("/")
    monkeypatch.setattr(SessionBase, "_get_session", broken)
    answers["500 outside of the page"] = market.client("buyer", raise_request_exception=False).get("/")
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert {statuses["500"], statuses["500 outside of the page"]} == {500}
    assert (statuses["a foreign host"], statuses["a bad body"], statuses["405"]) == (400, 400, 405)
    assert {name: faulty(answer) for name, answer in answers.items() if faulty(answer)} == {}
    # K5: pages of our own, without a trace of what failed.
    for name in ("a foreign host", "403", "404", "500", "500 outside of the page"):
        text = answers[name].text
        assert '<html lang="ru"' in text, name
        assert not re.search(r"Traceback|secret-of-a-bug|\.py\b|Exception|Django", text), name


def broken(*args, **kwargs):
    raise RuntimeError("secret-of-a-bug")


def test_no_template_or_script_needs_what_the_policy_forbids():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son(?!line)\w+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), path
        assert "|safe" not in text, path
        assert "autoescape off" not in text, path
    for path in Path(finders.find("js/main.js")).parent.rglob("*.js"):
        assert not re.search(
            r"\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text()
        ), path


# Starting


def python(*arguments, **environment):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    database = {"DATABASE_URL": "sqlite:////tmp/lootlink-never-made.sqlite3"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **database, **environment}, capture_output=True, text=True, timeout=60
    )


UNSAFE = {
    "no key": {},
    "an empty key": {"SECRET_KEY": ""},
    "an empty file of a key": {"SECRET_KEY_FILE": "/dev/null"},
    "debug on a public host": {"DEBUG": "on", "ALLOWED_HOSTS": "lootlink.example"},
    "debug on a public host with a key": {"DEBUG": "on", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "127.0.0.1,lootlink.example"},
    "debug everywhere": {"DEBUG": "on", "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "*"},
    "debug with a public address": {"DEBUG": "on", "SECRET_KEY": "x" * 50, "SITE_URL": "https://lootlink.example"},
    "a list of addresses that is none": {"SECRET_KEY": "x" * 50, "ADMIN_ADDRESSES": "office"},
    "a bucket without a name": {"SECRET_KEY": "x" * 50, "USE_S3": "on"},
}


@pytest.mark.parametrize("case", UNSAFE)
def test_these_settings_are_refused(case, monkeypatch):
    for name in {"SECRET_KEY", "DEBUG", *(name for name in os.environ if name.endswith("_FILE"))} & set(os.environ):
        monkeypatch.delenv(name)
    for name, value in UNSAFE[case].items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured):
        runpy.run_path(str(ROOT / "lootlink" / "settings.py"))


def test_a_refusal_is_one_line_and_exit_1():
    refused = python("-m", "lootlink.serve", "--port", "1", DEBUG="on", ALLOWED_HOSTS="lootlink.example")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("LootLink does not start: ")
    assert refused.stderr.count("\n") == 1


def test_the_check_for_deployment_is_silent():
    said = python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        SECRET_KEY=secrets.token_urlsafe(48),
        SITE_URL="https://lootlink.example",
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "no issues" in said.stdout


def test_pictures_in_a_bucket_are_private_and_never_replaced():
    shown = python(
        "-c",
        "from lootlink import settings as s; o = s.STORAGES['default']['OPTIONS']; c = o['client_config'];"
        "print(o['default_acl'], o['querystring_auth'], o['file_overwrite'], c.signature_version,"
        "c.connect_timeout, c.read_timeout, c.retries['total_max_attempts'], s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])",
        SECRET_KEY="x" * 50,
        USE_S3="on",
        AWS_STORAGE_BUCKET_NAME="b",
        MEDIA_ORIGIN="https://media.example",
    )
    assert shown.stdout.split()[:7] == ["None", "True", "False", "s3v4", "2", "5", "2"], shown.stderr
    assert "https://media.example" in shown.stdout


def test_no_secret_is_in_the_repository():
    if not (ROOT / ".git").exists():
        pytest.skip("not a working copy")
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in kept if re.search(r"(^|/)(\.env|secret_key|.*\.(pem|key|p12|sqlite3))$", name)]
    pattern = re.compile(
        r"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_\w{30,}|xox[bp]-\w+|SECRET_KEY\s*=\s*['\"]\w{20,}"
    )
    for name in kept:
        if not name.startswith("tests/security/") and (ROOT / name).is_file():
            assert not pattern.search((ROOT / name).read_bytes().decode("utf-8", "replace")), name


# The log


@pytest.fixture
def lines():
    """What the console would have shown, line by line."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(OneLine("%(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(), logging.getLogger("django")]
    level = loggers[0].level
    loggers[0].setLevel(logging.INFO)
    for logger in loggers:
        logger.addHandler(handler)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)
    loggers[0].setLevel(level)


@pytest.mark.django_db(transaction=True)
def test_the_security_log(lines, market, settings, mailoutbox):
    settings.RATE_LIMITS = True
    password, wrong = "correct-horse-9", "wrong-horse-battery"
    guest, alice = Client(), market.people["seller"]
    guest.post("/accounts/login/", {"username": "alice", "password": wrong})
    guest.post("/accounts/login/", {"username": "nobody\r\nINFO root forged", "password": wrong})
    guest.post("/accounts/login/", {"username": "alice", "password": password})
    session = guest.cookies["sessionid"].value
    guest.get(market.path("/chat/conversation/{talk_asked}/%0d%0aforged"))
    market.client("stranger").get(market.path("/chat/conversation/{talk_asked}/"))
    market.client("buyer").get("/staff/")
    market.client("buyer", enforce_csrf_checks=True).post("/notifications/")
    market.client("seller").post(market.path("/transactions/purchase-request/{deal_asked}/accept/"))
    market.client("staff").post(
        "/staff/accounts/customuser/", {"action": "ban", "_selected_action": [market.people["stranger"].pk]}
    )
    for _ in range(6):
        market.client("guest").post("/accounts/register/", {"username": "x", "password1": wrong})
    market.client("guest").post("/accounts/password-reset/", {"email": alice.email})
    letters.queue.submit(lambda: None).result()
    link = re.search(r"/accounts/password-reset/\S+", mail.outbox[-1].body)[0]
    guest.post(link, {"new_password1": "weak", "new_password2": "weak"})
    guest.post(link, {"new_password1": "other-donkey-7", "new_password2": "other-donkey-7"})
    guest.get(link)
    guest.get("/accounts/email/a.token.of.mine/")

    told = "\n".join(lines)
    buyer, stranger = market.people["buyer"].pk, market.people["stranger"].pk
    wanted = [
        f"login failed user={alice.pk} address=127.0.0.1",
        "login failed user=None address=127.0.0.1",
        f"login user={alice.pk} address=127.0.0.1",
        f"denied user={stranger} address=127.0.0.1 GET /chat/conversation/",
        f"denied user={buyer} address=127.0.0.1 path=/staff/",
        f"denied without a token user={buyer}",
        f"deal={market.names['deal_asked']} step=accept by={alice.pk} from=pending to=accepted",
        f"staff user={market.people['staff'].pk} customuser={stranger}",
        "limited user=None address=127.0.0.1 POST /accounts/register/",
        f"password reset asked user={alice.pk}",
        f"password reset user={alice.pk}",
    ]
    assert [line for line in wanted if line not in told] == []
    token = link.rstrip("/").rpartition("/")[2]
    secrets = [password, wrong, "other-donkey-7", session, token, "a.token.of.mine", alice.email, settings.SECRET_KEY]
    assert [secret for secret in secrets if secret in told] == []
    assert f"/accounts/password-reset/{alice.pk}/…/" in told
    # A line is a line: nothing that was sent begins another.
    assert not [line for line in lines if "\n" in line or "\r" in line or line.startswith(("INFO root forged", "forged"))]
    assert r"\r\nforged" in told
