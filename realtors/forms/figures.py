"""A whole number that is typed, and may be left empty."""

from typing import Any

from django import forms


def figure(label: Any, most: int, **options: Any) -> forms.IntegerField:
    """From 0 to ``most``."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **options,
    )
