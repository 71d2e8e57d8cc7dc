"""Nights in a boarding place: booked, paid, moved, begun and ended."""

from datetime import date, timedelta

import pytest

from appointments import errors, services
from appointments.models import Claim, PaymentStatus, Status, SystemReason
from appointments.selectors.boarding_search import to_be_had
from appointments.selectors.nights import units_left
from appointments.selectors.stay_dates import Nights
from appointments.services.leaving import forget_customer
from appointments.services.paying import end_unpaid
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from realtors.models import Listing
from tests.appointments.places import boarding, book_stay, night_claims, pet_of, stay
from tests.appointments.world import MONDAY, NOW, TUESDAY, acting, away, clock, open_store, register

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY


@pytest.fixture
def place(db):
    return boarding(open_store(min_advance_minutes=30))


@pytest.fixture
def fang(db):
    owner = register("Fang")
    pet_of(owner)
    return owner


@pytest.fixture
def bo(db):
    owner = register("Bo")
    pet_of(owner, "Heidou", "狗")
    return owner


def left(place, check_in=TUESDAY, check_out=THURSDAY, at=NOW):
    return units_left([place], check_in, check_out, at=at)[place.pk]


def test_a_stay_takes_a_unit_for_each_pet_and_night_and_the_pets(place, fang):
    pet_of(fang, "Mimi")

    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    assert booked.status == Status.CONFIRMED
    assert (booked.nights, booked.nightly_price, booked.final_price) == (2, 80, 320)
    assert [one.name for one in booked.stay_pets.all()] == ["Doubao", "Mimi"]
    assert night_claims(place) == 4
    assert Claim.objects.filter(appointment=booked).count() == 8
    assert left(place) == 0
    assert left(place, THURSDAY, THURSDAY + DAY) == 2


def test_it_takes_nobodys_time(place, fang):
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    assert not Claim.objects.filter(appointment=booked, resource__regex="^[rup]:").exists()


def test_at_the_hour_of_bringing_it_is_too_late_for_that_night(fang):
    """What is booked then would have run out of its time to be paid before anybody saw it."""
    place = boarding(open_store(min_advance_minutes=0, payment_minutes=60), deposit_percent=50)
    bringing = clock("14:00", MONDAY)

    with pytest.raises(errors.TooSoon):
        book_stay(place, fang, MONDAY, TUESDAY, at=bringing)

    booked = book_stay(place, fang, MONDAY, TUESDAY, at=bringing - timedelta(minutes=1))
    assert (booked.status, booked.pay_before) == (Status.PENDING, bringing)


def test_all_nights_or_none(place, fang, bo):
    place.capacity = 1
    place.save()
    book_stay(place, fang, THURSDAY, THURSDAY + DAY)

    with pytest.raises(errors.NightsTaken):
        book_stay(place, bo, TUESDAY, THURSDAY + DAY)

    assert night_claims(place) == 1
    assert left(place) == 1


def test_units_that_change_from_night_to_night_are_room_too(place, fang, bo):
    """Two units, each taken on another night: there is one left on both."""
    first, second = pet_of(fang, "One"), pet_of(bo, "Two")
    book_stay(place, fang, TUESDAY, TUESDAY + DAY, pets=[first])
    book_stay(place, bo, TUESDAY + DAY, THURSDAY, pets=[second])
    Claim.objects.filter(appointment__user=bo, resource__startswith="n:").update(unit=1)

    lan = register("Lan")
    pet_of(lan)
    book_stay(place, lan, TUESDAY, THURSDAY)

    assert left(place) == 0


def test_a_pet_is_in_one_place_at_a_time(place, fang):
    book_stay(place, fang, TUESDAY, THURSDAY)
    other = boarding(place.store, "Xin")

    with pytest.raises(errors.PetConflict):
        book_stay(other, fang, TUESDAY + DAY, THURSDAY + DAY)

    book_stay(other, fang, THURSDAY, THURSDAY + DAY)
    assert night_claims(other) == 1


@pytest.mark.parametrize(
    ("attributes", "pet"),
    [
        ({"species": ["dog"]}, {"species": "猫"}),
        ({"species": ["cat"]}, {"species": "Golden dog", "weight_kg": 9}),
        ({"species": ["dog"], "sizes": ["small"]}, {"species": "狗", "weight_kg": 11}),
        ({"species": ["dog"], "sizes": ["small"]}, {"species": "狗"}),
    ],
)
def test_only_pets_that_the_place_takes(place, fang, attributes, pet):
    place.attributes = attributes
    place.save()

    with pytest.raises(Invalid) as refusal:
        book_stay(place, fang, TUESDAY, THURSDAY, pets=[pet_of(fang, "Odd", **pet)])

    assert "pet_ids" in refusal.value.errors


