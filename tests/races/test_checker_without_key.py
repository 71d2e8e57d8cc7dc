"""The checker of the races reports what only the key on claims keeps from happening."""

import pytest

from appointments.models import Claim
from tests.appointments.places import book_stay, pet_of
from tests.appointments.world import TUESDAY, register

from .checker import faults
from .test_checker_of_nights import LATER, THURSDAY, Home, units


@pytest.mark.django_db(transaction=True)
def test_it_notices_two_owners_of_a_unit(no_unique_key):
    home, other = Home(), register("Qiang")
    pet_of(other, "Huang")
    theirs = book_stay(home.place, other, TUESDAY, THURSDAY)

    Claim.objects.filter(pk__in=[one.pk for one in units(theirs)]).update(unit=0)

    assert any("has 2 owners in a night" in fault for fault in faults(LATER)), faults(LATER)
