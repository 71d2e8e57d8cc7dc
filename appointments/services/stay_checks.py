"""What must be so before pets may stay somewhere: the dates, the animals, their vaccination."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import Pet
from accounts.rules import animal_of
from appointments import errors
from appointments.selectors.nights import first_night, last_check_out
from booking_site.common.errors import Invalid
from realtors.models import Listing
from stores.rules import Policy

MOST_NIGHTS = 90
# No policy lets anybody book further ahead, and calendars end.
FURTHEST = timedelta(days=3660)
# Up to so many kilograms; what is heavier is large.
SIZES_KG = ((10, "small"), (25, "medium"))


def require_dates(
    listing: Listing, policy: Policy, check_in: date, check_out: date, *, at: datetime
) -> None:
    """Raises Invalid, TooSoon, TooFarAhead."""
    if check_out <= check_in:
        raise Invalid(errors={"check_out": [_("It must be after the check-in.")]})
    if (check_out - check_in).days > MOST_NIGHTS:
        message = _("At most %(count)s nights at a time.") % {"count": MOST_NIGHTS}
        raise Invalid(errors={"check_out": [message]})
    if check_in < first_night(listing, policy, at):
        raise errors.TooSoon
    if check_out > last_check_out(listing, policy, at):
        raise errors.TooFarAhead


def require_fitting(listing: Listing, pets: Sequence[Pet], check_out: date) -> None:
    """Whether this place takes these pets. Raises Invalid, with a sentence for each that it does
    not, and VaccinationExpired."""
    problems = [problem for pet in pets if (problem := _why_not(listing, pet))]
    if problems:
        raise Invalid(errors={"pet_ids": problems})
    if listing.attributes.get("vaccination_needed"):
        late = [
            _("%(pet)s: vaccinated until %(date)s.")
            % {"pet": pet.name, "date": pet.vaccinated_until}
            if pet.vaccinated_until
            else _("%(pet)s: no vaccination is written down.") % {"pet": pet.name}
            for pet in pets
            if pet.vaccinated_until is None or pet.vaccinated_until < check_out
        ]
        if late:
            raise errors.VaccinationExpired(errors={"pet_ids": late})


def size_of(pet: Pet) -> str:
    """``small``, ``medium`` or ``large`` by its weight; empty when that is not known."""
    if pet.weight_kg is None:
        return ""
    return next((size for most, size in SIZES_KG if pet.weight_kg <= most), "large")


def _why_not(listing: Listing, pet: Pet) -> str:
    species = listing.attributes.get("species")
    if species and animal_of(pet.species) not in species:
        return _("%(pet)s: this place does not take such animals.") % {"pet": pet.name}
    sizes = listing.attributes.get("sizes")
    # Of birds nobody asks the size.
    if sizes and animal_of(pet.species) in ("dog", "cat"):
        size = size_of(pet)
        if not size:
            return _("%(pet)s: please write down the weight; not every size is taken here.") % {
                "pet": pet.name
            }
        if size not in sizes:
            return _("%(pet)s: this place does not take pets of that size.") % {"pet": pet.name}
    return ""
