"""Pieces that are drawn once for the same values."""

import pytest
from django.template import Context, RequestContext, TemplateSyntaxError, engines
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from lootlink.templatetags.kept import Kept


def template(text):
    return engines["django"].engine.from_string(text)


class Counted:
    def __init__(self):
        self.times = 0

    def __str__(self):
        self.times += 1
        return "drawn"


def test_a_piece_is_drawn_once_for_the_same_values():
    page, word = template("{% kept word=word n=n %}{{ word }} {{ n }}{% endkept %}"), Counted()
    assert [page.render(Context({"word": word, "n": n})) for n in (1, 2, 1, 1)] == ["drawn 1", "drawn 2", "drawn 1", "drawn 1"]
    assert word.times == 2


def test_inside_there_is_nothing_but_the_values():
    page = template("{% kept word=word %}{{ word }}{{ user }}{% endkept %}{{ user }}")
    assert page.render(Context({"word": "<b>", "user": "alice"})) == "&lt;b&gt;alice"


def test_each_language_has_its_own():
    page = template('{% kept n=n %}{% translate "Меню" %}{% endkept %}')
    with translation.override("ru"):
        assert page.render(Context({"n": 1})) == "Меню"
    with translation.override("en"):
        assert page.render(Context({"n": 1})) == "Menu"


def test_the_one_looked_at_longest_ago_is_forgotten(monkeypatch):
    monkeypatch.setattr("lootlink.templatetags.kept.MOST", 2 * len("drawn"))
    page, word = template("{% kept word=word n=n %}{{ word }}{% endkept %}"), Counted()
    for n in (1, 2, 1, 3, 1, 2):
        page.render(Context({"word": word, "n": n}))
    assert word.times == 4


def test_a_row_is_refused_since_it_equals_itself_whatever_it_says(alice):
    with pytest.raises(TypeError):
        template("{% kept user=user %}{{ user.username }}{% endkept %}").render(Context({"user": alice}))


def test_what_is_another_at_each_visit_is_put_into_the_piece():
    page, word = template("{% kept word=word but path=path %}{{ word }} {{ path }}{% endkept %}"), Counted()
    assert [page.render(Context({"word": word, "path": path})) for path in ("/a", "/?b&<i>", "/a")] == [
        "drawn /a",
        "drawn /?b&amp;&lt;i&gt;",
        "drawn /a",
    ]
    assert word.times == 1


def test_no_token_is_kept(rf):
    page = template("{% kept n=n but csrf_token=csrf_token %}{% csrf_token %}{% endkept %}")
    drawn = [page.render(RequestContext(rf.get("/"), {"n": 1})) for _ in range(2)]
    assert "csrfmiddlewaretoken" in drawn[0]
    assert drawn[0] != drawn[1]


def test_a_piece_can_be_shown_in_another_one():
    inner = "{% kept face=face as avatar %}<i>{{ face }}</i>{% endkept %}"
    page, face = template(inner + "{% kept n=n but avatar=avatar %}{{ n }}: {{ avatar }}{% endkept %}"), Counted()
    assert [page.render(Context({"face": face, "n": n})) for n in (1, 2)] == ["1: <i>drawn</i>", "2: <i>drawn</i>"]
    assert face.times == 1


def test_a_piece_of_nothing_is_refused():
    with pytest.raises(TemplateSyntaxError):
        template("{% kept %}{% endkept %}")


def test_a_lazy_value_is_kept_as_what_it_is():
    page, asked = template("{% kept n=n %}{{ n }}{% endkept %}"), []
    lazy = SimpleLazyObject(lambda: asked.append(1) or 7)
    assert page.render(Context({"n": lazy})) == page.render(Context({"n": 7})) == "7"
    [piece] = page.nodelist.get_nodes_by_type(Kept)[0].pieces
    assert type(piece.values[1]) is int
    assert asked == [1]
