"""What people type into their profile: kept in one form, without signs that nobody can see."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# White space, and all that takes no room: joiners, marks of direction, fillers.
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
)


def clean(text: str) -> str:
    """NFC, line ends as \\n, "" when nothing of it can be seen. Raises ValidationError for control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _CONTROL.search(text):
        raise ValidationError(_("В тексте есть знаки, которые нельзя сохранить."), code="control")
    return text if _UNSEEN.sub("", text) else ""


def clean_line(text: str) -> str:
    """The same, on one line."""
    return re.sub(r"\s+", " ", clean(text))
