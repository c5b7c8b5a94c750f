"""Which passwords are refused, beside Django's own rules."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import names

SITE_WORDS = {
    *("lootlink", "loot", "link", "lootlinkru", "mylootlink", "ilovelootlink", "lootlinkpassword", "lootlinkadmin"),
    *("лутлинк", "лут", "линк", "мойлутлинк", "парольлутлинк", "лутлинкпароль", "пароль", "мойпароль"),
    # lootlink and лутлинк with the other layout on
    *("дщщедштл", "kenkbyr", "gfhjkm"),
}


class MaximumLengthValidator:
    """Nothing longer ever reaches the hasher."""

    def __init__(self, max_length: int = 128):
        self.max_length = max_length

    def validate(self, password, user=None):
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self):
        return _("Пароль может быть не длиннее %(n)d знаков.") % {"n": self.max_length}


class SiteWordsValidator:
    """The site's name and the trader's own are what a stranger tries first, with a year or a sign behind them."""

    def validate(self, password, user=None):
        bare = _bare(password)
        own = {_bare(getattr(user, "username", "")), _bare(getattr(user, "email", "").partition("@")[0])} - {""}
        words = {names.key(word) for word in SITE_WORDS} | own | {word * 2 for word in own}
        whole = {names.key(getattr(user, "username", "")), names.key(getattr(user, "email", ""))}
        if bare in words or names.key(password) in whole:
            raise ValidationError(_("Такой пароль легко угадать: он из названия сайта или вашего имени."), code="site_word")

    def get_help_text(self):
        return _("Пароль не должен состоять из названия сайта или вашего имени.")


def _bare(text: str) -> str:
    """Its letters only, folded."""
    return re.sub(r"[\W\d_]", "", names.key(text))
