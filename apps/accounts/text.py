"""What people type: kept in one form, without signs that nobody can see."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# All but white space, the Braille blank and what Unicode tells everybody to ignore: joiners, marks of direction, fillers, tags.
_SEEN = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def normal(text: str) -> str:
    """NFC, line ends as \\n."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return _SEEN.search(text) is not None


def clean(text: str) -> str:
    """In its normal form, "" when nothing of it can be seen. Raises ValidationError for control characters."""
    text = normal(text).strip()
    if CONTROL.search(text):
        raise ValidationError(_("В тексте есть знаки, которые нельзя сохранить."), code="control")
    return text if is_seen(text) else ""


def clean_line(text: str) -> str:
    """The same, on one line."""
    return re.sub(r"\s+", " ", clean(text))
