"""What a provider says of something they offer: the same for every kind, and the particulars of
its kind as fields of their own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from booking_site.common.lines import LineFormField, TextFormField
from realtors.models import Listing, ListingKind, PriceUnit
from stores.models import Category

from .cursor import CursorForm
from .fee_steps import fee_fields, fee_rows, fees_as_typed, fees_from, half_typed
from .figures import figure
from .particulars import PREFIX, field_of, particulars_from, told_as
from .places import degrees

UNITS = {
    ListingKind.HOUSE: PriceUnit.MONTH,
    ListingKind.COURSE: PriceUnit.SESSION,
    ListingKind.BOARDING: PriceUnit.NIGHT,
    ListingKind.SERVICE: PriceUnit.VISIT,
}
# Where several may come at once.
SHARED = (ListingKind.COURSE, ListingKind.BOARDING)
# What says nothing of a kind. A course is paid for by the place in a session, boarding by the
# night, and neither in any other way; pets take nobody's minutes; and seeing a house costs nothing.
LEFT_OUT = {
    ListingKind.HOUSE: ("price_unit", "deposit_percent"),
    ListingKind.COURSE: ("price_unit",),
    ListingKind.BOARDING: (
        "price_unit",
        "duration_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
    ),
    ListingKind.SERVICE: (),
}
# Of some fields a kind has more to say than all others.
WORDS: dict[str, dict[str, tuple[Any, Any]]] = {
    ListingKind.HOUSE: {
        "price": (_("Rent a month"), _("Seeing it costs nothing.")),
        "duration_minutes": (
            _("Minutes a viewing takes"),
            _("In steps of five. Empty: as the store says."),
        ),
        "address": (
            _("Address"),
            _("Where customers come to. Ways between houses are reckoned by the map."),
        ),
        "needs_approval": (
            _("I confirm each viewing"),
            _("Otherwise whoever books a free time of yours may come."),
        ),
    },
    ListingKind.BOARDING: {
        "price": (
            _("Price a night and pet"),
            _("0: free of charge. A new price concerns bookings to come."),
        ),
        "capacity": (_("Pets at a time"), _("Each takes one of so many units, every night.")),
        "needs_approval": (
            _("I confirm each stay"),
            _("Otherwise payment confirms it, or the booking itself where nothing is paid before."),
        ),
        "deposit_percent": (
            _("Paid in advance, in %"),
            _("100: everything. Less is a deposit; the rest is paid when the pet is brought."),
        ),
    },
}
PLAIN = (
    "title",
    "description",
    "category",
    "subcategory",
    "price",
    "price_unit",
    "duration_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "capacity",
    "address",
    "latitude",
    "longitude",
    "needs_approval",
    "deposit_percent",
    "cancel_cutoff_minutes",
    "reschedule_cutoff_minutes",
)


class CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name)


class ListingForm(CursorForm):
    """``listing`` None: a new one of this kind."""

    shown_as: ClassVar = {"tags": "words", "fee_steps": "fee-1-minutes"}

    title = LineFormField(
        label=_("Title"),
        max_length=100,
        help_text=_("What it is, in a line: lists show this."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = TextFormField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    category = CategoryField(
        label=_("Category"), queryset=Category.objects.none(), required=False, empty_label=_("none")
    )
    subcategory = LineFormField(
        label=_("Subcategory"),
        required=False,
        max_length=50,
        help_text=_("More exactly than the category says it, in a word or two."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    price = forms.DecimalField(
        label=_("Price"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("0: free of charge. A new price concerns bookings to come."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    price_unit = forms.ChoiceField(label=_("Price for"), choices=PriceUnit.choices)
    duration_minutes = figure(
        _("Minutes it takes"), 1440, help_text=_("In steps of five. Empty: as the store says.")
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=500,
        help_text=_("Animals at a time."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    words = LineFormField(
        label=_("Tags"),
        required=False,
        max_length=220,
        help_text=_("At most ten short words, with commas between them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    needs_approval = forms.BooleanField(
        label=_("I confirm each booking"),
        required=False,
        help_text=_("Otherwise payment confirms it, or the booking itself where it is free."),
    )
    deposit_percent = forms.IntegerField(
        label=_("Paid in advance, in %"),
        min_value=0,
        max_value=100,
        help_text=_("100: everything. Less is a deposit; the rest is paid on the spot."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    buffer_before_minutes = figure(_("Minutes free before it"), 240)
    buffer_after_minutes = figure(_("Minutes free after it"), 240)
    cancel_cutoff_minutes = figure(_("Cancelled until, minutes before"), 20160)
    reschedule_cutoff_minutes = figure(_("Moved until, minutes before"), 20160)
    address = LineFormField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("Only if it is not at your place."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    latitude = degrees(90, _("Latitude"))
    longitude = degrees(180, _("Longitude"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        listing: Listing | None = None,
    ) -> None:
        super().__init__(data, initial=_as_it_is(kind, listing))
        self.kind = kind
        fees = listing.fee_steps if listing else None
        self.fee_rows = fee_rows(fees)
        self.fields.update(fee_fields(self.fee_rows))
        self.initial.update(fees_as_typed(self.fee_rows, fees))
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.queryset = Category.objects.order_by("position", "pk")
        if kind not in SHARED:
            del self.fields["capacity"]
        for name in LEFT_OUT[ListingKind(kind)]:
            del self.fields[name]
        for name, (label, hint) in WORDS.get(kind, {}).items():
            self.fields[name].label, self.fields[name].help_text = label, hint
        if kind == ListingKind.COURSE:
            self.fields["capacity"].help_text = _("Seats of a session.")
            self.fields["duration_minutes"].required = True
            self.fields["duration_minutes"].help_text = _("In steps of five.")
        self.particulars = []
        for name, field in field_of(kind):
            self.fields[name] = field
            self.particulars.append(name)

    def own_fields(self) -> list[forms.BoundField]:
        """The particulars of the kind."""
        return [self[name] for name in self.particulars]

    def fee_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """What cancelling costs, a step each."""
        return [(self[row.minutes], self[row.percent]) for row in self.fee_rows]

    def has_wrong_fees(self) -> bool:
        return any(name in self.errors for row in self.fee_rows for name in row)

    def clean_words(self) -> list[str]:
        typed = str(self.cleaned_data["words"]).replace("、", ",").replace("，", ",")
        return [one.strip() for one in typed.split(",") if one.strip()]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for name in half_typed(self.fee_rows, facts):
            self.add_error(name, _("A step has both: when it begins, and what it costs."))
        if not {"latitude", "longitude"} & set(self.errors) and (
            (facts.get("latitude") is None) != (facts.get("longitude") is None)
        ):
            raise ValidationError(_("A place has a latitude and a longitude. Give both, or none."))
        return facts

    def facts(self) -> dict[str, Any]:
        """For the services. Only after ``is_valid``."""
        told = self.cleaned_data
        plain = {name: told[name] for name in PLAIN if name in told}
        plain.setdefault("price_unit", UNITS[ListingKind(self.kind)])
        if self.kind == ListingKind.HOUSE:
            plain["deposit_percent"] = 0
        own = {name.removeprefix(PREFIX): told[name] for name in self.particulars}
        return plain | {
            "tags": told["words"],
            "attributes": particulars_from(own),
            "fee_steps": fees_from(self.fee_rows, told),
        }


def _as_it_is(kind: str, listing: Listing | None) -> dict[str, Any]:
    if listing is None:
        return {
            "price_unit": UNITS[ListingKind(kind)],
            "capacity": 8 if kind == ListingKind.COURSE else 1,
            "duration_minutes": 60 if kind == ListingKind.COURSE else None,
            "needs_approval": True,
            "deposit_percent": 0 if kind == ListingKind.HOUSE else 100,
            "price": Decimal(0) if kind == ListingKind.HOUSE else None,
        }
    plain = {name: getattr(listing, name) for name in PLAIN}
    own = {
        f"{PREFIX}{name}": told_as(kind, name, value) for name, value in listing.attributes.items()
    }
    return plain | own | {"words": ", ".join(listing.tags)}
