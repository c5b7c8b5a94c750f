"""Russian and English: every sentence is in both catalogues that should have it, and the page follows its reader."""

import ast
import re
from gettext import GNUTranslations, NullTranslations

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils.translation.template import templatize

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
MARKED = re.compile(rf"\b(?:_|n?gettext)\(({LITERAL})(?:, ({LITERAL}), count)?\)")
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)(?:msgid_plural ((?:".*"\n)+))?((?:msgstr(?:\[\d\])? (?:".*"\n?)+)+)', re.MULTILINE)
# How the switch of languages names the other one: in itself.
ITSELF = '"language" value="ru" lang="ru">Русский<'


def templates():
    return [path for path in (settings.BASE_DIR / "templates").rglob("*.*") if path.suffix in {".html", ".txt"}]


def said_in_templates():
    for path in templates():
        for one, many in MARKED.findall(templatize(path.read_text())):
            yield (ast.literal_eval(one), many and ast.literal_eval(many))


def said_in_code():
    for app in ("apps", "consumers", "lootlink"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "tests" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                    assert words, f"{path}:{node.lineno} translates what is not written there"
                    yield (words[0], words[1] if len(words) > 1 else "")


SAID = {*said_in_templates(), *said_in_code()}


class Untranslated(NullTranslations):
    def gettext(self, message):
        return ""

    def ngettext(self, one, many, n):
        return ""


def folder(language):
    return settings.BASE_DIR / "locale" / language / "LC_MESSAGES"


def compiled(language):
    with (folder(language) / "django.mo").open("rb") as file:
        catalogue = GNUTranslations(file)
    catalogue.add_fallback(Untranslated())
    return catalogue


def written(language):
    """(one, many, the forms) of every entry of the source but its head."""
    for one, many, forms in ENTRY.findall((folder(language) / "django.po").read_text()):
        texts = [
            "".join(map(ast.literal_eval, re.findall(r'".*"', form)))
            for form in re.split("^msgstr", forms, flags=re.MULTILINE)[1:]
        ]
        one, many = ("".join(map(ast.literal_eval, part.splitlines())) for part in (one, many))
        if one:
            yield one, many, texts


def forms(catalogue, one, many, numbers):
    return [catalogue.ngettext(one, many, n) for n in numbers] if many else [catalogue.gettext(one)]


def test_sentences_are_found_where_they_are_written():
    assert ("Хочу купить", "") in SAID
    assert ("%(n)s отзыв", "%(n)s отзывов") in SAID
    assert ("Слишком часто.", "") in SAID
    assert len(SAID) > 300


def test_english_has_every_sentence():
    english = compiled("en")
    missing = [each for each in SAID if not all(forms(english, *each, (1, 2)))]
    assert not missing


def test_english_is_english_with_the_same_places_to_fill():
    english = compiled("en")
    for one, many in SAID:
        for text in forms(english, one, many, (1, 2)):
            assert not CYRILLIC.search(text), one
            assert set(PLACE.findall(text)) == set(PLACE.findall(one)), one


def test_russian_has_three_forms_of_all_that_is_counted():
    russian = compiled("ru")
    missing = [(one, many) for one, many in SAID if many and not all(forms(russian, one, many, (1, 2, 5)))]
    assert not missing


@pytest.mark.parametrize(("language", "numbers"), [("ru", (1, 2, 5)), ("en", (1, 2))])
def test_a_catalogue_is_compiled_from_its_source_and_has_nothing_that_nobody_says(language, numbers):
    catalogue, entries = compiled(language), list(written(language))
    assert entries
    for one, many, texts in entries:
        assert forms(catalogue, one, many, numbers) == texts
    assert {(one, many) for one, many, _texts in entries} <= SAID


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_says_nothing_that_is_not_marked(path):
    inside = False
    for token in Lexer(path.read_text().replace(ITSELF, "")).tokenize():
        if token.token_type is TokenType.BLOCK and "blocktranslate" in token.contents:
            inside = not token.contents.startswith("end")
        elif token.token_type is TokenType.TEXT:
            assert inside or not CYRILLIC.search(token.contents), token.lineno
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            bare = re.sub(rf"_\({LITERAL}\)", "", token.contents)
            assert bare.startswith("translate ") or not CYRILLIC.search(bare), token.lineno


def test_scripts_and_styles_leave_words_to_templates():
    for path in [*(settings.BASE_DIR / "static").rglob("*.js"), *(settings.BASE_DIR / "static").rglob("*.css")]:
        assert not CYRILLIC.search(path.read_text()), path


@pytest.mark.parametrize(
    ("wished", "language"),
    [("", "ru"), ("de", "ru"), ("ru", "ru"), ("en", "en"), ("en-US,en;q=0.9,ru;q=0.8", "en"), ("de,en", "en")],
)
def test_a_page_is_in_the_language_that_its_reader_wishes(db, client, wished, language):
    page = client.get("/accounts/login/", headers={"accept-language": wished} if wished else {})
    assert f'<html lang="{language}"' in page.text
    assert ("Пароль" in page.text) is (language == "ru")
    assert "Accept-Language" in page.headers["Vary"]


def test_the_switch_is_remembered_and_stays_on_the_page(db, client):
    here = "/?search=sword&sort=price"
    page = client.get(here)
    assert f'name="next" value="{here.replace("&", "&amp;")}"' in page.text
    answer = client.post("/language/", {"language": "en", "next": here})
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] > 60 * 60 * 24 * 300
    assert '<html lang="en"' in client.get(here, headers={"accept-language": "ru"}).text


def test_the_switch_leads_nowhere_else(db, client):
    answer = client.post("/language/", {"language": "en", "next": "https://example.com/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("sent", [{"origin": "http://testserver"}, {"origin": "null", "sec-fetch-site": "same-origin"}])
def test_the_switch_is_taken_from_a_page_of_the_site_without_a_token(db, sent):
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}, headers=sent)
    assert (answer.status_code, answer.cookies[settings.LANGUAGE_COOKIE_NAME].value) == (302, "en")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"origin": "null"},
        {"origin": "http://testserver:8000"},
        {"origin": "https://testserver"},
        {"origin": "http://example.com", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"referer": "http://testserver/"},
    ],
)
def test_the_switch_is_not_taken_from_anywhere_else(db, sent):
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}, headers=sent)
    assert answer.status_code == 403
    assert not answer.cookies.get(settings.LANGUAGE_COOKIE_NAME)


@pytest.mark.parametrize("path", ["/", "/?search=меч", "/game/{game}/", "/listing/{listing}/"])
def test_pages_that_guests_share_have_nothing_of_anybody(db, listing, path):
    """A proxy keeps them: whoever asks gets what another was given."""
    path = path.format(game=listing.game.slug, listing=listing.pk)
    first, second = Client(), Client()
    second.get("/accounts/login/")
    pages = [client.get(path) for client in (first, second)]
    assert [page.status_code for page in pages] == [200, 200]
    assert "csrfmiddlewaretoken" not in pages[0].text
    assert not any(page.cookies for page in pages)
    assert pages[0].content == pages[1].content


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_failure_speaks_the_language_of_its_reader(db, client, monkeypatch, language):
    client.raise_request_exception = False

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("apps.listings.models.Game.stocks", fail)
    page = client.get("/", headers={"accept-language": language})
    assert page.status_code == 500
    assert f'<html lang="{language}"' in page.text
    assert bool(CYRILLIC.search(page.text)) is (language == "ru")
