"""Putting a thing on sale, and editing it."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts import text

from . import photos, search
from .models import Listing


class PriceField(forms.DecimalField):
    """Comma or point, with or without spaces and ₽."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "data-price": "", "autocomplete": "off", "placeholder": "1 500"})
    default_error_messages = {"invalid": _("Цена пишется цифрами, например 1 234,50.")}

    def to_python(self, value):
        if value in self.empty_values or not str(value).strip():
            return None
        plain = "".join(str(value).removesuffix("₽").split()).replace(",", ".")
        if not plain.lstrip("+-").replace(".", "", 1).isdecimal():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(plain)

    def prepare_value(self, value):
        return search.written(value) if isinstance(value, Decimal) else value


class PhotoField(forms.FileField):
    """Any file is decoded, whatever its name says; the cleaned value is the picture itself."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    default_error_messages = {"empty": _("Файл пуст.")}

    def clean(self, value, initial=None):
        upload = super().clean(value, initial)
        return photos.opened(upload) if upload else None


class ListingForm(forms.ModelForm):
    """`image` is the decoded picture, or None where an edit keeps the old one."""

    image = PhotoField(
        label=_("Картинка"),
        help_text=_("JPEG, PNG или WebP до 8\u00a0МБ, сторона от 32 до 8\u00a0000\u00a0точек."),
        error_messages={"required": _("Добавьте картинку.")},
    )

    class Meta:
        model = Listing
        fields = ["game", "title", "description", "price"]
        field_classes = {"price": PriceField}
        widgets = {
            "price": PriceField.widget,
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 7}),
        }
        error_messages = {
            "game": {"required": _("Выберите игру."), "invalid_choice": _("Выберите игру из списка.")},
            "title": {"required": _("Назовите предмет.")},
            "description": {"required": _("Опишите предмет.")},
            "price": {"required": _("Укажите цену.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "game" in self.fields:
            self.fields["game"].empty_label = _("Выберите игру")

    def clean_title(self):
        return _seen(text.clean_line(self.cleaned_data["title"]))

    def clean_description(self):
        return _seen(text.clean(self.cleaned_data["description"]))


class EditForm(ListingForm):
    """The game stays: buyers asked about a thing of that game. The status is the deal's while `deal_decides`."""

    class Meta(ListingForm.Meta):
        fields = ["title", "description", "price", "status"]

    def __init__(self, data=None, *args, instance, deal_decides: bool, **kwargs):
        self.keeps_status = data is not None and not data.get("status")
        if self.keeps_status:
            data = data.copy()
            data["status"] = instance.status
        super().__init__(data, *args, instance=instance, **kwargs)
        self.fields["image"].required = False
        if deal_decides:
            self.fields["status"].widget.attrs["disabled"] = True
            self.fields["status"].help_text = _("Пока заявка принята, состояние меняет только сделка.")

    @property
    def wished(self) -> dict:
        """A status that was not sent is not asked for: it may have changed since this page was drawn."""
        return self.cleaned_data | ({"status": None} if self.keeps_status else {})


def _seen(cleaned: str) -> str:
    if not cleaned:
        raise ValidationError(_("Здесь только невидимые знаки. Напишите что-нибудь."), code="required")
    return cleaned
