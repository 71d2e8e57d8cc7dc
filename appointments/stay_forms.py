"""What people type about nights: from when to when, for how many, and which of their pets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Pet
from appointments.errors import TooFarAhead
from appointments.forms import DetailsForm, KindForm
from appointments.models import Verdict
from appointments.selectors.stay_dates import Nights
from appointments.services.stay_checks import FURTHEST, MOST_NIGHTS
from appointments.services.stays import MOST_PETS
from booking_site.common.lines import TextFormField


def _day(label: Any) -> forms.DateField:
    complaint = {"invalid": gettext_lazy("Please choose a day of the calendar.")}
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages=complaint,
    )


class NightsForm(forms.Form):
    """It stands in the address. ``today``: by the clock of where it is looked for."""

    check_in = _day(pgettext_lazy("of pets", "Check-in"))
    check_out = _day(gettext_lazy("Check-out"))
    pets = forms.IntegerField(
        label=gettext_lazy("Pets"),
        required=False,
        min_value=1,
        max_value=MOST_PETS,
    )

    def __init__(self, asked: Mapping[str, str], *, today: date, both: bool = True) -> None:
        """``both``: one date alone says nothing."""
        names = ("check_in", "check_out", "pets")
        said = {name: asked[name] for name in names if asked.get(name)}
        super().__init__({"pets": "1"} | said)
        self.today, self.both, self.was_asked = today, both, bool(said)

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = facts.get("check_in"), facts.get("check_out")
        if since is not None and since < self.today:
            self.add_error("check_in", _("That day is over."))
        elif max(since or self.today, until or self.today) > self.today + FURTHEST:
            self.add_error("check_in", TooFarAhead.message)
        elif since is not None and until is not None and until <= since:
            self.add_error("check_out", _("It must be after the check-in."))
        elif since is not None and until is not None and (until - since).days > MOST_NIGHTS:
            message = _("At most %(count)s nights at a time.") % {"count": MOST_NIGHTS}
            self.add_error("check_out", message)
        elif until is not None and since is None and not self.errors:
            self.add_error("check_in", _("Please say from which day on."))
        elif self.both and since is not None and until is None and not self.errors:
            self.add_error("check_out", _("Please say until which day."))
        return facts

    @property
    def begins(self) -> date | None:
        """The check-in, chosen alone or with its check-out."""
        return self.cleaned_data.get("check_in") if self.is_valid() else None

    @property
    def how_many(self) -> int:
        return (self.cleaned_data.get("pets") if self.is_valid() else None) or 1

    @property
    def nights(self) -> Nights | None:
        """None where nobody has said both dates, or they cannot be meant."""
        if not self.is_valid():
            return None
        since, until = self.cleaned_data["check_in"], self.cleaned_data["check_out"]
        return Nights(since, until, self.how_many) if since and until else None


class StayForm(DetailsForm):
    """Which pets, and how to reach who brings them. ``problems``: by pet, why it cannot stay."""

    field_order = ("pets", "requirements", "name", "phone", "email")

    pets = forms.MultipleChoiceField(
        label=gettext_lazy("Which pets?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Please say which pets are to stay."),
            "invalid_choice": gettext_lazy("This is not a pet of yours."),
        },
    )

    def __init__(self, *args: Any, pets: Sequence[Pet], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["requirements"].label = _("A note for the sitter")
        self.fields["requirements"].help_text = _("What they eat, what they are afraid of.")
        field: Any = self.fields["pets"]
        field.choices = [(str(pet.pk), pet.name) for pet in pets]
        self.known = {str(pet.pk): pet for pet in pets}

    @property
    def chosen(self) -> list[Pet]:
        """As ticked, right or wrong."""
        ticked = self["pets"].value() or []
        return [self.known[one] for one in ticked if one in self.known]


class FeedbackForm(KindForm):
    """What a customer tells their host of the house they have seen."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What do you think of it?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the three.")},
    )
    note = TextFormField(
        label=gettext_lazy("A note to your host"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Only your host and their store read it."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
