"""Where something is, typed by hand or by the browser."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NOT_A_PLACE = {"invalid": _("Please give degrees such as 30.2489.")}


def degrees(most: int, label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=-most,
        max_value=most,
        max_digits=9,
        decimal_places=6,
        error_messages=NOT_A_PLACE,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
