"""The workflows of continuous integration: what they run is there, on every Python that the project says it has."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(scope="module")
def jobs():
    return {name: job for path in WORKFLOWS for name, job in yaml.safe_load(path.read_text())["jobs"].items()}


def test_they_run_what_the_makefile_has(jobs):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    run = {name for job in jobs.values() for step in job["steps"] for name in re.findall(r"\bmake (\w+)", step.get("run", ""))}
    assert {"check", "test"} <= run <= targets


def test_every_python_from_the_oldest_to_the_one_of_the_image(jobs):
    image = re.search(r"^FROM python:3\.(\d+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text())[1]
    assert jobs["test"]["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in range(int(oldest), int(image) + 1)]


def test_each_may_only_read_and_ends(jobs):
    assert all(yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"} for path in WORKFLOWS)
    assert all(job["timeout-minutes"] <= 60 for job in jobs.values())


def test_updates_look_after_all_that_is_pinned():
    asked = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {each["package-ecosystem"] for each in asked} == {"pip", "docker", "docker-compose", "github-actions"}
