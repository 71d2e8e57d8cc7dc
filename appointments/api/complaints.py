"""What services find wrong with fields, said of the fields as a family of calls names them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from booking_site.common.errors import Refusal

COURSE = {
    "store": "institutionId",
    "realtor": "teacherId",
    "duration_minutes": "duration",
    "needs_approval": "needsApproval",
    "deposit_percent": "depositPercent",
    # Each is looked at alone before; what may still be wrong are the two ages together.
    "attributes": "ageFrom",
}
BOARDING = {
    "title": "name",
    "store": "store_id",
    "realtor": "sitter_id",
    "latitude": "lat",
    "longitude": "lng",
    # Each is looked at alone before.
    "attributes": "species",
}
ORDER = {
    "store_id": "serviceId",
    "listing_id": "serviceId",
    "realtor_id": "serviceId",
    "amount": "totalAmount",
    "address": "customerAddress",
    "duration_minutes": "durationMinutes",
    "start_time": "scheduledTime",
    "next_free_starts": "nextFreeStarts",
}
# In the appointment family.
OF_AN_ORDER = {"amount": "total_amount"}
SLOT = {
    "starts_at": "startTime",
    "starts": "startTime",
    "duration_minutes": "duration",
    "price_modifier": "priceModifier",
    "first_date": "dateFrom",
    "last_date": "dateTo",
}


@contextmanager
def said_of(names: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        refusal.errors = {names.get(name, name): told for name, told in refusal.errors.items()}
        raise
