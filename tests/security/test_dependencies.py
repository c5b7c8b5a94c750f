"""K4: the audit fails for every package that it could not ask about."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]


@pytest.fixture
def service():
    """An advisory service; `answer` makes its results of the queries."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            self.server.asked = queries
            body = json.dumps({"results": self.server.answer(queries)}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.answer = lambda queries: [{} for _ in queries]
    threading.Thread(target=server.serve_forever).start()
    yield server
    server.shutdown()
    server.server_close()


def audit(port, *locks):
    address = {"AUDIT_URL": f"http://127.0.0.1:{port}/"}
    command = [sys.executable, ROOT / "scripts" / "audit", *(locks or LOCKS)]
    return subprocess.run(command, env=address, capture_output=True, text=True, timeout=60)


def test_every_locked_package_is_asked_about_and_counted(service):
    said = audit(service.server_port)
    assert said.returncode == 0, said.stderr
    assert said.stdout == f"{len(service.asked)} packages audited, 0 advisories\n"
    names = {query["package"]["name"] for query in service.asked}
    assert {"django", "daphne", "pillow", "twisted", "pytest"} <= names
    assert len(names) > 60


def test_an_advisory_fails(service):
    hole = {"vulns": [{"id": "PYSEC-1"}]}
    service.answer = lambda queries: [hole if query["package"]["name"] == "django" else {} for query in queries]
    said = audit(service.server_port)
    assert said.returncode == 1
    assert "PYSEC-1" in said.stdout
    assert "1 advisories" in said.stdout


def test_what_was_skipped_fails(service, tmp_path):
    service.answer = lambda queries: [{} for _ in queries[1:]]
    said = audit(service.server_port)
    assert (said.returncode, said.stdout) == (1, "")
    assert "not audited: 1 of" in said.stderr
    loose = tmp_path / "requirements.txt"
    for line in ("django>=5", "django==5.2", "-e .", ""):
        loose.write_text(line)
        assert "not audited" in audit(service.server_port, loose).stderr, line


def test_without_the_service_it_says_so_and_fails():
    said = audit(9)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("not audited: ")
