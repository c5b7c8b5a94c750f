import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.chat.models import Conversation
from lootlink.modules import imports, script


def test_every_layer_of_imports_once():
    found = imports("js/talk.js")
    assert {"js/talk-composer.js", "js/outbox.js", "js/live.js", "js/retry.js"} <= set(found)
    assert len(found) == len(set(found))
    assert "js/talk.js" not in found


def test_none_is_missed():
    """Whatever a script names in quotes with a dot before it is one it imports."""
    for path in Path(settings.BASE_DIR, "static/js").glob("*.js"):
        named = {line.split('"./')[1].split('"')[0] for line in path.read_text().splitlines() if '"./' in line}
        assert {f"js/{name}" for name in named} <= set(imports(f"js/{path.name}")) | {f"js/{path.name}"}


def test_the_tags():
    assert script("js/title.js", set()) == '<script type="module" fetchpriority="low" src="/static/js/title.js"></script>'
    hint = '<link rel="modulepreload" fetchpriority="low" href="/static/js/title.js"><script'
    named = set()
    assert script("js/counters.js", named).startswith(hint)
    assert script("js/counters.js", named).startswith("<script")


@pytest.mark.django_db
def test_a_page_asks_for_each_script_once(client_of, listing, alice, bob):
    talk = Conversation.between(listing, bob.pk, alice.pk)
    for path in ("/", f"/chat/conversation/{talk.pk}/"):
        asked = re.findall(r'<link rel="modulepreload"[^>]* href="([^"]+)"', client_of(alice).get(path).text)
        assert "/static/js/words.js" in asked
        assert len(asked) == len(set(asked))
