"""Fields that several forms have."""

from django import forms
from django.core.validators import MaxLengthValidator

PASSWORD_LENGTH = 128


class PasswordField(forms.CharField):
    """Never shown back. Without `maxlength`: a browser would cut a pasted password in silence."""

    def __init__(self, *, autocomplete, **kwargs):
        widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, validators=[MaxLengthValidator(PASSWORD_LENGTH)], **kwargs)


def line(autocomplete, **attrs):
    return forms.TextInput(attrs={"class": "input", "autocomplete": autocomplete, **attrs})
