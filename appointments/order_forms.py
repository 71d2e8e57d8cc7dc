"""What people type to order a service, and to call an order off together."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.forms import DetailsForm, KindForm
from appointments.models.order import LONGEST_ADDRESS
from appointments.services.agreeing import LONGEST_REASON
from booking_site.common.lines import LineFormField
from realtors.listing_rules import HIGHEST_PRICE


class OrderForm(DetailsForm):
    """Where to, what is to be done, for how much, and how to reach who orders. ``listed``: the sum
    that the listing asks for; ``has_place``: whether the customer has a place that can go along;
    ``at_providers``: where it is done if they name no address."""

    field_order = ("address", "with_place", "requirements", "amount", "name", "phone", "email")

    address = LineFormField(
        label=gettext_lazy("Where to?"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    with_place = forms.BooleanField(
        label=gettext_lazy("Also give them the place on the map that my account has saved"),
        required=False,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("How much do you offer?"),
        required=False,
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(HIGHEST_PRICE)],
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, listed: str, has_place: bool, at_providers: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["address"].help_text = _("Left empty, you go to theirs.")
        if at_providers:
            told = _("Left empty, you go to theirs: %(address)s.")
            self.fields["address"].help_text = told % {"address": escape(at_providers)}
        self.fields["amount"].help_text = _(
            "They ask for %(price)s. Another amount is a proposal: it binds when they confirm."
        ) % {"price": listed}
        self.fields["requirements"].label = _("Notes")
        self.fields["requirements"].help_text = _("What is to be done, and how to get in.")
        self.fields["name"].error_messages["required"] = _("Please say who orders.")
        self.fields["phone"].help_text = ""
        if not has_place:
            del self.fields["with_place"]


def plain(amount: Decimal) -> str:
    """As somebody types it: ``200``, ``199.50``."""
    return f"{amount:.2f}".removesuffix(".00")


class AgreeForm(KindForm):
    """A word with one side's wish, or with the other side's answer."""

    reason = LineFormField(
        label=gettext_lazy("Your reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The other side reads it."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
