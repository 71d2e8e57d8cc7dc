"""A service's refusal, shown at the fields it is about."""

from collections.abc import Mapping

from django import forms

from booking_site.common.errors import Refusal


def show_refusal(
    form: forms.BaseForm, refusal: Refusal, *, names: Mapping[str, str] | None = None
) -> None:
    """``names`` says which field of the form stands for which field of the service."""
    shown = False
    for field, reasons in refusal.errors.items():
        name = (names or {}).get(field, field)
        form.add_error(name if name in form.fields else None, list(reasons))
        shown = True
    if not shown:
        form.add_error(None, str(refusal))
