"""The part of the list of boarding places that asks from when to when, and for how many."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from appointments.stay_forms import NightsForm
from booking_site.site.finding import stays
from booking_site.site.finding.listings import ListingSearch, found_by
from booking_site.site.presenters import stays as shown
from realtors.models import Listing, ListingKind, ListingQuerySet


@dataclass
class Searching:
    """A list of a kind, and of boarding places the nights that somebody looks for."""

    search: ListingSearch
    at: datetime
    form: NightsForm | None = None
    places: stays.Places | None = None

    def rows(self) -> ListingQuerySet:
        nights = self.search.nights
        if nights is None:
            return found_by(self.search)
        self.places = stays.places_for(self.search, nights.pets)
        return stays.with_room(self.search, self.places, nights, at=self.at)

    def priced(self, cards: list[dict[str, Any]], rows: list[Listing]) -> list[dict[str, Any]]:
        nights = self.search.nights
        return cards if nights is None else shown.with_totals(cards, rows, nights)

    def told(self, *, is_empty: bool) -> dict[str, Any]:
        """For site/_nights.html, and what to say where nothing has room."""
        nights = self.search.nights
        context: dict[str, Any] = {
            "nights_form": self.form,
            "kept_for_nights": self.search.parts_without("check_in", "check_out", "pets"),
            "without_nights": self.search.but(nights=None),
        }
        if nights is not None and is_empty and self.places is not None:
            today = timezone.localdate(self.at)
            found = stays.nearest(self.places, nights, at=self.at)
            context["no_room"] = True
            context["other_dates"] = shown.other_dates(self.search, found, nights, today)
        return context


def searching(request: HttpRequest, search: ListingSearch, at: datetime) -> Searching:
    if search.kind != ListingKind.BOARDING:
        return Searching(search, at)
    form = NightsForm(request.GET.dict(), today=timezone.localdate(at))
    return Searching(replace(search, nights=form.nights), at, form)
