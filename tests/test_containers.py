"""docker-compose.yml as Compose itself understands it, the image, and the user that Redis gives the workers."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from redis import Redis as Client
from redis.exceptions import AuthenticationError, NoPermissionError

from consumers.layer import Layer
from stack.servers import GuardedRedis
from tests import servers
from tests.test_configuration import variables

ROOT = Path(__file__).parent.parent
BINARIES = ROOT / ".venv" / "bin"
SECRETS = {
    "daily": {"secret_key", "database_url", "redis_url"},
    "migrate": {"secret_key", "database_url", "redis_url"},
    "postgres": {"postgres_password"},
    "redis": {"redis_password"},
    "worker1": {"secret_key", "database_url", "redis_url"},
    "worker2": {"secret_key", "database_url", "redis_url"},
}
# Set by the file itself, or of no use there.
NOT_HANDED_ON = {"DEBUG", "MEDIA_ROOT", "TEST_SQLITE_NAME"}
OWN = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def compose(*arguments, **environment):
    command = [BINARIES / "docker-compose", "-f", ROOT / "docker-compose.yml", "--env-file", ROOT / ".env.example", *arguments]
    return subprocess.run(command, env={**OWN, **environment}, capture_output=True, text=True, check=False)


def shown(*arguments, **environment):
    answer = compose(*arguments, "config", "--format", "json", **environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["services"]


@pytest.fixture(scope="module")
def services():
    return shown()


def test_compose_accepts_the_example():
    checked = compose("config", "-q")
    assert checked.returncode == 0, checked.stderr
    assert not checked.stderr


def test_secrets_are_files_and_everyone_has_their_own(services):
    assert {name: {each["source"] for each in of["secrets"]} for name, of in services.items() if "secrets" in of} == SECRETS
    for name, service in services.items():
        given = service.get("environment") or {}
        assert not any(value for key, value in given.items() if re.search("PASSWORD$|_KEY$|_URL$", key) and key != "SITE_URL"), (
            name
        )


def test_secrets_are_made_once_and_fit_together(tmp_path):
    folder = tmp_path / "secrets"

    def made():
        subprocess.run(["sh", ROOT / "deploy" / "secrets.sh", folder], check=True)
        return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}

    known = made()
    assert made() == known
    assert known.keys() == set().union(*SECRETS.values())
    assert known["database_url"] == f"postgres://lootlink:{known['postgres_password']}@postgres:5432/lootlink"
    assert known["redis_url"] == f"redis://lootlink:{known['redis_password']}@redis:6379/0"
    assert len({known[name] for name in ("secret_key", "postgres_password", "redis_password")}) == 3
    assert len(known["secret_key"]) == 64
    assert (folder / "own").stat().st_mode & 0o777 == 0o755
    assert folder.stat().st_mode & 0o777 == 0o700


def test_workers_are_told_every_variable(services):
    given = services["worker1"]["environment"]
    assert {name for name in variables() if name not in given and f"{name}_FILE" not in given} == NOT_HANDED_ON


def test_only_nginx_is_published(services):
    assert {name for name, service in services.items() if service.get("ports")} == {"nginx"}


def test_a_bucket_is_there_only_when_asked_for(services):
    with_bucket = shown("--profile", "s3", AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")
    assert with_bucket.keys() - services.keys() == {"s3", "s3-bucket"}
    assert with_bucket["s3"]["networks"]["outside"]["aliases"] == ["s3.localhost"]


def test_as_many_workers_as_are_wanted_in_two_groups(services):
    groups = {name for name in services if name.startswith("worker")}
    assert groups == {"worker1", "worker2"}
    assert all(f"server {name}:8000 resolve" in services["nginx"]["environment"]["NGINX_WORKERS"] for name in groups)
    more = shown(REPLICAS="3")
    assert {more[name]["deploy"]["replicas"] for name in groups} == {3}


def test_nginx_is_told_all_that_its_template_asks_for(services):
    given = services["nginx"]["environment"]
    wanted = set(re.findall(r"\$\{(\w+)\}", (ROOT / "deploy" / "nginx.conf").read_text()))
    assert wanted == {name for name in given if re.search(given["NGINX_ENVSUBST_FILTER"].replace("$$", "$"), name)}


def test_every_container_is_hardened(services):
    for name, service in {**services, **shown("--profile", "s3")}.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert int(service["mem_limit"]) > 0, name
        assert service["pids_limit"] > 0, name
        assert service["ulimits"]["nofile"] > 20_000, name
        assert not service.get("privileged"), name
        assert re.fullmatch(r"[\w./-]+:(?!latest).*\d.*", service["image"]), name


def test_a_worker_has_longer_to_stop_than_its_drain_takes(services):
    assert services["worker1"]["stop_grace_period"] == "30s"
    assert services["worker1"]["init"]


def test_a_variable_of_the_site_may_come_from_a_file_of_the_operator(services):
    for name in ("migrate", "worker1", "worker2", "daily"):
        (own,) = (each for each in services[name]["volumes"] if each["target"] == "/run/own")
        assert own["read_only"], name
        assert Path(own["source"]) == ROOT / "secrets" / "own", name
    given = shown(EMAIL_URL_FILE="/run/own/email_url")["worker1"]["environment"]
    assert given["EMAIL_URL_FILE"] == "/run/own/email_url"
    assert given["EMAIL_URL"] is None


def test_workers_wait_for_the_bucket_where_there_is_one(services):
    assert services["worker1"]["depends_on"]["s3-bucket"]["required"] is False


def test_workers_see_when_the_last_backup_was_made_and_write_none(services):
    mounted = {each["source"]: each for each in services["worker1"]["volumes"]}
    assert mounted["backups"]["read_only"]
    made = {each["source"]: each for each in services["daily"]["volumes"]}["backups"]
    assert made["target"] == mounted["backups"]["target"]
    assert not made.get("read_only")


def test_the_image_is_not_root_and_says_whether_it_is_well():
    image = (ROOT / "Dockerfile").read_text()
    assert image.index("\nUSER 10001") < image.index("\nCMD")
    assert "HEALTHCHECK" in image
    assert "--require-hashes" in image
    assert not re.search(r"^(ENV|ARG).*(KEY|PASSWORD|SECRET)", image, re.MULTILINE)


def test_hadolint_has_nothing_to_say_of_the_image():
    said = subprocess.run([BINARIES / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_image_has_every_package_that_the_site_imports():
    """What .dockerignore leaves out can't be copied."""
    copied = set(re.findall(r"^COPY (\w[\w.]*) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == let_in
    assert {"apps", "consumers", "lootlink", "templates", "static", "locale"} < copied


@pytest.fixture
def redis_of_compose():
    """The address of a Redis that deploy/redis.sh has started."""
    folder = servers.temporary_folder()
    server = GuardedRedis(folder)
    server.start()
    yield server
    server.stop()
    folder.stop()


@pytest.mark.cluster
async def test_redis_lets_the_layer_do_its_work_and_nothing_else(redis_of_compose):
    with pytest.raises(AuthenticationError), Client(port=redis_of_compose.port) as stranger:
        stranger.ping()
    url = redis_of_compose.url
    layer = Layer(hosts=[url], prefix="lootlink")
    channel = await layer.new_channel()
    await layer.group_add("live", channel)
    await layer.group_send("live", {"type": "hint"})
    assert await layer.receive(channel) == {"type": "hint"}
    await layer.flush()
    with Client.from_url(url) as client:
        for command in ("FLUSHALL", "CONFIG GET *", "KEYS *", "PUBLISH other hello"):
            with pytest.raises(NoPermissionError):
                client.execute_command(*command.split())
