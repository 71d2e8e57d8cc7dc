"""What letters say of a stay: nights of pets in a boarding place."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import StayPet
from appointments.presenters import times
from appointments.presenters.stay_words import dates_in_short, names_of, with_species
from notifications.presenters.dues import DueFacts
from notifications.presenters.facts import address, place_of


@dataclass(frozen=True)
class StayFacts(DueFacts):
    @property
    def place(self) -> str:
        return self.listing

    @property
    def sitter(self) -> str:
        return self.realtor

    @cached_property
    def rows_of_pets(self) -> list[StayPet]:
        return list(self.appointment.stay_pets.all())

    @property
    def pets(self) -> str:
        """``Doubao, Mimi``."""
        return names_of(self.appointment)

    @property
    def pets_in_full(self) -> str:
        """``Doubao (cat), Heidou (dog)``."""
        return with_species(self.rows_of_pets)

    @property
    def what(self) -> str:
        """``Tao's home, March 3–March 5, 2 nights``."""
        return _("%(place)s, %(dates)s") % {"place": self.place, "dates": self.dates}

    @property
    def brought(self) -> str:
        """From when on, by the place's clock."""
        return self._with_zone(self.spoken(self.appointment.starts_at))

    @property
    def fetched(self) -> str:
        return self._with_zone(self.spoken(self.appointment.ends_at))

    @property
    def dates_before(self) -> str:
        """Of as many nights, before they were moved."""
        zone = self.appointment.store.zone
        first = self.previous_start.astimezone(zone).date()
        last = first + timedelta(days=self.appointment.nights)
        return dates_in_short(first, last, self.today)

    @property
    def needs_vaccination(self) -> bool:
        listing = self.appointment.listing
        return bool(listing and listing.attributes.get("vaccination_needed"))

    @property
    def where(self) -> str:
        """Its own address, where it has one."""
        listing = self.appointment.listing
        own = listing.address if listing else ""
        return own or place_of(self.appointment.store, listing)

    @property
    def place_page(self) -> str:
        """With the map, and the nights that are free."""
        return address(listing_path(self.appointment.listing_id))

    def _with_zone(self, text: str) -> str:
        note = times.zone_note(self.appointment.store)
        return f"{text} ({note})" if note else text


def listing_path(listing_id: int | None) -> str:
    return reverse("site:listing", args=[listing_id]) if listing_id else "/"
