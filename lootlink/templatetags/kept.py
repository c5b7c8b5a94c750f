"""`{% kept card=card eager=eager %}…{% endkept %}`: a piece of a page that is drawn once for the same values.

Inside, these values are all there is, so that nothing can be shown that the key does not know.
"""

import threading
from collections import OrderedDict

from django import template
from django.db.models import Model
from django.template.base import token_kwargs
from django.utils.functional import LazyObject, empty
from django.utils.translation import get_language

register = template.Library()

MOST = 2_000  # pieces of one place in the templates, the least looked at forgotten first


@register.tag
def kept(parser, token):
    values = token_kwargs(token.split_contents()[1:], parser)
    if not values:
        raise template.TemplateSyntaxError("{% kept %} needs the values that it shows: name=value.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, nodelist)


class Kept(template.Node):
    def __init__(self, values, nodelist):
        self.values, self.nodelist = values, nodelist
        self.pieces: OrderedDict[tuple, str] = OrderedDict()
        self.lock = threading.Lock()

    def render(self, context):
        values = {name: _itself(value.resolve(context)) for name, value in self.values.items()}
        if any(isinstance(value, Model) for value in values.values()):
            raise TypeError("A row equals itself whatever it says: give {% kept %} what is shown of it.")
        key = (get_language(), *values.values())
        with self.lock:
            if key in self.pieces:
                self.pieces.move_to_end(key)
                return self.pieces[key]
        drawn = self.nodelist.render(context.new(values))
        with self.lock:
            self.pieces[key] = drawn
            while len(self.pieces) > MOST:
                self.pieces.popitem(last=False)
        return drawn


def _itself(value):
    """A lazy value would keep all that it was made from, such as a request."""
    if not isinstance(value, LazyObject):
        return value
    if value._wrapped is empty:
        value._setup()
    return value._wrapped
