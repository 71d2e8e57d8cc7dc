"""Those whom a customer books for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking_site.common.lines import LineFormField, TextFormField


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


def _line(label: Any, longest: int, **options: Any) -> LineFormField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    empty = {"required": _("Please fill this in.")}
    return LineFormField(
        label=label, max_length=longest, widget=widget, error_messages=empty, **options
    )


def _notes(hint: Any) -> TextFormField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return TextFormField(
        label=_("Notes"), required=False, max_length=500, help_text=hint, widget=widget
    )


class ChildForm(forms.Form):
    name = _line(_("Name"), 50)
    birth_date = _day(_("Date of birth"))
    notes = _notes(_("What whoever takes care of them should know."))


class PetForm(forms.Form):
    name = _line(_("Name"), 50)
    species = _line(_("Species"), 30, help_text=_("Dog, cat, rabbit …"))
    breed = _line(_("Breed"), 50, required=False)
    birth_date = _day(_("Date of birth"))
    weight_kg = forms.DecimalField(
        label=_("Weight in kg"),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
    )
    vaccinated_until = _day(_("Vaccinated until"))
    notes = _notes(_("What whoever takes care of them should know."))
