"""`{% kept card=card eager=eager %}…{% endkept %}`: a piece of a page that is drawn once for the same values.

Inside, these values are all there is, so that nothing can be shown that the key does not know. What is another at each
visit follows `but`, as in `{% kept user=name but csrf_token=csrf_token %}`: it may be shown there, and nothing be asked of it.
`as avatar` at the end draws nothing here: the piece is the value of that name.
"""

import re
import secrets
import threading
from collections import OrderedDict

from django import template
from django.db.models import Model
from django.template.base import token_kwargs
from django.utils.functional import LazyObject, empty
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST = 1_000_000  # characters of one place in the templates, the least looked at forgotten first


@register.tag
def kept(parser, token):
    words = token.split_contents()[1:]
    name = ""
    if words[-2:-1] == ["as"]:
        *words, _as, name = words
    place = words.index("but") if "but" in words else len(words)
    values = token_kwargs(words[:place], parser)
    if not values:
        raise template.TemplateSyntaxError("{% kept %} needs the values that it shows: name=value.")
    visit = token_kwargs(words[place + 1 :], parser)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, visit, nodelist, name)


class Key:
    """The values of a piece. What they hash to is found once: of a list of cards it costs more than all the rest of a look."""

    __slots__ = ("hash", "values")

    def __init__(self, values: tuple):
        self.values, self.hash = values, hash(values)

    def __eq__(self, other):
        return self.values == other.values

    def __hash__(self):
        return self.hash


class Kept(template.Node):
    # No block of a page lies in a piece: what looks for them at every visit need not look here.
    child_nodelists = ()

    def __init__(self, values, visit, nodelist, name):
        self.values, self.visit, self.nodelist, self.name = values, visit, nodelist, name
        # What stands in a piece for the values of a visit; nobody can write it into one.
        self.marks = {name: mark_safe(secrets.token_hex(16)) for name in visit}  # noqa: S308
        self.cut = re.compile(f"({'|'.join(self.marks.values())})") if visit else None
        # Each as what lies between the marks, and the marks.
        self.pieces: OrderedDict[Key, list[str]] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def render(self, context):
        piece = self._piece(context)
        if not self.name:
            return piece
        context[self.name] = piece
        return ""

    def _piece(self, context):
        parts = self._parts(context)
        if not self.marks:
            return parts[0]
        visit = {mark: conditional_escape(self.visit[name].resolve(context)) for name, mark in self.marks.items()}
        return mark_safe("".join([visit.get(part, part) for part in parts]))  # noqa: S308

    def _parts(self, context) -> list[str]:
        values = {name: _itself(value.resolve(context)) for name, value in self.values.items()}
        key = Key((get_language(), *values.values()))
        with self.lock:
            if parts := self.pieces.get(key):
                self.pieces.move_to_end(key)
                return parts
        if any(isinstance(value, Model) for value in values.values()):
            raise TypeError("A row equals itself whatever it says: give {% kept %} what is shown of it.")
        drawn = self.nodelist.render(context.new(values | self.marks))
        parts = self.cut.split(drawn) if self.cut else [drawn]
        with self.lock:
            self.size += _length(parts) - _length(self.pieces.get(key, ()))
            self.pieces[key] = parts
            while self.size > MOST:
                self.size -= _length(self.pieces.popitem(last=False)[1])
        return parts


def _length(parts) -> int:
    return sum(map(len, parts))


def _itself(value):
    """A lazy value would keep all that it was made from, such as a request."""
    if not isinstance(value, LazyObject):
        return value
    if value._wrapped is empty:
        value._setup()
    return value._wrapped
