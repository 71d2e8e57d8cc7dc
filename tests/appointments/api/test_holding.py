"""POST stores/{id}/holds and DELETE holds/{token}."""

import pytest

from appointments.models import Claim, Hold
from tests.callers import caller, data_of, refusal_of

from ..world import LAN, book, clock, hire, open_store

AT_TWO = {"appointment_date": "2026-03-02", "start_time": "14:00"}


@pytest.fixture
def holds(store, wei):
    return f"stores/{store.pk}/holds"


def test_a_guest_holds_a_start_for_five_minutes(store, wei, holds):
    data = data_of(caller().post(holds, AT_TWO), 201)

    assert data == {
        "hold_token": Hold.objects.get().token,
        "store_id": str(store.pk),
        "realtor_id": str(wei.pk),
        "starts_at": "2026-03-02T14:00:00+08:00",
        "ends_at": "2026-03-02T15:00:00+08:00",
        "duration_minutes": 60,
        "expires_at": "2026-03-02T08:05:00+08:00",
    }
    assert len(data["hold_token"]) >= 43


def test_nobody_else_gets_what_is_held(holds, lans_wish):
    data_of(caller().post(holds, AT_TWO), 201)

    assert refusal_of(caller().post(holds, AT_TWO), 409, "slot_taken")["next_free_starts"]
    refusal_of(caller().post("appointments", lans_wish | {"queue": False}), 409, "slot_taken")


def test_a_hold_that_has_run_out_blocks_nobody(holds, now):
    data_of(caller().post(holds, AT_TWO), 201)
    now.shift(300)

    data_of(caller().post(holds, AT_TWO), 201)


def test_whoever_has_the_token_lets_it_go(holds):
    token = data_of(caller().post(holds, AT_TWO), 201)["hold_token"]

    answer = caller().delete(f"holds/{token}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not Claim.objects.exists()
    refusal_of(caller().delete(f"holds/{token}"), 404, "not_found")


def test_a_signed_in_customers_hold_is_theirs_alone(holds, fang, bo):
    token = data_of(caller(fang).post(holds, AT_TWO), 201)["hold_token"]

    for other in (caller(), caller(bo)):
        refusal_of(other.delete(f"holds/{token}"), 404, "not_found")
    assert caller(fang).delete(f"holds/{token}").status_code == 204


def test_a_customer_holds_one_start_in_a_store(holds, fang):
    data_of(caller(fang).post(holds, AT_TWO), 201)
    data_of(caller(fang).post(holds, AT_TWO | {"start_time": "15:00"}), 201)

    assert Hold.objects.get().starts_at == clock("15:00")


def test_a_guest_says_which_earlier_hold_the_new_one_replaces(holds):
    first = data_of(caller().post(holds, AT_TWO), 201)["hold_token"]
    change = AT_TWO | {"start_time": "14:15", "hold_token": first}

    data_of(caller().post(holds, change), 201)

    assert Hold.objects.get().starts_at == clock("14:15")


def test_a_named_realtor_is_held(store, wei, ming, holds):
    for realtor in (wei, ming):
        wish = AT_TWO | {"realtor_id": realtor.pk, "duration_minutes": 30}
        data = data_of(caller().post(holds, wish), 201)
        assert (data["realtor_id"], data["duration_minutes"]) == (str(realtor.pk), 30)


def test_ones_own_time_is_held_as_well(store, wei, ming, holds, fang):
    book(store, clock("14:00"), customer=fang, realtor=wei)

    refusal_of(caller(fang).post(holds, AT_TWO), 409, "customer_conflict")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"start_time": "08:00"}, 400, "too_soon"),
        ({"appointment_date": "2026-04-02"}, 400, "too_far_ahead"),
        ({"start_time": "14:01"}, 400, "not_on_grid"),
        ({"start_time": "20:00"}, 400, "outside_business_hours"),
        ({"start_time": "2 pm"}, 400, "invalid"),
        ({"duration_minutes": 7}, 400, "invalid"),
        ({"duration_minutes": "x"}, 400, "invalid"),
        ({"listing_id": 1}, 404, "not_found"),
        ({"realtor_id": "abc"}, 404, "not_found"),
        ({"appointment_date": "9999-12-31"}, 400, "too_far_ahead"),
        ({"appointment_date": "0001-01-01", "start_time": "00:00"}, 400, "too_soon"),
    ],
)
def test_what_may_not_be_booked_may_not_be_held(holds, change, status, code):
    refusal_of(caller().post(holds, AT_TWO | change), status, code)

    assert not Hold.objects.exists()


def test_a_realtor_of_another_store_is_not_found(holds):
    foreign = hire(open_store("bund"), "Yun")

    refusal_of(caller().post(holds, AT_TWO | {"realtor_id": foreign.pk}), 404, "not_found")


@pytest.mark.parametrize("token", ["x", "x" * 500, "%00", "..", "'"])
def test_a_token_nobody_has_is_not_found(holds, token):
    refusal_of(caller().delete(f"holds/{token}"), 404, "not_found")


def test_a_hold_cannot_be_redeemed_for_another_realtor(store, wei, ming, holds, lans_wish):
    held = data_of(caller().post(holds, AT_TWO | {"realtor_id": wei.pk}), 201)
    wish = lans_wish | {"hold_token": held["hold_token"], "realtor_id": ming.pk}

    answer = caller().post("appointments", wish)

    assert answer.status_code in (400, 409)
    assert Hold.objects.exists()


def test_a_stores_token_opens_no_other_store(holds, lans_wish):
    elsewhere = open_store("bund")
    hire(elsewhere, "Yun")
    held = data_of(caller().post(holds, AT_TWO), 201)
    wish = lans_wish | {"hold_token": held["hold_token"], "store_id": elsewhere.pk}

    refusal_of(caller().post("appointments", wish), 409, "hold_expired")


def test_a_held_start_stays_bookable_when_the_lead_time_has_passed_meanwhile(holds, lans_wish, now):
    now.move_to(clock("13:28"))
    held = data_of(caller().post(holds, AT_TWO), 201)
    now.move_to(clock("13:32"))

    data = data_of(
        caller().post("appointments", lans_wish | {"hold_token": held["hold_token"]}), 201
    )

    assert data["customer_phone"] == LAN
