"""What a trader wants to say or has read, and why it may be refused."""

import re
import unicodedata
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Zero-width and other marks that show nothing: alone they are not a message.
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)


class Draft(NamedTuple):
    """`ref` is the author's own name for this message, 1 to 64 characters, or None; content as clean() gives it."""

    conversation_id: int
    author_id: int
    content: str
    ref: str | None = None
    kind: str = "text"


class Reading(NamedTuple):
    """The reader has seen everything up to this message."""

    conversation_id: int
    reader_id: int
    message_id: int


class Refusal(Exception):
    """Why a message was not written: `code` for programs, the sentence for people."""

    code = "invalid"
    sentence = _("Сообщение не отправлено.")

    def __str__(self):
        return str(self.sentence)


class Invalid(Refusal):
    def __init__(self, sentence):
        self.sentence = sentence


class Forbidden(Refusal):
    """Not a participant, or no such conversation: the two look alike."""

    code = "forbidden"
    sentence = _("Эта беседа вам недоступна.")


class Blocked(Refusal):
    code = "blocked"
    sentence = _("Писать в эту беседу нельзя: один из участников заблокирован.")


class RefReused(Refusal):
    code = "ref_reused"
    sentence = _("Это сообщение уже отправлено с другим текстом. Проверьте и отправьте ещё раз.")


# Told in the reader's language, which is not known here: % alone would speak the default one.
_too_long = lazy(lambda limit: gettext("Слишком длинно: не больше %(limit)s знаков.") % {"limit": limit}, str)


def clean(content: str) -> str:
    """The text as it is kept: NFC, line ends as \\n. Raises Invalid when it is empty, too long or holds control characters."""
    text = unicodedata.normalize("NFC", content.replace("\r\n", "\n").replace("\r", "\n"))
    if not _UNSEEN.sub("", text):
        raise Invalid(_("Напишите что-нибудь."))
    if len(text) > settings.MESSAGE_LENGTH:
        raise Invalid(_too_long(settings.MESSAGE_LENGTH))
    if _CONTROL.search(text):
        raise Invalid(_("В тексте есть знаки, которые нельзя отправить."))
    return text
