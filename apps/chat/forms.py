"""What a trader types into a talk."""

import secrets

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import drafts


class MessageForm(forms.Form):
    """`ref` makes sending safe to repeat; every drawing of the form carries a fresh one."""

    content = forms.CharField(
        label=_("Сообщение"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "class": "composer__input",
                "rows": 1,
                "placeholder": _("Сообщение"),
                # No maxlength: a browser would cut the end off what is pasted, and say nothing.
                "data-limit": settings.MESSAGE_LENGTH,
                "autocomplete": "off",
                "enterkeyhint": "send",
            }
        ),
    )
    ref = forms.CharField(required=False, strip=False, max_length=64, widget=forms.HiddenInput)

    def clean_content(self):
        try:
            return drafts.clean(self.cleaned_data["content"])
        except drafts.Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_ref(self):
        return self.cleaned_data["ref"] or None

    @staticmethod
    def fresh_ref() -> str:
        return secrets.token_hex(16)
