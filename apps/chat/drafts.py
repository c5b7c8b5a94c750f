"""What a trader wants to say or has read, and why it may be refused."""

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import text


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
    """The text as it is kept, in its normal form. Raises Invalid when it is empty, too long or holds control characters."""
    content = text.normal(content)
    if not text.is_seen(content):
        raise Invalid(_("Напишите что-нибудь."))
    if len(content) > settings.MESSAGE_LENGTH:
        raise Invalid(_too_long(settings.MESSAGE_LENGTH))
    if text.CONTROL.search(content):
        raise Invalid(_("В тексте есть знаки, которые нельзя отправить."))
    return content