def test_vaccination_lasts_until_they_go_home(place, fang):
    place.attributes = {"vaccination_needed": True}
    place.save()
    short = pet_of(fang, "Short", vaccinated_until=THURSDAY - DAY)
    none = pet_of(fang, "None")
    fine = pet_of(fang, "Fine", vaccinated_until=THURSDAY)

    for pet in (short, none):
        with pytest.raises(errors.VaccinationExpired):
            book_stay(place, fang, TUESDAY, THURSDAY, pets=[pet])

    assert book_stay(place, fang, TUESDAY, THURSDAY, pets=[fine])


def test_dates_that_cannot_be(place, fang):
    with pytest.raises(Invalid):
        book_stay(place, fang, TUESDAY, TUESDAY)
    with pytest.raises(Invalid):
        book_stay(place, fang, TUESDAY, TUESDAY + 91 * DAY)
    with pytest.raises(errors.TooSoon):
        book_stay(place, fang, MONDAY - DAY, TUESDAY)
    with pytest.raises(errors.TooSoon):
        book_stay(place, fang, MONDAY, TUESDAY, at=clock("13:45"))
    with pytest.raises(errors.TooFarAhead):
        book_stay(place, fang, MONDAY + 179 * DAY, MONDAY + 181 * DAY)
    assert book_stay(place, fang, MONDAY + 179 * DAY, MONDAY + 180 * DAY)


def test_own_pets_only(place, fang, bo):
    with pytest.raises(Invalid):
        book_stay(place, fang, TUESDAY, THURSDAY, pets=list(bo.pets.all()))
    with pytest.raises(Forbidden):
        services.book_stay(stay(place, fang, TUESDAY, THURSDAY), by=Actor.of(bo), at=NOW)
    assert night_claims(place) == 0


def test_a_draft_cannot_be_booked(place, fang):
    place.status = "draft"
    place.save()

    with pytest.raises(NotFound):
        book_stay(place, fang, TUESDAY, THURSDAY)


def test_what_is_to_be_paid_keeps_the_place_until_it_is_too_late(place, fang, bo):
    place.deposit_percent, place.capacity = 50, 1
    place.save()
    booked = book_stay(place, fang, TUESDAY, THURSDAY)
    assert (booked.status, booked.payment_status) == (Status.PENDING, PaymentStatus.UNPAID)
    assert (booked.final_price, booked.due_now) == (160, 80)

    with pytest.raises(errors.NightsTaken):
        book_stay(place, bo, TUESDAY, THURSDAY)
    late = booked.pay_before

    assert left(place, at=late) == 1
    assert book_stay(place, bo, TUESDAY, THURSDAY, at=late)
    booked.refresh_from_db()
    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, SystemReason.NOT_PAID)


def test_paid_it_is_confirmed_and_a_sitter_who_wants_to_is_asked(place, fang):
    place.deposit_percent, place.needs_approval = 100, True
    place.save()
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    with pytest.raises(errors.PaymentRequired):
        services.accept(booked, by=acting(place.realtor), at=NOW)
    assert services.note_paid(booked, at=NOW)
    assert booked.status == Status.PENDING
    services.accept(booked, by=acting(place.realtor), at=NOW)

    assert booked.status == Status.CONFIRMED


def test_a_sitter_who_says_no_gives_the_nights_back(place, fang):
    place.needs_approval = True
    place.save()
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    services.decline(booked, by=acting(place.realtor), at=NOW, reason="")

    booked.refresh_from_db()
    assert booked.status == Status.CANCELLED
    assert night_claims(place) == 0


def test_unpaid_stays_are_swept(place, fang):
    place.deposit_percent = 100
    place.save()
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    end_unpaid(at=booked.pay_before)

    assert night_claims(place) == 0


def test_cancelled_nights_are_free(place, fang):
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    services.cancel(booked, by=Actor.of(fang), at=NOW)

    assert not Claim.objects.filter(appointment=booked).exists()


def test_checked_in_from_its_day_on_and_out_early_gives_the_rest_back(place, fang):
    booked = book_stay(place, fang, TUESDAY, THURSDAY + DAY)
    tao = acting(place.realtor)
    with pytest.raises(errors.InvalidTransition):
        services.start(booked, by=tao, at=clock("23:59", MONDAY))

    services.start(booked, by=tao, at=clock("00:00", TUESDAY))
    services.complete(booked, by=tao, at=clock("09:00", TUESDAY + DAY))

    assert booked.status == Status.COMPLETED
    assert left(place, TUESDAY, TUESDAY + DAY) == 1
    assert left(place, TUESDAY + DAY, THURSDAY + DAY) == 2


