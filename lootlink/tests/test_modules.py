from pathlib import Path

from django.conf import settings

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
    assert script("js/title.js") == '<script type="module" fetchpriority="low" src="/static/js/title.js"></script>'
    assert script("js/counters.js").startswith('<link rel="modulepreload" fetchpriority="low" href="/static/js/title.js"><script')
