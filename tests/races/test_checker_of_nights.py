"""The checker of the races reports what is wrong with stays, too."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from appointments import services
from appointments.models import Appointment, Claim, StayPet
from appointments.rules import night_cell
from booking_site.common.actors import Actor
from realtors.models import Listing
from tests.appointments.places import (
    boarding,
    book_stay,
    host_of,
    pet_of,
)
from tests.appointments.world import (
    MONDAY,
    NOW,
    TUESDAY,
    acting,
    clock,
    open_store,
    register,
)
from tests.support.sharing import rolled_back_at_last

from .checker import faults
from .lies import change

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
LATER = clock("12:00", TUESDAY)


class Home:
    """Tao's place of three units. Fang's two pets stay from Tuesday to Thursday, Bo's dog has not
    been paid for, Chun's cat went home a day early, Lan's did not come at all."""

    def __init__(self) -> None:
        self.store = open_store(opens="00:00", closes="00:00", min_advance_minutes=0)
        self.place = boarding(self.store, units=3)
        self.other = boarding(self.store, "Xin", deposit_percent=50)
        self.fang = register("Fang")
        self.doubao, self.mimi = pet_of(self.fang), pet_of(self.fang, "Mimi")
        self.stay = book_stay(self.place, self.fang, TUESDAY, THURSDAY)
        bo = register("Bo")
        pet_of(bo, "Heidou", "狗")
        self.unpaid = book_stay(self.other, bo, TUESDAY, THURSDAY, at=LATER)
        tao = acting(host_of(self.place))
        chun = register("Chun")
        pet_of(chun, "Hua")
        self.early = book_stay(self.place, chun, MONDAY, THURSDAY)
        services.start(self.early, by=tao, at=clock("14:00"))
        services.complete(self.early, by=tao, at=clock("11:00", TUESDAY))
        lan = register("Lan")
        pet_of(lan, "Bai")
        self.absent = book_stay(self.other, lan, MONDAY, THURSDAY)
        services.note_paid(self.absent, at=NOW)
        services.mark_no_show(self.absent, by=acting(host_of(self.other)), at=clock("16:00"))
        self.gone = book_stay(self.place, lan, THURSDAY, THURSDAY + DAY)
        services.cancel(self.gone, by=Actor.of(lan), at=NOW)


@pytest.fixture(scope="module")
def _home(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Home]:
    with rolled_back_at_last(django_db_blocker):
        yield Home()


@pytest.fixture
def home(_home: Home, db: None) -> Home:
    """In objects of the test's own."""
    return deepcopy(_home)


def units(one: Appointment) -> object:
    return Claim.objects.of(one).filter(resource__startswith="n:")


def unit(one: Appointment, place: Listing, night, number: int) -> Claim:
    return Claim(resource=f"n:{place.pk}", cell=night_cell(night), unit=number, appointment=one)


def test_nothing_is_wrong_in_a_home_in_order(home):
    statuses = [one.status for one in (home.stay, home.unpaid, home.early, home.absent, home.gone)]
    assert statuses == ["confirmed", "pending", "completed", "no_show", "cancelled"]
    assert faults(LATER) == []


def more_pets_than_units(home):
    Listing.objects.filter(pk=home.place.pk).update(capacity=1)


def a_night_is_not_claimed(home):
    units(home.stay).first().delete()


def a_pet_is_free_elsewhere(home):
    Claim.objects.of(home.stay).filter(resource=f"a:{home.mimi.pk}").delete()


def a_unit_too_many(home):
    unit(home.stay, home.place, TUESDAY, 7).save()


def who_went_home_early_keeps_a_night(home):
    unit(home.early, home.place, TUESDAY, 7).save()


def who_did_not_come_keeps_a_night(home):
    unit(home.absent, home.other, TUESDAY, 7).save()


def who_called_it_off_keeps_a_night(home):
    unit(home.gone, home.place, THURSDAY, 0).save()


def a_pet_in_two_places(home):
    StayPet.objects.filter(appointment=home.unpaid).update(pet=home.mimi)


def a_pet_was_forgotten(home):
    StayPet.objects.filter(appointment=home.stay, pet=home.mimi).delete()


def another_sitter(home):
    change(home.stay, realtor=home.other.realtor)


def other_dates(home):
    change(home.stay, starts_at=home.stay.starts_at + DAY)


def another_price(home):
    change(home.stay, price=1)


def nobody_stays(home):
    StayPet.objects.filter(appointment=home.stay).delete()


def not_paid_in_time(home):
    change(home.unpaid, pay_before=LATER - timedelta(minutes=1))


LIES = [
    (more_pets_than_units, "has 1 units and 2 pets on"),
    (a_night_is_not_claimed, "lacks 1 of n:"),
    (a_pet_is_free_elsewhere, "lacks 1 of a:"),
    (a_unit_too_many, "has 1 too many of n:"),
    (who_went_home_early_keeps_a_night, "has 1 too many of n:"),
    (who_did_not_come_keeps_a_night, "has 1 too many of n:"),
    (who_called_it_off_keeps_a_night, "still claims"),
    (a_pet_in_two_places, "promised twice"),
    (a_pet_was_forgotten, "too many of a:"),
    (another_sitter, "not with the sitter"),
    (other_dates, "on other dates than its nights"),
    (another_price, "costs 1"),
    (nobody_stays, "a stay of 2 nights and 0 pets"),
    (not_paid_in_time, "was not paid in time"),
]


@pytest.mark.parametrize(("lie", "sentence"), LIES, ids=lambda part: getattr(part, "__name__", ""))
def test_it_notices_of_a_stay_when(home, lie, sentence):
    lie(home)

    assert any(sentence in fault for fault in faults(LATER)), faults(LATER)


def test_it_does_not_mind_that_nights_long_past_are_forgotten(home):
    services.start(home.stay, by=acting(host_of(home.place)), at=clock("14:00", TUESDAY))
    later = clock("12:00", THURSDAY + 4 * DAY)
    Claim.objects.filter(cell__lt=night_cell(THURSDAY)).delete()

    assert faults(later, swept=False) == []
