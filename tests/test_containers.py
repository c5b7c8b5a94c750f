"""docker-compose.yml as Compose itself understands it, and the user that Redis gives the workers."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis as Client
from redis.exceptions import AuthenticationError, NoPermissionError

from tests import servers

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / ".venv" / "bin" / "docker-compose"
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
OWN = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def compose(*arguments, **environment):
    command = [COMPOSE, "-f", ROOT / "docker-compose.yml", *arguments]
    return subprocess.run(command, env={**OWN, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def services():
    environment = {name: f"{name.lower()}-of-the-test" for name in SECRETS}
    shown = compose("--env-file", ROOT / ".env.example", "config", "--format", "json", **environment)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout)["services"]


def test_compose_accepts_the_example():
    checked = compose("--env-file", ROOT / ".env.example", "config", "-q")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_no_secret_has_a_default(name, tmp_path):
    example = (ROOT / ".env.example").read_text()
    assert re.search(rf"^{name}=$", example, re.MULTILINE)
    without = tmp_path / ".env"
    without.write_text(example.replace(f"{name}=\n", ""))
    refused = compose("--env-file", without, "config", "-q")
    assert refused.returncode != 0
    assert name in refused.stderr


def test_only_nginx_is_published(services):
    assert {name for name, service in services.items() if service.get("ports")} == {"nginx"}


def test_two_workers_stand_behind_nginx(services):
    workers = [name for name in services if name.startswith("worker")]
    assert len(workers) >= 2
    balance = (ROOT / "deploy" / "nginx.conf").read_text()
    assert all(f"server {name}:8000" in balance for name in workers)
    assert all(services[name]["environment"]["REDIS_URL"].startswith("redis://lootlink:redis_password-of") for name in workers)


def test_every_container_is_hardened(services):
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert int(service["mem_limit"]) > 0, name
        assert service["pids_limit"] > 0, name
        assert not service.get("privileged"), name


def test_a_worker_has_longer_to_stop_than_its_drain_takes(services):
    assert services["worker1"]["stop_grace_period"] == "30s"
    assert services["worker1"]["init"]


def test_the_image_is_not_root_and_says_whether_it_is_well():
    image = (ROOT / "Dockerfile").read_text()
    assert image.index("\nUSER lootlink") < image.index("\nCMD")
    assert "HEALTHCHECK" in image
    assert "--require-hashes" in image
    assert not re.search(r"^(ENV|ARG).*(KEY|PASSWORD|SECRET)", image, re.MULTILINE)


def test_nginx_overwrites_what_the_workers_believe():
    balance = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "X-Forwarded-For $remote_addr;" in balance
    assert "proxy_add_x_forwarded_for" not in balance
    assert "X-Forwarded-Proto ${FORWARDED_PROTO};" in balance


def test_every_variable_of_the_settings_is_in_the_example():
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z0-9_]+)\"", (ROOT / "lootlink" / "settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    assert len(read) > 15
    missing = {name for name in read if not re.search(rf"^#?{name}=", example, re.MULTILINE)}
    assert missing <= {"TEST_SQLITE_NAME"}


@pytest.fixture
def redis_of_compose(tmp_path):
    """The address of a Redis that deploy/redis.sh has started."""
    folder = servers.temporary_folder()
    server = servers.Redis(folder)
    server.home.mkdir()
    binary = Path(server.binary())
    (tmp_path / "redis-server").symlink_to(binary)
    environment = {"PATH": f"{tmp_path}:{OWN['PATH']}", "REDIS_PASSWORD": "letters", "REDIS_BIND": "127.0.0.1"}
    process = subprocess.Popen(
        ["sh", ROOT / "deploy" / "redis.sh"],
        cwd=tmp_path,
        env={**environment, "REDIS_PORT": str(server.port)},
        stdout=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{server.port}/0"
    with pytest.raises(AuthenticationError):
        servers.until(lambda: Client.from_url(f"redis://{address}").ping())
    yield address
    process.terminate()
    process.wait()
    folder.stop()


@pytest.mark.cluster
async def test_redis_lets_the_layer_do_its_work_and_nothing_else(redis_of_compose):
    url = f"redis://lootlink:letters@{redis_of_compose}"
    layer = RedisPubSubChannelLayer(hosts=[url], prefix="lootlink")
    channel = await layer.new_channel()
    await layer.group_add("live", channel)
    await layer.group_send("live", {"type": "hint"})
    assert await layer.receive(channel) == {"type": "hint"}
    await layer.flush()
    with Client.from_url(url) as client:
        for command in ("FLUSHALL", "CONFIG GET *", "KEYS *", "PUBLISH other hello"):
            with pytest.raises(NoPermissionError):
                client.execute_command(*command.split())
