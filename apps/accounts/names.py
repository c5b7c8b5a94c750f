"""Names of traders: which are allowed, and the key under which two names count as the same."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

RESERVED = {
    *("admin", "administrator", "root", "support", "moderator", "moder", "operator", "staff", "system", "lootlink", "help"),
    *("security", "info", "owner", "official", "anonymous", "guest", "deleted", "null", "undefined", "www", "mail", "api", "bot"),
    *("админ", "администратор", "администрация", "модератор", "модер", "оператор", "поддержка", "техподдержка", "система"),
    *("лутлинк", "безопасность", "помощь", "владелец", "аноним", "гость", "бот"),
}
LENGTH = (3, 30)
KEY_LENGTH = 60
# Latin up to the phonetic letters, which look like others, and Cyrillic.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u0481\u048a-\u052f"
_ALLOWED = re.compile(f"[{_LETTER}0-9_.-]{{{LENGTH[0]},{LENGTH[1]}}}")
# Letters that look like those of another script: «аdmin» must not pass for «admin».
_TWINS = str.maketrans("авеёкмнорстухһіӏјѕѵԁԛԝıȷ", "abeekmhopctyxhiljsvdqwij")


def key(username: str) -> str:
    """Two names with one key can't coexist, whatever their case, form of writing or script."""
    return unicodedata.normalize("NFKC", username).casefold().translate(_TWINS)


def email_key(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().casefold()


_RESERVED_KEYS = {key(name) for name in RESERVED}


def is_possible(username: str) -> bool:
    """Whether a trader could be called so."""
    return _ALLOWED.fullmatch(username) is not None


def validate(username: str) -> None:
    """Raises ValidationError: 3 to 30 letters of one script, digits, `_`, `-`, `.`; none that is reserved."""
    if not is_possible(username) or len(key(username)) > KEY_LENGTH:
        raise ValidationError(_("От 3 до 30 знаков: буквы, цифры, точка, дефис и подчёркивание."), code="invalid")
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in username if letter.isalpha()}
    if len(scripts) > 1:
        raise ValidationError(_("Буквы имени должны быть одного алфавита: латиница или кириллица."), code="mixed")
    if re.sub("[_.-]", "", key(username)) in _RESERVED_KEYS:
        raise ValidationError(_("Это имя занято сайтом, выберите другое."), code="reserved")
