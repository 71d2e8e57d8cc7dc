"""POST appointments."""

import pytest

from appointments.models import Appointment, Claim
from tests.callers import caller, data_of, refusal_of

from ..world import MONDAY, TUESDAY, book, clock, hire, manager, open_store, register

FIELDS = {
    "id",
    "appointment_code",
    "user_id",
    "store_id",
    "store_name",
    "listing_id",
    "listing_title",
    "check_in",
    "check_out",
    "nights",
    "realtor_id",
    "realtor_name",
    "realtor_confirmed",
    "customer_name",
    "customer_phone",
    "appointment_date",
    "start_time",
    "end_time",
    "starts_at",
    "ends_at",
    "duration_minutes",
    "status",
    "status_display",
    "payment_status",
    "price",
    "final_price",
    "currency",
    "queue_position",
    "estimated_wait_minutes",
    "requirements",
    "created_at",
    "updated_at",
}


def refused(answer, status, code):
    errors = refusal_of(answer, status, code)
    assert not Appointment.objects.exists()
    assert not Claim.objects.exists()
    return errors


def test_a_guest_books_as_the_seed_shows_it(store, wei, lans_wish):
    data = data_of(caller().post("appointments", lans_wish), 201)

    assert set(data) == FIELDS
    row = Appointment.objects.get()
    assert data == data | {
        "id": str(row.pk),
        "appointment_code": row.code,
        "user_id": None,
        "store_id": str(store.pk),
        "store_name": store.name,
        "listing_id": None,
        "realtor_id": str(wei.pk),
        "realtor_name": "Wei",
        "realtor_confirmed": False,
        "customer_name": "兰",
        "customer_phone": "+8613800000001",
        "appointment_date": "2026-03-02",
        "start_time": "14:00",
        "end_time": "15:00",
        "starts_at": "2026-03-02T14:00:00+08:00",
        "ends_at": "2026-03-02T15:00:00+08:00",
        "duration_minutes": 60,
        "status": "pending",
        "status_display": "to be confirmed",
        "payment_status": "not_required",
        "price": 0.0,
        "final_price": 0.0,
        "currency": "CNY",
        "queue_position": 0,
        "estimated_wait_minutes": None,
        "requirements": "需要了解二手房购买流程",
        "created_at": "2026-03-02T08:00:00+08:00",
        "updated_at": "2026-03-02T08:00:00+08:00",
    }


@pytest.mark.parametrize(
    "start",
    [
        {"start_time": "14:00:00"},
        {"starts_at": "2026-03-02T14:00:00+08:00", "start_time": None, "appointment_date": None},
        {"starts_at": "2026-03-02T06:00:00Z"},
        {"store_id": 0},
    ],
    ids=["seconds", "instant in the store's zone", "instant in UTC", "the id as a number"],
)
def test_a_start_may_be_written_in_several_ways(store, wei, lans_wish, start):
    if "store_id" in start:
        start = {"store_id": store.pk}

    data = data_of(caller().post("appointments", lans_wish | start), 201)

    assert data["starts_at"] == "2026-03-02T14:00:00+08:00"


def test_the_length_is_the_policys_when_none_is_given(store, wei, lans_wish):
    del lans_wish["duration_minutes"], lans_wish["requirements"]

    data = data_of(caller().post("appointments", lans_wish), 201)

    assert (data["duration_minutes"], data["end_time"], data["requirements"]) == (60, "15:00", "")


def test_nobody_free_puts_the_guest_in_line(store, wei, lans_wish):
    book(store, clock("14:00"))
    lans_wish["customer_phone"] = "13800000009"

    data = data_of(caller().post("appointments", lans_wish), 201)

    assert (data["realtor_id"], data["realtor_name"], data["status"]) == (None, None, "pending")
    assert (data["queue_position"], data["estimated_wait_minutes"]) == (1, None)


def test_nobody_free_and_no_wish_to_wait_is_refused_with_the_next_free_starts(
    store, wei, lans_wish
):
    book(store, clock("14:00"))
    lans_wish |= {"customer_phone": "13800000009", "queue": False}

    errors = refusal_of(caller().post("appointments", lans_wish), 409, "slot_taken")

    assert errors["next_free_starts"][0] == "2026-03-02T15:00:00+08:00"
    assert Appointment.objects.count() == 1


