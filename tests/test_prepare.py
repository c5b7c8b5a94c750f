"""`manage.py prepare`: static files are collected once, and again only when one of them has changed."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def site(settings, tmp_path, db):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "page.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return tmp_path


def prepared():
    said = StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


def test_it_collects_only_what_has_changed(site):
    assert "Collecting" in prepared()
    assert (site / "static" / "page.css").exists()
    assert "Collecting" not in prepared()
    (site / "source" / "page.css").write_text("a { color: blue }")
    assert "Collecting" in prepared()
