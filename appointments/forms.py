"""What customers type when they book, look up, cancel and move."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneFormField
from accounts.models import Child
from appointments.models import RealtorReason
from booking_site.common.lines import LineFormField, TextFormField

# The code in the address of an appointment's page.
OF_A_PAGE = re.compile(r"/appointments/([0-9]{6})(?:[/?#]|$)")


class DigitsField(forms.CharField):
    """So many digits, however they were typed: with spaces, dashes, or full-width."""

    def __init__(self, *, count: int, complaint: Any, longest: int = 32, **options: Any) -> None:
        self.count, self.complaint = count, complaint
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=longest, **options)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value))
        digits = "".join(sign for sign in text if not sign.isspace() and sign not in "-–·")
        if not digits and not self.required:
            return ""
        if not (digits.isascii() and digits.isdigit() and len(digits) == self.count):
            raise ValidationError(self.complaint, code="digits")
        return digits


def code_field(**options: Any) -> DigitsField:
    return DigitsField(
        label=_("Booking code"),
        count=6,
        complaint=_("A booking code has six digits."),
        error_messages={"required": _("Please type the six digits of your code.")},
        **options,
    )


def last_four_field(**options: Any) -> DigitsField:
    return DigitsField(
        label=_("Last four digits of your phone"),
        count=4,
        complaint=_("Please give four digits."),
        error_messages={"required": _("Please type the last four digits of your phone.")},
        **options,
    )


class KindForm(forms.Form):
    """Shown again with errors, it puts the cursor where the first one is."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        for one in self.fields.values():
            one.widget.attrs.pop("autofocus", None)
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True


class DetailsForm(KindForm):
    """Who comes. The phone is cleaned to E.164."""

    name = LineFormField(
        label=_("Your name"),
        max_length=50,
        error_messages={"required": _("Please say who comes.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneFormField(
        label=_("Your phone"),
        error_messages={"required": _("Please give a number at which the store can reach you.")},
        help_text=_("Your last four digits open the booking later, together with its code."),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    requirements = TextFormField(
        label=_("Your wishes"),
        required=False,
        max_length=1000,
        help_text=_("What it is about, and what we should prepare."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


# For whom a seat is, beside the ids of children.
MYSELF, ANOTHER = "me", "new"
OF_AGE = 18


class SeatForm(DetailsForm):
    """For whom, and how to reach who books. ``whom`` is MYSELF, a child's id, or ANOTHER child,
    whose name is asked for then."""

    field_order = ("whom", "child_name", "name", "phone", "email", "requirements")

    whom = forms.ChoiceField(
        label=_("For whom?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say for whom it is.")},
    )
    child_name = LineFormField(
        label=_("The child's name"),
        required=False,
        max_length=50,
        help_text=_("Kept with your account, so that you need not type it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, children: Sequence[Child], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["requirements"].label = _("A note for the teacher")
        self.fields["requirements"].help_text = ""
        another = _("Another child") if children else _("My child")
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (MYSELF, _("Myself")),
            *((str(child.pk), child.name) for child in children),
            (ANOTHER, another),
        ]

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("whom") == ANOTHER and not facts.get("child_name"):
            self.add_error("child_name", _("Please say what the child is called."))
        return facts


def likely(age_to: int | None, children: Sequence[Child]) -> str:
    """``whom``, to begin with, of a course for people up to an age."""
    if age_to is None or age_to >= OF_AGE:
        return MYSELF
    return str(children[0].pk) if children else ANOTHER


class TrackForm(KindForm):
    """Both together open a booking; the code alone shows only where it stands."""

    code = code_field()
    digits = last_four_field(required=False)


class ProofForm(KindForm):
    digits = last_four_field()


class ReasonForm(KindForm):
    """A reason with one press, words of one's own, or both."""

    why = forms.ChoiceField(
        label=_("Why not?"),
        required=False,
        choices=RealtorReason.choices,
        widget=forms.RadioSelect,
    )
    reason = LineFormField(
        label=_("In your own words"),
        required=False,
        max_length=160,
        help_text=_("The store reads it, and so does the customer if it is cancelled."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    @property
    def stored(self) -> str:
        """As services keep it; see RealtorReason. Only after ``is_valid``."""
        code, words = self.cleaned_data["why"], self.cleaned_data["reason"]
        return f"{code}: {words}" if code and words else code or words


class DeclineForm(ReasonForm):
    """Why a realtor does not take what was put before them."""


class CallOffForm(ReasonForm):
    """Why a realtor cannot keep what they have promised; the customer is owed a reason."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].label = _("Why?")
        self.fields["reason"].help_text = _("The customer and the store read it.")

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.stored:
            self.add_error("why", _("Please say why; the customer is told."))
        return facts


class NoteForm(KindForm):
    note = TextFormField(
        label=_("Your note"),
        required=False,
        max_length=1000,
        help_text=_("You and the store read it, the customer never does."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    # The note that stood there when this one was begun.
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())


class CancelForm(KindForm):
    reason = LineFormField(
        label=_("Why?"),
        required=False,
        max_length=200,
        help_text=_("The store reads it; you need not say anything."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class WalkInForm(KindForm):
    """Somebody at the desk who joins the live line: two fields, ten seconds."""

    name = LineFormField(
        label=_("Name"),
        max_length=50,
        error_messages={"required": _("Please ask for the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneFormField(
        label=_("Phone"),
        error_messages={"required": _("Please ask for the phone number.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


class ScannedCodeField(DigitsField):
    """A code as people say it, or the whole address that a scanner types from its QR code."""

    def clean(self, value: Any) -> str:
        found = OF_A_PAGE.search(str(value or ""))
        return super().clean(found[1] if found else value)


class CheckInForm(KindForm):
    code = ScannedCodeField(
        label=_("Booking code"),
        count=6,
        complaint=_("A booking code has six digits."),
        longest=300,
        error_messages={"required": _("Please type or scan the code.")},
        help_text=_("Type it, or scan the QR code on the customer's telephone."),
    )
