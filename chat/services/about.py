"""What two people talk about, and whether it is between them."""

from dataclasses import dataclass

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.errors import NotFound
from chat.rules import about_appointment, about_listing
from realtors.models import Listing


@dataclass(frozen=True)
class About:
    """An appointment says more than the listing it was booked through."""

    appointment: Appointment | None
    listing: Listing | None

    @property
    def key(self) -> str:
        if self.appointment is not None:
            return about_appointment(self.appointment.pk)
        return about_listing(self.listing.pk) if self.listing else ""

    @property
    def store_id(self) -> int | None:
        one = self.appointment or self.listing
        return one.store_id if one else None

    @property
    def listing_id(self) -> int | None:
        if self.listing is not None:
            return self.listing.pk
        return self.appointment.listing_id if self.appointment else None

    def require_between(self, user: User, other: User) -> None:
        """Raises NotFound, by field."""
        if self.appointment is not None:
            _require_between(self.appointment, user, other)
        if self.listing is not None:
            _require_offered(self.listing, user, other)


def _require_between(appointment: Appointment, user: User, other: User) -> None:
    realtor = appointment.realtor
    sides = {appointment.user_id, realtor.user_id if realtor else None}
    if sides != {user.pk, other.pk}:
        raise NotFound(errors={"orderId": [str(NotFound.message)]})


def _require_offered(listing: Listing, user: User, other: User) -> None:
    """By one of the two; of a listing that is nobody's in particular by anybody who works there."""
    people = (getattr(user, "realtor", None), getattr(other, "realtor", None))
    there = [one for one in people if one is not None and one.store_id == listing.store_id]
    if listing.realtor_id is not None:
        there = [one for one in there if one.pk == listing.realtor_id]
    if not there:
        raise NotFound(errors={"serviceId": [str(NotFound.message)]})
