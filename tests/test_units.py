"""What systemd and nginx themselves say of deploy/. Verifying exits 0 on a key that it does not know, so it must say nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stack.servers import Nginx
from tests import servers

DEPLOY = Path(__file__).parent.parent / "deploy"


@pytest.fixture(scope="module")
def verify():
    found = shutil.which("systemd-analyze") or (servers.apt("systemd") and shutil.which("systemd-analyze"))
    if not found:
        pytest.fail(f"systemd-analyze is missing: {servers.APT} systemd")
    return lambda *units: subprocess.run([found, "verify", *units], capture_output=True, text=True, check=False)


def test_systemd_has_nothing_to_say_of_the_units(verify):
    units = sorted((DEPLOY / "systemd").iterdir())
    assert {"lootlink@.service", "lootlink-prepare.service"} < {unit.name for unit in units}
    said = verify(*units)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_systemd_would_say_something(verify, tmp_path):
    wrong = tmp_path / "lootlink@.service"
    wrong.write_text((DEPLOY / "systemd" / wrong.name).read_text().replace("LimitNOFILE=", "LimitFiles="))
    assert "LimitFiles" in verify(wrong).stderr


def test_every_timer_has_its_service_and_is_started_by_the_operator():
    timers = list((DEPLOY / "systemd").glob("*.timer"))
    assert len(timers) == 3
    for timer in timers:
        assert timer.with_suffix(".service").exists()
        for page in ("operations.md", "watching.md"):
            assert timer.name in (DEPLOY.parent / "docs" / page).read_text()


def test_containers_run_daily_what_the_timers_run():
    composed = (DEPLOY.parent / "docker-compose.yml").read_text()
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        command = re.search(r"python (manage\.py [\w -]+)", timer.with_suffix(".service").read_text())[1]
        assert f"python {command}" in composed


@pytest.fixture
def nginx():
    folder = servers.temporary_folder()
    yield Nginx(folder, [8001, 8002])
    folder.stop()


@pytest.mark.cluster
def test_nginx_accepts_its_configuration(nginx):
    said = nginx.tested()
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


@pytest.mark.cluster
def test_nginx_accepts_the_file_of_its_container(nginx, tmp_path):
    nginx.tested()
    given = (DEPLOY / "nginx-main.conf").read_text()
    for theirs, ours in (
        ("/var/log/nginx/error.log", "stderr"),
        ("/tmp/", f"{tmp_path}/"),
        ("/etc/nginx/conf.d/*.conf", f"{nginx.home}/site.conf"),
    ):
        assert theirs in given
        given = given.replace(theirs, ours)
    main = tmp_path / "main.conf"
    main.write_text(given)
    said = subprocess.run([nginx.binary(), "-t", "-c", main, "-e", "stderr"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


@pytest.mark.cluster
def test_nginx_would_refuse(nginx):
    nginx.values["NGINX_REALIP"] = "no_such_directive;"
    said = nginx.tested()
    assert said.returncode != 0
    assert "no_such_directive" in said.stderr


def test_nginx_overwrites_what_the_workers_believe():
    balance = (DEPLOY / "nginx.conf").read_text()
    assert "X-Forwarded-For $remote_addr;" in balance
    assert "proxy_add_x_forwarded_for" not in balance
    assert "X-Forwarded-Proto ${FORWARDED_PROTO};" in balance
    assert "X-Request-ID $request_id;" in balance
