"""Form fields of people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Invalid
from booking_site.common.phones import normalise_phone


class PhoneFormField(forms.CharField):
    """However people write it; cleaned to E.164."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Phone"))
        options.setdefault("max_length", 32)
        options.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normalise_phone(text)
        except Invalid as refusal:
            raise ValidationError(refusal.errors["phone"]) from refusal