def test_a_named_realtor_who_is_taken_is_refused(store, wei, ming, lans_wish):
    book(store, clock("14:00"), realtor=wei)
    lans_wish |= {"customer_phone": "13800000009", "realtor_id": str(wei.pk)}

    errors = refusal_of(caller().post("appointments", lans_wish), 409, "slot_taken")

    assert errors["next_free_starts"][0] == "2026-03-02T15:00:00+08:00"


def test_a_named_realtor_who_is_free_gets_it(store, wei, ming, lans_wish):
    for realtor in (wei, ming):
        wish = lans_wish | {
            "customer_phone": f"1380000000{realtor.pk % 10}",
            "realtor_id": realtor.pk,
        }
        assert data_of(caller().post("appointments", wish), 201)["realtor_id"] == str(realtor.pk)


def test_a_customer_books_in_the_name_of_their_account(store, wei, bo, lans_wish):
    del lans_wish["customer_name"], lans_wish["customer_phone"]

    data = data_of(caller(bo).post("appointments", lans_wish), 201)

    assert data["user_id"] == str(bo.pk)
    assert (data["customer_name"], data["customer_phone"]) == ("Bo", "+8613800000002")
    assert Appointment.objects.get().customer_email == bo.email


def test_what_the_account_lacks_must_be_given(store, wei, fang, lans_wish):
    del lans_wish["customer_name"], lans_wish["customer_phone"]

    errors = refused(caller(fang).post("appointments", lans_wish), 400, "invalid")

    assert set(errors) == {"customer_phone"}


def test_whose_account_it_is_never_comes_from_the_body(store, wei, fang, bo, lans_wish):
    data = data_of(caller(fang).post("appointments", lans_wish | {"user_id": str(bo.pk)}), 201)

    assert data["user_id"] == str(fang.pk)


def test_staff_of_the_store_book_for_the_guest_they_name(store, wei, lans_wish):
    by = manager(store)

    data = data_of(caller(by.user).post("appointments", lans_wish), 201)

    assert (data["user_id"], data["customer_name"]) == (None, "兰")


def test_staff_must_name_the_guest(store, wei, lans_wish):
    by = manager(store)

    answer = caller(by.user).post("appointments", lans_wish | {"customer_name": " "})

    assert set(refused(answer, 400, "invalid")) == {"customer_name"}


def test_staff_of_another_store_book_for_themselves(store, wei, lans_wish):
    by = manager(open_store("bund"))

    data = data_of(caller(by.user).post("appointments", lans_wish), 201)

    assert data["user_id"] == str(by.user.pk)


def test_a_held_start_is_booked_with_its_token(store, wei, lans_wish):
    wish = {"appointment_date": "2026-03-02", "start_time": "14:00"}
    held = data_of(caller().post(f"stores/{store.pk}/holds", wish), 201)

    data = data_of(
        caller().post("appointments", lans_wish | {"hold_token": held["hold_token"]}), 201
    )

    assert data["realtor_id"] == held["realtor_id"]


def test_a_hold_that_has_run_out_is_refused(store, wei, lans_wish, now):
    wish = {"appointment_date": "2026-03-02", "start_time": "14:00"}
    held = data_of(caller().post(f"stores/{store.pk}/holds", wish), 201)
    now.shift(301)

    answer = caller().post("appointments", lans_wish | {"hold_token": held["hold_token"]})

    refusal_of(answer, 409, "hold_expired")
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"appointment_date": "2026-03-01"}, "too_soon"),
        ({"start_time": "08:15"}, "too_soon"),
        ({"appointment_date": "0001-01-01", "start_time": "00:00"}, "too_soon"),
        ({"appointment_date": "2026-03-10"}, "too_far_ahead"),
        ({"appointment_date": "9999-12-31", "start_time": "23:55"}, "too_far_ahead"),
        ({"start_time": "14:07"}, "not_on_grid"),
        ({"start_time": "14:00:30"}, "not_on_grid"),
        ({"start_time": "17:30"}, "outside_business_hours"),
        ({"start_time": "20:00"}, "outside_business_hours"),
        ({"starts_at": "9999-12-31T23:59:59Z"}, "too_far_ahead"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "too_soon"),
    ],
)
def test_a_start_that_may_not_be_booked_is_refused_by_name(store, wei, lans_wish, change, code):
    refused(caller().post("appointments", lans_wish | change), 400, code)


