"""What a service refuses, said beside the field it is about."""

from django import forms

from booking_site.common.errors import Refusal


def put_on_form(form: forms.Form, refusal: Refusal) -> None:
    """Of fields that the form has; the rest above it."""
    known = {name: told for name, told in refusal.errors.items() if name in form.fields}
    for name, sentences in known.items():
        for sentence in sentences:
            form.add_error(name, str(sentence))
    if not known:
        form.add_error(None, str(refusal))
