"""Coming in: registering and logging in."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import names
from ..models import CustomUser
from .fields import PasswordField, line

EMAIL_LENGTH = 254


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("Имя пользователя или эл. почта"), max_length=EMAIL_LENGTH, widget=line("username", autocapitalize="none")
    )
    password = PasswordField(label=_("Пароль"), autocomplete="current-password")


class RegistrationForm(forms.Form):
    username = forms.CharField(
        label=_("Имя пользователя"),
        help_text=_("От 3 до 30 знаков: буквы одного алфавита, цифры, точка, дефис и подчёркивание."),
        max_length=names.LENGTH[1],
        validators=[names.validate],
        widget=line("username", autocapitalize="none"),
    )
    email = forms.EmailField(
        label=_("Эл. почта"),
        help_text=_("Никому не показываем. На неё придёт ссылка, если забудете пароль."),
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )
    password1 = PasswordField(
        label=_("Пароль"), help_text=_("Не короче 8 знаков, лучше 10 и больше."), autocomplete="new-password"
    )
    password2 = PasswordField(label=_("Пароль ещё раз"), autocomplete="new-password")

    def clean_username(self):
        username = self.cleaned_data["username"]
        if CustomUser.objects.filter(username_key=names.key(username)).exists():
            raise ValidationError(_("Это имя уже занято."), code="taken")
        return username

    def clean_email(self):
        email = self.cleaned_data["email"]
        key = names.email_key(email)
        if len(key) > EMAIL_LENGTH:
            raise ValidationError(_("Слишком длинный адрес."), code="max_length")
        if CustomUser.objects.filter(email_key=key).exists():
            raise ValidationError(_("Эта почта уже занята."), code="taken")
        return email

    def clean(self):
        given = self.cleaned_data
        password = given.get("password1")
        if password is None or given.get("password2") is None:
            return
        if password != given["password2"]:
            self.add_error("password2", _("Пароли не совпадают."))
        try:
            validate_password(password, CustomUser(username=given.get("username", ""), email=given.get("email", "")))
        except ValidationError as error:
            self.add_error("password1", error)

    def save(self) -> CustomUser:
        """Raises IntegrityError when another took the name or the address just now."""
        user = CustomUser(username=self.cleaned_data["username"], email=self.cleaned_data["email"])
        user.set_password(self.cleaned_data["password1"])
        user.save()
        return user
