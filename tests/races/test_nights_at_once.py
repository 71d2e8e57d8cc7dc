"""Two or a few press at the same moment where nights of a place are at stake: exactly one outcome,
and it is one of those that could have come one after the other. (The control, without lock and key,
is in test_nights_over_http.)"""

from datetime import timedelta
from functools import partial

import pytest

from accounts.services import erase_account
from appointments import services
from appointments.models import Appointment, PaymentStatus, Status
from appointments.services.paying import end_unpaid
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from realtors.services import edit_listing, withdraw_listing
from tests.appointments.places import (
    boarding,
    book_stay,
    host_of,
    night_claims,
    pet_of,
    stay,
)
from tests.appointments.world import NOW, TUESDAY, acting, clock, open_store, register

from .checker import faults
from .together import codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
ROUNDS = range(3)


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def place(store):
    return boarding(store, units=2)


@pytest.fixture
def fang():
    return owner_of_a_pet("Fang", 11)


@pytest.fixture
def bo():
    return owner_of_a_pet("Bo", 12)


def owner_of_a_pet(name, number):
    someone = register(name, phone=f"+86138000000{number}")
    pet_of(someone, f"Pet of {name}")
    return someone


def fresh(row):
    """As another request would have loaded it."""
    return type(row).objects.get(pk=row.pk)


def staying(place, user, check_in=TUESDAY, check_out=THURSDAY, *, at=NOW):
    request = stay(fresh(place), user, check_in, check_out)
    return partial(services.book_stay, request, by=Actor.of(user), at=at)


