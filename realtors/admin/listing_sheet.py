"""Listings as a file."""

import json

from django.utils.translation import gettext_lazy as _

from booking_site.common.admin.sheets.columns import Column, Sheet, joined
from realtors.models import Listing


def tags_of(listing: Listing) -> str:
    return joined(listing.tags)


def particulars_of(listing: Listing) -> str:
    return json.dumps(listing.attributes, ensure_ascii=False) if listing.attributes else ""


class ListingSheet(Sheet):
    store = Column(_("Store"), "store__slug")
    realtor = Column(_("Realtor"), "realtor__name")
    kind = Column(_("Kind"), "kind")
    title = Column(_("Title"), "title")
    description = Column(_("Description"), "description")
    category = Column(_("Category"), "category__slug")
    price = Column(_("Price"), "price")
    price_unit = Column(_("Price for"), "price_unit")
    currency = Column(_("Currency"), "currency")
    duration_minutes = Column(_("Minutes"), "duration_minutes")
    capacity = Column(_("Capacity"), "capacity")
    tags = Column(_("Tags"), told=tags_of)
    attributes = Column(_("Particulars"), told=particulars_of)
    status = Column(_("Status"), "status")
    rating = Column(_("Rating"), "rating")
    review_count = Column(_("Number of reviews"), "review_count")
