"""nginx from deploy/nginx.sh, Redis from deploy/redis.sh, and an S3 that lives in memory."""

import json
import os
import shutil
import socket
import subprocess
import sys

import boto3

from tests.servers import APT, Redis, Server, Unavailable, apt
from tests.workers import ROOT

SCRIPT = ROOT / "deploy" / "nginx.sh"

AROUND = """
{user}
worker_processes 2;
pid nginx.pid;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/site.conf;
}}
"""


class Nginx(Server):
    """Before the workers of these ports. `values` are those of deploy/nginx.sh that differ from the stack's."""

    package = "nginx-light"
    death, leave = "TERM", 15
    keeps_root = True  # static files may lie below root's home

    def __init__(self, folder, ports, port=None, **values):
        super().__init__(folder)
        self.ports, self.port = ports, port or self.port
        self.values = {
            "NGINX_LISTEN": f"127.0.0.1:{self.port}",
            "NGINX_LOG": f"{self.home}/access.log",
            "NGINX_CACHE": f"{self.home}/guests",
            "NGINX_STATIC": str(ROOT / "var" / "static"),
            "NGINX_MEDIA": os.environ.get("MEDIA_ROOT", f"{self.home}/media"),
            **values,
        }

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @staticmethod
    def binary():
        path = f"{os.environ['PATH']}:/usr/sbin"
        if found := shutil.which("nginx", path=path) or (apt(Nginx.package) and shutil.which("nginx", path=path)):
            return found
        raise Unavailable(f"nginx is missing: {APT} {Nginx.package}.")

    def command(self):
        user = "user root;" if os.geteuid() == 0 else ""
        (self.home / "nginx.conf").write_text(AROUND.format(user=user, home=self.home))
        environment = {**os.environ, **self.values}
        with (self.home / "site.conf").open("w") as site:
            subprocess.run(["/bin/sh", SCRIPT, *map(str, self.ports)], env=environment, stdout=site, check=True)
        return [self.binary(), "-p", self.home, "-c", self.home / "nginx.conf", "-e", "stderr", "-g", "daemon off;"]

    def tested(self) -> subprocess.CompletedProcess:
        """What `nginx -t` says of it."""
        self.home.mkdir(exist_ok=True)
        return subprocess.run([*self.command(), "-t"], capture_output=True, text=True, check=False)

    def answers(self):
        return listens(self.port)

    def logged(self) -> list[dict]:
        return [json.loads(line) for line in (self.home / "access.log").read_text().splitlines()]


class GuardedRedis(Redis):
    """With the workers' own user, the password and the rules of deploy/redis.sh."""

    password = "letters"  # noqa: S105 - of a server that lives as long as its run

    @property
    def url(self):
        return f"redis://lootlink:{self.password}@127.0.0.1:{self.port}/0"

    def command(self):
        # Whoever it runs as may read neither below root's home nor what it is called by there.
        script = shutil.copy(ROOT / "deploy" / "redis.sh", self.home)
        binary = self.home / "redis-server"
        if not binary.exists():
            binary.symlink_to(self.binary())
        self.environment = {
            "PATH": f"{self.home}:{os.environ['PATH']}",
            "REDIS_PASSWORD": self.password,
            "REDIS_BIND": "127.0.0.1",
            "REDIS_PORT": str(self.port),
        }
        return ["sh", script]


class Bucket(Server):
    """An S3 that refuses strangers what is not public, but believes any signature."""

    package = "s3"
    death, leave = "TERM", 15
    keeps_root = True  # so may the virtual environment
    name = "lootlink"
    access = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self):
        return listens(self.port)

    def start(self):
        super().start()
        self.client().create_bucket(Bucket=self.name)

    def stored(self) -> list[str]:
        return [each["Key"] for each in self.client().list_objects_v2(Bucket=self.name).get("Contents", [])]

    def open_to_all(self):
        what = f"arn:aws:s3:::{self.name}/*"
        rule = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": what}
        self.client().put_bucket_policy(Bucket=self.name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [rule]}))

    def client(self):
        return boto3.client("s3", endpoint_url=self.url, **self.access)

    @property
    def environment_of_workers(self) -> dict[str, str]:
        return {
            "USE_S3": "on",
            "AWS_STORAGE_BUCKET_NAME": self.name,
            "AWS_ACCESS_KEY_ID": self.access["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.access["aws_secret_access_key"],
            "AWS_S3_REGION_NAME": self.access["region_name"],
            "AWS_S3_ENDPOINT_URL": self.url,
        }


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