def all_is_well(at=NOW):
    assert faults(at, swept=False) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_units_go_to_two_of_eight(place, _round):
    people = [owner_of_a_pet(f"C{n}", 20 + n) for n in range(8)]

    outcomes = together(*(staying(place, one) for one in people))

    assert codes(outcomes) == ["done"] * 2 + ["slot_taken"] * 6
    assert night_claims(place) == 4
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_pet_goes_to_one_of_two_places_of_two_stores(fang, _round):
    places = [boarding(open_store(slug), slug) for slug in ("bund", "hongqiao")]

    outcomes = together(
        staying(places[0], fang), staying(places[1], fang, TUESDAY + DAY, THURSDAY + DAY)
    )

    assert codes(outcomes) == ["customer_conflict", "done"]
    assert sum(map(night_claims, places)) == 2
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_stays_that_swap_dates_in_a_full_place_both_stay_where_they_are(
    store, fang, bo, _round
):
    place = boarding(store, "Xin", units=1)
    mine = book_stay(place, fang, TUESDAY, THURSDAY)
    yours = book_stay(place, bo, THURSDAY, THURSDAY + 2 * DAY)

    outcomes = together(
        partial(services.move_stay, fresh(mine), THURSDAY, by=Actor.of(fang), at=NOW),
        partial(services.move_stay, fresh(yours), TUESDAY, by=Actor.of(bo), at=NOW),
    )

    assert codes(outcomes) == ["slot_taken", "slot_taken"]
    assert (fresh(mine).check_in, fresh(yours).check_in) == (TUESDAY, THURSDAY)
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_stays_that_move_to_the_same_nights_meet_there_once(store, fang, bo, _round):
    place = boarding(store, "Xin", units=1)
    mine = book_stay(place, fang, TUESDAY, THURSDAY)
    yours = book_stay(place, bo, THURSDAY, THURSDAY + 2 * DAY)
    to = THURSDAY + 2 * DAY

    outcomes = together(
        partial(services.move_stay, fresh(mine), to, by=Actor.of(fang), at=NOW),
        partial(services.move_stay, fresh(yours), to + DAY, by=Actor.of(bo), at=NOW),
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_moved_and_what_is_booked_meet_in_the_same_nights_once(store, fang, bo, _round):
    place = boarding(store, "Xin", units=1)
    mine = book_stay(place, fang, TUESDAY, THURSDAY)

    outcomes = together(
        partial(services.move_stay, fresh(mine), THURSDAY, by=Actor.of(fang), at=NOW),
        staying(place, bo, THURSDAY, THURSDAY + DAY),
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_cancels_while_pets_are_checked_in_has_cancelled_or_is_there(place, fang, _round):
    booked = book_stay(place, fang, TUESDAY, THURSDAY)
    at = clock("13:00", TUESDAY)

    cancelled, begun = together(
        partial(services.cancel, fresh(booked), by=SYSTEM, at=at),
        partial(services.start, fresh(booked), by=acting(host_of(place)), at=at),
    )

    assert isinstance(cancelled, Refusal) != isinstance(begun, Refusal)
    here = fresh(booked).status == Status.IN_PROGRESS
    assert here == isinstance(begun, Appointment)
    assert night_claims(place) == (2 if here else 0)
    all_is_well(at)


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_goes_home_early_or_is_marked_as_absent_frees_the_rest_once(place, fang, bo, _round):
    stays = [book_stay(place, one, TUESDAY, THURSDAY + DAY) for one in (fang, bo)]
    tao = acting(host_of(place))
    for one in stays:
        services.start(one, by=tao, at=clock("14:00", TUESDAY))
    at = clock("09:00", TUESDAY + DAY)
    late = owner_of_a_pet("Lan", 13)

    outcomes = together(
        *(partial(services.complete, fresh(one), by=tao, at=at) for one in (*stays, *stays)),
        staying(place, late, TUESDAY + DAY, THURSDAY, at=at),
    )

    assert codes(outcomes[:4]) == ["done", "done", "invalid_transition", "invalid_transition"]
    assert night_claims(place) == 2 + codes(outcomes[4:]).count("done")
    all_is_well(at)


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_paid_at_the_last_moment_is_confirmed_or_called_off_and_never_both(
    store, fang, bo, _round
):
    place = boarding(store, "Xin", units=1, deposit_percent=50)
    booked = book_stay(place, fang, TUESDAY, THURSDAY)
    run_out = booked.pay_before

    counted, _swept, other = side_by_side(
        lambda: together(partial(services.note_paid, fresh(booked), at=run_out))[0],
        partial(end_unpaid, at=run_out),
        lambda: together(staying(place, bo, at=run_out))[0],
    )

    booked = fresh(booked)
    # True is what the money stays for; False is what sends it back.
    if counted:
        assert (booked.status, booked.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
        assert isinstance(other, Refusal)
    else:
        assert (booked.status, booked.paid_at, booked.cancel_fee) == (Status.CANCELLED, None, 0)
        assert isinstance(other, Appointment)
    all_is_well(run_out)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_place_is_made_smaller_or_booked(place, fang, bo, _round):
    book_stay(place, fang, TUESDAY, THURSDAY)
    tao = acting(host_of(place))

    resized, booked = together(
        partial(edit_listing, fresh(place), capacity=1, by=tao, at=NOW), staying(place, bo)
    )

    assert not isinstance(resized, Refusal)
    assert fresh(place).capacity == 1
    assert night_claims(place) == (2 if isinstance(booked, Refusal) else 4)
    # Whoever was booked before it was made smaller stays.
    assert [one for one in faults(NOW, swept=False) if " units and " not in one] == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_place_is_taken_back_or_booked(place, fang, _round):
    together(
        partial(withdraw_listing, fresh(place), by=acting(host_of(place)), at=NOW),
        staying(place, fang),
    )

    assert night_claims(place) == 2 * Appointment.objects.count()
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_erases_their_account_while_booking_has_no_nights_afterwards(place, fang, _round):
    together(partial(erase_account, fresh(fang), by=Actor.of(fang), at=NOW), staying(place, fang))

    assert night_claims(place) == 0
    assert not Appointment.objects.exclude(status=Status.CANCELLED).exists()
    all_is_well()
