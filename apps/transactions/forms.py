"""What people type about a deal: a word to the seller, a review."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.chat import drafts

from .models import Review


class TextField(forms.CharField):
    """Free words under the same rules as a message, or none; `limit` in characters after line ends are made one."""

    def __init__(self, *, limit, rows=4, **kwargs):
        self.limit = limit
        widget = forms.Textarea(attrs={"class": "input", "rows": rows, "maxlength": limit})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return ""
        try:
            text = drafts.clean(text)
        except drafts.Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if len(text) > self.limit:
            raise forms.ValidationError(_("Слишком длинно: не больше %(limit)s знаков."), params={"limit": self.limit})
        return text


class RequestForm(forms.Form):
    message = TextField(
        label=_("Сообщение продавцу"),
        limit=settings.MESSAGE_LENGTH,
        help_text=_("Когда вам удобно, на каком вы сервере. С этих слов начнётся беседа."),
    )


class ReviewForm(forms.Form):
    rating = forms.TypedChoiceField(
        label=_("Оценка"),
        choices=[(str(mark), str(mark)) for mark in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Поставьте оценку."), "invalid_choice": _("Оценка от 1 до 5.")},
    )
    comment = TextField(label=_("Комментарий"), limit=Review._meta.get_field("comment").max_length)
