"""Words of a text as the search compares them, the vocabulary of titles, and the index of words that only SQLite needs."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.db import connection
from snowballstemmer import stemmer

TABLE, VOCABULARY = "listings_words", "listings_word"
HEADING = "#"  # no word has it
LENGTHS = (3, 30)  # letters of a word that the vocabulary keeps
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile("[а-я]")
# Words that say nothing of the goods; PostgreSQL passes over them too.
_PASSED_OVER = {
    *("а", "без", "бы", "в", "во", "вы", "да", "для", "до", "ее", "если", "же", "за", "и", "из", "или", "им", "их", "к", "как"),
    *("ко", "ли", "мне", "мой", "мы", "на", "над", "не", "нет", "ни", "но", "о", "об", "он", "она", "они", "от", "по", "под"),
    *("при", "с", "со", "так", "там", "то", "тоже", "только", "тот", "ты", "у", "уже", "чтобы", "что", "это", "эта", "этот", "я"),
    *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "not", "of", "on", "or", "that", "the"),
    *("this", "to", "was", "with", "you", "your"),
}
# A stemmer keeps the word it is working on.
_stemming = threading.Lock()
_russian, _english = stemmer("russian"), stemmer("english")


def words(text: str) -> list[str]:
    """In their order: lower case, ё as е, without marks between them."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower().replace("ё", "е"))


def sought(query: str) -> list[str]:
    """The words of a query that count: all of them where nothing else is left."""
    asked = words(query)
    return [word for word in asked if word not in _PASSED_OVER] or asked


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """«мечами» → «меч», so that every form of a word finds every other."""
    with _stemming:
        return (_russian if _CYRILLIC.search(word) else _english).stemWord(word)


def stems(text: str) -> str:
    return " ".join(stem(word) for word in words(text))


def headings(title: str) -> str:
    """The stems of a title, each under the mark by which it is known for one of a title."""
    return " ".join(f"{HEADING}{stem(word)}" for word in words(title))


def index(pk: int, title: str, description: str) -> None:
    """Keep the words of one listing findable."""
    index_all([(pk, title, description)])


def index_all(rows: Iterable[tuple[int, str, str]]) -> None:
    """Of many: (id, title, description)."""
    rows = list(rows)
    # In their order: two that write the same words at once must not wait for each other.
    known = sorted({word for _pk, title, _description in rows for word in words(title) if is_known(word)})
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {VOCABULARY} (text) VALUES (%s) ON CONFLICT DO NOTHING",  # noqa: S608
            [(word,) for word in known],
        )
        if connection.vendor == "sqlite":
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TABLE} (rowid, heading, terms) VALUES (%s, %s, %s)",  # noqa: S608
                [(pk, headings(title), stems(f"{title} {description}")) for pk, title, description in rows],
            )


def is_known(word: str) -> bool:
    """Whether the vocabulary keeps it: a word by which people know a thing, not a number of it."""
    return LENGTHS[0] <= len(word) <= LENGTHS[1] and word.isalpha() and word not in _PASSED_OVER
