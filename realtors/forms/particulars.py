"""The particulars of a kind of listing as fields of a form."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from booking_site.common.lines import LineFormField
from realtors.listing_rules import ATTRIBUTES, LONGEST_ATTRIBUTE, Attribute

# What is not plain from the label.
HINTS = {
    "house": {
        "area": _("In square metres, as the papers say."),
        "district": _("As people there call it."),
        "floor": _("0 is on the ground, -1 below it."),
    },
    "boarding": {
        "species": _("None chosen: you take any animal."),
        "sizes": _("By the weight of dogs and cats. None chosen: any size."),
        "vaccination_needed": _("A pet must be vaccinated until its check-out."),
        "check_in_hour": _("From 0 to 23, by your clock. Empty: 14."),
        "check_out_hour": _("From 0 to 23, by your clock. Empty: 12."),
    },
    "service": {
        "radius_km": _(
            "From where this is offered, as the crow flies. Empty: not said, and not asked."
        ),
    },
}
# Before the names of fields, so that none of them hides another one.
PREFIX = "own_"


def field_of(kind: str) -> Iterator[tuple[str, forms.Field]]:
    """Name and field of each, in the order of the kind."""
    for one in ATTRIBUTES[kind]:
        field = _field(one)
        field.help_text = HINTS.get(kind, {}).get(one.name, "")
        yield f"{PREFIX}{one.name}", field


def _field(one: Attribute) -> forms.Field:
    common: dict[str, Any] = {"label": capfirst(one.label), "required": False}
    quiet = {"autocomplete": "off"}
    if one.type == "flag":
        return forms.BooleanField(**common)
    if one.type == "choice":
        return forms.ChoiceField(choices=[("", "–"), *one.choices], **common)
    if one.type == "choices":
        return forms.MultipleChoiceField(
            choices=one.choices, widget=forms.CheckboxSelectMultiple, **common
        )
    if one.type == "text":
        widget = forms.TextInput(attrs=quiet)
        return LineFormField(max_length=LONGEST_ATTRIBUTE, widget=widget, **common)
    bounds: dict[str, Any] = {"min_value": one.lowest, "max_value": one.highest}
    if one.type == "int":
        widget = forms.TextInput(attrs=quiet | {"inputmode": "numeric"})
        return forms.IntegerField(widget=widget, **bounds, **common)
    widget = forms.TextInput(attrs=quiet | {"inputmode": "decimal"})
    return forms.DecimalField(widget=widget, decimal_places=2, **bounds, **common)


def particulars_from(told: dict[str, Any]) -> dict[str, Any]:
    """As a listing keeps them: nothing of what was left out."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in told.items()
        if value not in (None, "", [], False)
    }


def told_as(kind: str, name: str, value: Any) -> Any:
    """In a field: numbers without a needless point."""
    return f"{value:g}" if isinstance(value, float) else value