def test_moved_to_other_dates_as_many_nights(place, fang, bo):
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    services.reschedule(booked, starts_at=clock("14:00", THURSDAY), by=Actor.of(fang), at=NOW)

    assert (booked.check_in, booked.check_out) == (THURSDAY, THURSDAY + 2 * DAY)
    assert left(place) == 2
    place.capacity = 1
    place.save()
    other = book_stay(place, bo, TUESDAY, THURSDAY)
    with pytest.raises(errors.NightsTaken):
        services.move_stay(other, TUESDAY + DAY, by=Actor.of(bo), at=NOW)


def test_a_sitter_on_holiday_takes_nobody(place, fang):
    away(place.realtor, clock("08:00", TUESDAY + DAY), clock("20:00", TUESDAY + DAY))
    assert left(place) == 2
    away(place.realtor, clock("20:00", TUESDAY + DAY), clock("08:00", THURSDAY))

    assert left(place) == 0
    with pytest.raises(errors.NightsTaken):
        book_stay(place, fang, TUESDAY, THURSDAY)


def test_a_search_shows_only_what_is_possible_every_night(place, fang, bo):
    other = boarding(place.store, "Xin", units=1)
    book_stay(other, bo, TUESDAY + DAY, THURSDAY)
    rows = Listing.objects.filter(kind="boarding")

    assert set(to_be_had(rows, Nights(TUESDAY, THURSDAY), at=NOW)) == {place}
    assert set(to_be_had(rows, Nights(TUESDAY, TUESDAY + DAY), at=NOW)) == {place, other}
    assert set(to_be_had(rows, Nights(TUESDAY, TUESDAY + DAY, 2), at=NOW)) == {place}


@pytest.mark.parametrize("last", [1, 31])
def test_a_search_costs_the_same_for_a_month(place, last, django_assert_num_queries):
    for number in range(last):
        boarding(place.store, f"Sitter {number}")

    with django_assert_num_queries(5):
        nights = Nights(TUESDAY, TUESDAY + last * DAY)
        found = to_be_had(Listing.objects.filter(kind="boarding"), nights, at=NOW)
        assert len(found) == last + 1


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [("Europe/Berlin", date(2026, 3, 28), 45), ("Pacific/Auckland", date(2026, 4, 4), 47)],
)
def test_a_night_of_23_or_25_hours_is_one_night(fang, zone, day, hours):
    there = boarding(open_store("kastanienallee", zone=zone), "Anna")

    booked = book_stay(there, fang, day, day + 2 * DAY)

    assert (booked.ends_at - booked.starts_at) == timedelta(hours=hours)
    assert (booked.nights, booked.final_price, night_claims(there)) == (2, 160, 2)


def test_the_same_place_stays_taken_when_it_is_made_smaller(place, fang, bo):
    pet_of(fang, "Mimi")
    book_stay(place, fang, TUESDAY, THURSDAY)
    place.capacity = 1
    place.save()

    assert left(place) == 0
    with pytest.raises(errors.NightsTaken):
        book_stay(place, bo, TUESDAY, THURSDAY)


def test_who_leaves_gives_the_nights_back(place, fang):
    book_stay(place, fang, TUESDAY, THURSDAY)
    forget_customer(fang, at=NOW)

    assert night_claims(place) == 0


def test_a_long_lead_time_is_kept(place, fang):
    row = place.store.policy_row
    row.min_advance_minutes = 2880
    row.save()
    ten = clock("10:00", MONDAY)

    with pytest.raises(errors.TooSoon):
        book_stay(place, fang, TUESDAY, THURSDAY, at=ten)

    assert book_stay(place, fang, TUESDAY + DAY, THURSDAY, at=ten)


def test_moving_to_the_same_dates_is_no_move(place, fang):
    place.needs_approval = True
    place.save()
    booked = book_stay(place, fang, TUESDAY, THURSDAY)

    services.move_stay(booked, TUESDAY, by=Actor.of(fang), at=NOW)

    assert booked.sequence == 0
    assert booked.offers.count() == 1
    assert not booked.log.filter(action="rescheduled").exists()


def test_what_was_shown_is_what_is_charged(place, fang):
    """The price changes between the page and the lock."""
    with pytest.raises(Invalid):
        book_stay(place, fang, TUESDAY, THURSDAY, nightly_price=79)

    assert book_stay(place, fang, TUESDAY, THURSDAY, nightly_price=place.price).final_price == 160
