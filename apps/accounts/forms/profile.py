"""What a trader tells of themselves; all of it optional."""

import re

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.listings import photos

from .. import text
from ..models import CustomUser, Profile
from .fields import line

NAME_LENGTH = 60
_telegram = RegexValidator(
    r"\A[A-Za-z][A-Za-z0-9_]{4,31}\Z", _("Имя в Telegram: от 5 до 32 латинских букв, цифр и подчёркиваний, первая — буква.")
)
_discord = RegexValidator(
    r"\A[a-z0-9_.]{2,32}\Z", _("Имя в Discord: от 2 до 32 строчных латинских букв, цифр, точек и подчёркиваний.")
)


class ProfileForm(forms.Form):
    avatar = forms.FileField(
        label=_("Аватар"),
        help_text=_("JPEG, PNG или WebP до 8 МБ."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    avatar_clear = forms.BooleanField(label=_("Убрать аватар"), required=False)
    first_name = forms.CharField(
        label=_("Имя"), help_text=_("Видно всем."), required=False, max_length=NAME_LENGTH, widget=line("given-name")
    )
    last_name = forms.CharField(
        label=_("Фамилия"), help_text=_("Видна только вам."), required=False, max_length=NAME_LENGTH, widget=line("family-name")
    )
    bio = forms.CharField(
        label=_("О себе"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 5, "maxlength": 1000}),
    )
    phone = forms.CharField(
        label=_("Телефон"),
        help_text=_("Телефон, Telegram и Discord видят только вы и другая сторона принятой сделки."),
        required=False,
        max_length=40,
        widget=line("tel", inputmode="tel", placeholder="+7 916 123-45-67"),
    )
    telegram = forms.CharField(label="Telegram", required=False, max_length=64, widget=line("off", autocapitalize="none"))
    discord = forms.CharField(label="Discord", required=False, max_length=64, widget=line("off", autocapitalize="none"))

    def __init__(self, user: CustomUser, *args, **kwargs):
        self.user = user
        profile = user.profile
        shown = {name: getattr(profile, name) for name in ("bio", "phone", "telegram", "discord")}
        super().__init__(*args, initial={**shown, "first_name": user.first_name, "last_name": user.last_name}, **kwargs)
        if not profile.avatar:
            del self.fields["avatar_clear"]

    def clean_first_name(self):
        return _short(text.clean_line(self.cleaned_data["first_name"]))

    def clean_last_name(self):
        return _short(text.clean_line(self.cleaned_data["last_name"]))

    def clean_bio(self):
        return _short(text.clean(self.cleaned_data["bio"]), Profile._meta.get_field("bio").max_length)

    def clean_phone(self):
        typed = text.clean_line(self.cleaned_data["phone"])
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "RU")
        except phonenumbers.NumberParseException as error:
            raise _not_a_phone() from error
        if not phonenumbers.is_valid_number(number) or number.extension:
            raise _not_a_phone()
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def clean_telegram(self):
        typed = text.clean_line(self.cleaned_data["telegram"])
        name = re.sub(r"\A(?:(?:https?://)?t\.me/|@)", "", typed)
        if name:
            _telegram(name)
        return name

    def clean_discord(self):
        name = text.clean_line(self.cleaned_data["discord"]).removeprefix("@")
        if name:
            _discord(name)
        return name

    def clean(self):
        """The picture last, and only with a good form: what is stored for a bad one would lie about."""
        self.stored = ""
        if self.cleaned_data.get("avatar") and not self.errors:
            try:
                self.stored = photos.store(self.cleaned_data["avatar"], "avatars")
            except ValidationError as error:
                self.add_error("avatar", error)

    def save(self) -> None:
        """Writes user and profile together; the old picture goes when that has been committed."""
        given = self.cleaned_data
        with transaction.atomic():
            profile = Profile.objects.select_for_update(no_key=True).get(user=self.user)
            old = profile.avatar
            if self.stored or given.get("avatar_clear"):
                profile.avatar = self.stored
            for name in ("bio", "phone", "telegram", "discord"):
                setattr(profile, name, given[name])
            profile.save(update_fields=["avatar", "bio", "phone", "telegram", "discord"])
            self.user.first_name, self.user.last_name = given["first_name"], given["last_name"]
            self.user.save(update_fields=["first_name", "last_name"])
            if old and old != profile.avatar:
                transaction.on_commit(lambda: photos.delete(old), robust=True)


def _short(cleaned: str, limit: int = NAME_LENGTH) -> str:
    """As it is kept: cleaning makes one letter of some scripts into three."""
    if len(cleaned) > limit:
        raise ValidationError(_("Слишком длинно: не больше %(n)d знаков."), code="max_length", params={"n": limit})
    return cleaned


def _not_a_phone() -> ValidationError:
    return ValidationError(_("Не похоже на номер телефона. Например: +7 916 123-45-67."), code="invalid")
