"""A script with all that it imports asked for at once: else a browser learns of each layer only from the one above it."""

import re
from functools import cache, lru_cache
from pathlib import PurePosixPath

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

IMPORT = re.compile(r'(?:\bfrom|^import) "\./([^"]+)"', re.MULTILINE)


def script(name, named):
    """The tags for the module `name`, a static file. What the eye needs goes before it.

    `named` is what the page asks for already, and grows: nothing is named twice.
    """
    tags = _tags(name, static(name), frozenset(named))
    named.update(imports(name))
    return tags


@lru_cache(200)
def _tags(name, address, named):
    """The address of a module is another when that of one of its imports is."""
    hint = '<link rel="modulepreload" fetchpriority="low" href="{}">'
    hints = format_html_join("", hint, ((static(each),) for each in imports(name) if each not in named))
    return format_html('{}<script type="module" fetchpriority="low" src="{}"></script>', hints, address)


@cache
def imports(name):
    """What `name` imports, directly or not, nearest first."""
    found, waiting = [name], [name]
    while waiting:
        each = PurePosixPath(waiting.pop(0))
        with open(finders.find(str(each)), encoding="utf-8") as source:
            new = [path for path in (str(each.with_name(near)) for near in IMPORT.findall(source.read())) if path not in found]
        found += new
        waiting += new
    return found[1:]
