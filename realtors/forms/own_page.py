"""What customers read of a provider, as the provider writes it."""

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneFormField
from booking_site.common.lines import LineFormField, TextFormField
from booking_site.common.places import Point
from realtors.models import Realtor
from stores.models import Category
from stores.services import StoreFacts

from .cursor import CursorForm
from .places import degrees

CONTINENTS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


class SkillsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.shown_name


class OwnPageForm(CursorForm):
    """``runs_store``: whose store has nobody else in it says how and where it is, too; in a store
    with colleagues its manager does, and of themself everybody says only who they are."""

    shown_as: ClassVar = {"name": "store_name", "point": "latitude"}

    bio = TextFormField(
        label=_("About your work"),
        required=False,
        max_length=500,
        help_text=_("What you do, for whom, and what customers should bring or know."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    skills = SkillsField(
        label=_("What you offer"),
        queryset=Category.objects.none(),
        required=False,
        help_text=_("Customers find you by it."),
        widget=forms.CheckboxSelectMultiple,
    )
    store_name = LineFormField(
        label=_("Name of your place"),
        max_length=100,
        help_text=_("Your own name will do."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    description = TextFormField(
        label=_("In a few words"),
        required=False,
        max_length=500,
        help_text=_("It stands below the name."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    phone = PhoneFormField(
        required=False, help_text=_("Everybody can read it, and call you when something comes up.")
    )
    city = LineFormField(
        label=_("City"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = LineFormField(
        label=_("Address"),
        required=False,
        max_length=200,
        help_text=_("Leave it out if you come to your customers."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    latitude = degrees(90, _("Latitude"))
    longitude = degrees(180, _("Longitude"))
    time_zone = forms.ChoiceField(label=_("Time zone"))

    OF_THE_STORE = (
        "store_name",
        "description",
        "phone",
        "city",
        "address",
        "latitude",
        "longitude",
        "time_zone",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, realtor: Realtor, runs_store: bool
    ) -> None:
        super().__init__(data, initial=_as_it_is(realtor, runs_store))
        self.runs_store = runs_store
        if not runs_store:
            for name in ("skills", *self.OF_THE_STORE):
                del self.fields[name]
            return
        skills, zone = self.fields["skills"], self.fields["time_zone"]
        assert isinstance(skills, SkillsField)
        assert isinstance(zone, forms.ChoiceField)
        skills.queryset = Category.objects.order_by("position", "pk")
        zones = sorted({*zone_names(), realtor.store.time_zone})
        zone.choices = [(name, name.replace("_", " ")) for name in zones]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if not self.runs_store or {"latitude", "longitude"} & set(self.errors):
            return facts
        if (facts.get("latitude") is None) != (facts.get("longitude") is None):
            raise ValidationError(_("A place has a latitude and a longitude. Give both, or none."))
        return facts

    def store_facts(self) -> StoreFacts:
        """Only after ``is_valid``, and of whose store it is."""
        told = self.cleaned_data
        point = None
        if told["latitude"] is not None:
            point = Point(float(told["latitude"]), float(told["longitude"]))
        return StoreFacts(
            name=told["store_name"],
            description=told["description"],
            phone=told["phone"],
            city=told["city"],
            address=told["address"],
            point=point,
            time_zone=told["time_zone"],
        )


def zone_names() -> set[str]:
    """Of places only: an abbreviation such as EST knows no summer."""
    return {name for name in available_timezones() if name.partition("/")[0] in CONTINENTS}


def _as_it_is(realtor: Realtor, runs_store: bool) -> dict[str, Any]:
    if not runs_store:
        return {"bio": realtor.bio}
    store = realtor.store
    return {
        "bio": realtor.bio,
        "skills": [category.pk for category in realtor.skills.all()],
        "store_name": store.name,
        "description": store.description,
        "phone": store.phone,
        "city": store.city,
        "address": store.address,
        "latitude": store.latitude,
        "longitude": store.longitude,
        "time_zone": store.time_zone,
    }
