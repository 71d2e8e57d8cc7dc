"""What a store's page says of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from booking_site.common.history import signed
from booking_site.common.places import Point
from stores.events import StoreHoursChanged
from stores.models import Store
from stores.permissions import require_manager

# What a degree's column keeps: eleven centimetres.
SIGNS = Decimal("0.000001")


@dataclass(frozen=True)
class StoreFacts:
    """``point`` None: nobody has said where it stands. ``phone`` in E.164, or empty."""

    name: str
    city: str
    description: str = ""
    address: str = ""
    phone: str = ""
    point: Point | None = None
    time_zone: str = ""


@transaction.atomic
def describe_store(store: Store, facts: StoreFacts, *, by: Actor, at: datetime) -> Store:
    """Put these facts in place of those before. In another time zone the same hours are other
    moments; what is booked stays at its moment. Raises Forbidden, and Invalid by field."""
    require_manager(by, store)
    row = Store.objects.select_for_update().get(pk=store.pk)
    zone_before = row.time_zone
    for name in ("name", "city", "description", "address", "phone"):
        setattr(row, name, getattr(facts, name))
    row.time_zone = facts.time_zone or zone_before
    row.latitude = _degrees(facts.point.latitude) if facts.point else None
    row.longitude = _degrees(facts.point.longitude) if facts.point else None
    _check(row)
    signed(row, by=by, at=at).save()
    if row.time_zone != zone_before:
        publish(StoreHoursChanged(store_id=row.pk, at=at))
    return row


def _check(row: Store) -> None:
    """By the columns' own rules; who comes to their customers has no address to give."""
    left_out = {"slug"} | {name for name in ("address", "phone") if not getattr(row, name)}
    try:
        row.clean_fields(exclude=left_out)
    except ValidationError as wrong:
        raise Invalid(errors=wrong.message_dict) from wrong


def _degrees(value: float) -> Decimal:
    return Decimal(str(value)).quantize(SIGNS)
