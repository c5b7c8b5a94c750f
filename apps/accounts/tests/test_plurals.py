"""Russian counts in three forms: 1 отзыв, 2 отзыва, 5 отзывов."""

import re

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.template import templatize

CATALOGUE = settings.BASE_DIR / "locale" / "ru" / "LC_MESSAGES" / "django.po"
COUNTED = re.compile(r"ngettext\(u'(.+?)', u'(.+?)', count\)", re.DOTALL)
PARTS = ("msgid", "msgid_plural", r"msgstr\[0\]", r"msgstr\[1\]", r"msgstr\[2\]")
ENTRY = re.compile("\n".join(f'{part} "(.+)"' for part in PARTS))


def counted():
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        yield from COUNTED.findall(templatize(path.read_text()))


def test_all_that_is_counted_has_its_three_forms():
    phrases = set(counted())
    assert phrases
    text = CATALOGUE.read_text()
    missing = [pair for pair in phrases if 'msgid "{}"\nmsgid_plural "{}"\n'.format(*pair) not in text]
    assert not missing


def test_the_compiled_catalogue_is_that_of_the_source():
    text = CATALOGUE.read_text()
    with translation.override("ru"):
        for entry in ENTRY.findall(text):
            assert tuple(ngettext(*entry[:2], n) for n in (1, 2, 5)) == entry[2:]
            assert [ngettext(*entry[:2], n) for n in (21, 104, 11)] == list(entry[2:])