def test_a_store_that_is_closed_on_that_day_says_so(store, wei, lans_wish):
    store.special_days.create(date=TUESDAY)

    refused(
        caller().post("appointments", lans_wish | {"appointment_date": str(TUESDAY)}),
        400,
        "store_closed",
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer_name": ""}, "customer_name"),
        ({"customer_name": None}, "customer_name"),
        ({"customer_name": "x" * 51}, "customer_name"),
        ({"customer_name": "two\nlines"}, "customer_name"),
        ({"customer_phone": ""}, "customer_phone"),
        ({"customer_phone": "12"}, "customer_phone"),
        ({"customer_phone": "not a phone"}, "customer_phone"),
        ({"requirements": "x" * 1001}, "requirements"),
        ({"email": "nobody"}, "email"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 61}, "duration_minutes"),
        ({"duration_minutes": 1445}, "duration_minutes"),
        ({"appointment_date": "2026-02-30"}, "appointment_date"),
        ({"appointment_date": None}, "appointment_date"),
        ({"start_time": "25:00"}, "start_time"),
        ({"start_time": None}, "start_time"),
        ({"starts_at": "2026-03-02T14:00:00"}, "starts_at"),
        ({"queue": "perhaps"}, "queue"),
        ({"asap": "soon"}, "asap"),
    ],
    ids=repr,
)
def test_bad_input_is_refused_by_field(store, wei, lans_wish, change, field):
    errors = refused(caller().post("appointments", lans_wish | change), 400, "invalid")

    assert set(errors) == {field}


@pytest.mark.parametrize("field", ["store_id", "realtor_id", "listing_id"])
@pytest.mark.parametrize("number", ["999999", "abc", "", "-1", "1.5", str(2**63), 10**40, "１"])
def test_ids_of_nobody_are_not_found(store, wei, lans_wish, field, number):
    errors = refused(caller().post("appointments", lans_wish | {field: number}), 404, "not_found")

    assert set(errors) == {field}


def test_a_realtor_of_another_store_is_not_found(store, wei, lans_wish):
    foreign = hire(open_store("bund"), "Yun")

    refused(caller().post("appointments", lans_wish | {"realtor_id": foreign.pk}), 404, "not_found")


def test_a_store_that_has_closed_down_is_not_found(store, wei, lans_wish):
    store.is_active = False
    store.save()

    refused(caller().post("appointments", lans_wish), 404, "not_found")


def test_the_same_customer_twice_at_once_is_refused(store, wei, ming, lans_wish):
    data_of(caller().post("appointments", lans_wish), 201)

    refusal_of(caller().post("appointments", lans_wish), 409, "customer_conflict")

    assert Appointment.objects.count() == 1


def test_the_sentences_follow_the_language_of_the_caller(store, wei, lans_wish):
    data = data_of(
        caller(None, **{"accept-language": "zh-CN"}).post("appointments", lans_wish), 201
    )

    assert data["status"] == "pending"
    assert Appointment.objects.get().locale == "zh-hans"


def test_a_provider_books_elsewhere_as_a_customer(store, wei, lans_wish):
    other = hire(open_store("bund"), "Yun")

    data = data_of(caller(other.user).post("appointments", lans_wish), 201)

    assert data["user_id"] == str(other.user.pk)


def test_the_day_is_the_stores_day(db):
    new_york = open_store("fifth-avenue", zone="America/New_York")
    hire(new_york, "Ann")
    register("Joe")

    wish = {
        "store_id": new_york.pk,
        "customer_name": "Joe",
        "customer_phone": "+12125550100",
        "appointment_date": str(MONDAY),
        "start_time": "09:00",
    }
    data = data_of(caller().post("appointments", wish), 201)

    assert data["starts_at"] == "2026-03-02T09:00:00-05:00"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u2028"])
def test_wishes_hold_no_sign_that_a_calendar_would_take_for_a_new_line(store, wei, lans_wish, sign):
    answer = caller().post("appointments", lans_wish | {"requirements": f"a{sign}ATTACH:x"})

    assert set(refusal_of(answer, 400, "invalid")) == {"requirements"}
    wish = lans_wish | {"requirements": "a\r\nb\tc"}
    assert data_of(caller().post("appointments", wish), 201)["requirements"] == "a\r\nb\tc"
