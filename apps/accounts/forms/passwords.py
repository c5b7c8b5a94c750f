"""Another password: for who knows the old one, and for who has forgotten it."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .entry import EMAIL_LENGTH
from .fields import PasswordField


class NewPasswordForm(forms.Form):
    new_password1 = PasswordField(
        label=_("Новый пароль"), help_text=_("Не короче 8 знаков, лучше 10 и больше."), autocomplete="new-password"
    )
    new_password2 = PasswordField(label=_("Новый пароль ещё раз"), autocomplete="new-password")

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        password, again = self.cleaned_data.get("new_password1"), self.cleaned_data.get("new_password2")
        if password is None or again is None:
            return
        if password != again:
            self.add_error("new_password2", _("Пароли не совпадают."))
        try:
            validate_password(password, self.user)
        except ValidationError as error:
            self.add_error("new_password1", error)


class PasswordChangeForm(NewPasswordForm):
    old_password = PasswordField(label=_("Нынешний пароль"), autocomplete="current-password")
    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise ValidationError(_("Это не ваш нынешний пароль."), code="wrong")
        return old


class ResetForm(forms.Form):
    email = forms.EmailField(
        label=_("Эл. почта"),
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )
