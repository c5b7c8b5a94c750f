"""A machine without Node.js is told so, and the peer is not counted."""

import json
from pathlib import Path

import pytest

from bench import node
from bench.part import NotRun

PEER = Path(node.PEERS) / "socketio"


def test_without_node_a_peer_is_not_run(monkeypatch):
    monkeypatch.setattr(node.shutil, "which", lambda _name: None)
    with pytest.raises(NotRun, match="apt-get install nodejs"):
        node.installed.__wrapped__("socketio")


def test_the_lock_pins_every_package_by_its_hash_and_names_no_host():
    text = (PEER / "package-lock.json").read_text()
    wanted = json.loads((PEER / "package.json").read_text())["dependencies"]
    packages = {name: each for name, each in json.loads(text)["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert "://" not in text
