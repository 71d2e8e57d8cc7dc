"""Stores, special days and categories as files."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from booking_site.common.admin.sheets.columns import Column, Sheet
from stores.models import SpecialDay


class StoreSheet(Sheet):
    slug = Column(_("Short name"), "slug")
    name = Column(_("Name of the store"), "name")
    city = Column(_("City"), "city")
    address = Column(_("Address"), "address")
    phone = Column(_("Phone"), "phone")
    description = Column(_("Description"), "description")
    latitude = Column(_("Latitude"), "latitude")
    longitude = Column(_("Longitude"), "longitude")
    time_zone = Column(_("Time zone"), "time_zone")
    is_active = Column(_("Active"), "is_active")
    rating = Column(_("Rating"), "rating")
    review_count = Column(_("Number of reviews"), "review_count")


def hours_in_words(special: SpecialDay) -> str:
    """As an import reads it; nothing means closed."""
    hours: Any = special.intervals.all()
    return " ".join(f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in hours)


class SpecialDaySheet(Sheet):
    store = Column(_("Store"), "store__slug")
    date = Column(_("Date"), "date")
    hours = Column(pgettext_lazy("store", "Hours"), told=hours_in_words)
    note = Column(_("Reason"), "note")


class CategorySheet(Sheet):
    slug = Column(_("Short name"), "slug")
    name = Column(_("Name of the category"), "name")
    name_en = Column(_("English name"), "name_en")
    position = Column(pgettext_lazy("in a list", "Position"), "position")
