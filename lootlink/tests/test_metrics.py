"""What a monitor reads: only one that is known, every figure that the dashboard and the alerts name, and true ones."""

import json
import re
from collections import Counter
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from prometheus_client.parser import text_string_to_metric_families

from apps.listings import photos
from apps.listings.tests.pictures import picture
from apps.transactions import flow
from consumers import pool
from consumers.hub import hub
from lootlink import measures

NAME = re.compile(r"\b(?:lootlink|process)_\w+")
LABELS = ("view", "method", "status", "le", "step", "why", "build")
DEPLOY = site.BASE_DIR / "deploy"


@pytest.fixture
def monitor(client, settings):
    """What it reads now: each sample by its name and labels."""
    settings.METRICS_TOKEN = "a-long-secret"

    def read():
        answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        samples = [sample for family in families for sample in family.samples]
        return {(each.name, *(each.labels[name] for name in LABELS if name in each.labels)): each.value for each in samples}

    return read


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer another", "Bearer é", "a-long-secret", "Basic a-long-secret"])
def test_nobody_else_learns_that_it_is_there(client, settings, given):
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = "a-long-secret"
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_a_known_address_needs_no_token(client, settings):
    settings.METRICS_ADDRESSES = [ip_network(each) for each in ("10.0.0.0/8", "127.0.0.0/8", "2001:db8::7")]
    for known in ("127.0.0.1", "::ffff:10.1.2.3", "2001:db8::7"):
        assert client.get("/metrics", REMOTE_ADDR=known).status_code == 200, known
    for unknown in ("192.0.2.1", "::ffff:192.0.2.1", "2001:db8::8", "10.0.0.0/8", ""):
        assert client.get("/metrics", REMOTE_ADDR=unknown).status_code == 404, unknown


def test_a_page_counts_by_its_name(db, client, monitor):
    client.get("/")
    client.get("/?page=2")
    client.get("/nowhere/")
    client.generic("HACK", "/")
    before = monitor()
    client.get("/")
    client.get("/nowhere/")
    client.generic("HACK", "/")
    after = monitor()
    grown = {name: number - before.get(name, 0) for name, number in after.items() if name[0] == "lootlink_http_requests_total"}
    assert grown[("lootlink_http_requests_total", "listings:home", "GET", "200")] == 1
    assert grown[("lootlink_http_requests_total", "none", "GET", "404")] == 1
    assert grown[("lootlink_http_requests_total", "none", "other", "405")] == 1
    count = ("lootlink_http_seconds_count", "listings:home", "GET")
    assert after[count] - before[count] == 1
    assert after[("lootlink_http_seconds_bucket", "listings:home", "GET", "+Inf")] == after[count]
    assert "HACK" not in str(after)


def test_what_the_hub_counts_is_told(monitor, monkeypatch):
    tab = SimpleNamespace(tail=SimpleNamespace(cursor=12, acknowledged=5))
    monkeypatch.setattr(hub, "sockets", {1: [tab, tab], 2: [tab]})
    monkeypatch.setattr(hub, "counts", Counter(healed=3))
    now = monitor()
    assert now[("lootlink_traders",)] == 2
    assert now[("lootlink_unacknowledged_events",)] == 21
    assert now[("lootlink_hints_healed_total",)] == 3
    assert now[("lootlink_hints_sent_total",)] == 0
    assert now[("lootlink_build", site.BUILD)] == 1


@pytest.mark.django_db(transaction=True)
def test_deals_and_pictures_count(alice, bob, charlie, listing, monitor):
    before = Counter(monitor())
    lost = flow.create(listing.pk, charlie, "")
    flow.advance(flow.create(listing.pk, bob, "").pk, "accept", alice)
    with pytest.raises(flow.LostRace):
        flow.advance(lost.pk, "accept", alice)
    with pytest.raises(ValidationError):
        photos.opened(SimpleUploadedFile("picture.png", b"no picture"))
    assert photos.opened(picture())
    grown = Counter(monitor())
    grown.subtract(before)
    assert grown[("lootlink_deal_steps_total", "create")] == 2
    assert grown[("lootlink_deal_steps_total", "accept")] == 1
    assert grown[("lootlink_deal_races_lost_total",)] == 1
    assert grown[("lootlink_uploads_refused_total", "broken")] == 1


async def test_the_wait_for_a_thread_is_measured(monkeypatch):
    waited = measures.Durations()
    monkeypatch.setattr(measures, "executor_wait", waited)
    await pool.run(int)
    assert sum(waited.places) == 1
    assert waited.total > 0


def test_a_monitor_learns_when_the_last_backup_was_made(monitor, settings, tmp_path):
    name = ("lootlink_backup_timestamp_seconds",)
    settings.LAST_BACKUP = tmp_path / "last"
    assert name not in monitor()
    settings.BACKUP_RECIPIENT = "age1…"
    assert monitor()[name] == 0
    settings.LAST_BACKUP.touch()
    assert monitor()[name] == settings.LAST_BACKUP.stat().st_mtime


def test_every_figure_of_the_dashboard_and_the_alerts_is_there(db, client, monitor, settings):
    settings.BACKUP_RECIPIENT = "age1…"
    client.get("/")
    flow.steps_taken.labels("create"), photos.refused.labels("size")
    there = {name for name, *_labels in monitor()}
    board = json.loads((DEPLOY / "grafana" / "lootlink.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    alerts = yaml.safe_load((DEPLOY / "alerts.yml").read_text())
    asked += [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    assert len(asked) > 20
    for expression in asked:
        assert set(NAME.findall(expression)) - there == set(), expression
    assert all(NAME.search(expression) or "up{" in expression for expression in asked)


def test_each_alert_is_explained():
    alerts = yaml.safe_load((DEPLOY / "alerts.yml").read_text())
    page = (site.BASE_DIR / "docs" / "watching.md").read_text()
    for group in alerts["groups"]:
        for rule in group["rules"]:
            assert f"**{rule['alert']}**" in page, rule["alert"]
            assert rule["annotations"]["summary"]
