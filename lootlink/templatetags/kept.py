"""`{% kept card=card eager=eager %}…{% endkept %}`: a piece of a page that is drawn once for the same values.

Inside, these values are all there is, so that nothing can be shown that the key does not know. What is another at each
visit follows `but`, as in `{% kept user=name but csrf_token=csrf_token %}`: it may be shown there, and nothing be asked of it.
"""

import secrets
import threading
from collections import OrderedDict

from django import template
from django.db.models import Model
from django.template.base import token_kwargs
from django.utils.functional import LazyObject, empty
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST = 1_000_000  # characters of one place in the templates, the least looked at forgotten first


@register.tag
def kept(parser, token):
    words = token.split_contents()[1:]
    place = words.index("but") if "but" in words else len(words)
    values = token_kwargs(words[:place], parser)
    if not values:
        raise template.TemplateSyntaxError("{% kept %} needs the values that it shows: name=value.")
    visit = token_kwargs(words[place + 1 :], parser)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, visit, nodelist)


class Kept(template.Node):
    def __init__(self, values, visit, nodelist):
        self.values, self.visit, self.nodelist = values, visit, nodelist
        # What stands in a piece for the values of a visit; nobody can write it into one.
        self.marks = {name: mark_safe(secrets.token_hex(16)) for name in visit}  # noqa: S308
        self.pieces: OrderedDict[tuple, str] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def render(self, context):
        piece = self._piece(context)
        for name, mark in self.marks.items():
            piece = piece.replace(mark, escape(self.visit[name].resolve(context)))
        return mark_safe(piece) if self.marks else piece  # noqa: S308

    def _piece(self, context) -> str:
        values = {name: _itself(value.resolve(context)) for name, value in self.values.items()}
        if any(isinstance(value, Model) for value in values.values()):
            raise TypeError("A row equals itself whatever it says: give {% kept %} what is shown of it.")
        key = (get_language(), *values.values())
        with self.lock:
            if key in self.pieces:
                self.pieces.move_to_end(key)
                return self.pieces[key]
        drawn = self.nodelist.render(context.new(values | self.marks))
        with self.lock:
            self.size += len(drawn) - len(self.pieces.get(key, ""))
            self.pieces[key] = drawn
            while self.size > MOST:
                self.size -= len(self.pieces.popitem(last=False)[1])
        return drawn


def _itself(value):
    """A lazy value would keep all that it was made from, such as a request."""
    if not isinstance(value, LazyObject):
        return value
    if value._wrapped is empty:
        value._setup()
    return value._wrapped
