"""Idempotency-Key on what creates."""

import pytest

from appointments.models import Appointment, Hold
from booking_site.common.models import IdempotencyRecord
from tests.callers import caller, data_of, refusal_of

from ..world import book, clock

KEY = {"Idempotency_Key": "a1b2c3"}


def test_a_repeated_booking_gets_the_first_answer_again(store, wei, ming, lans_wish):
    first = caller().post("appointments", lans_wish, **KEY)
    second = caller().post("appointments", lans_wish, **KEY)

    assert data_of(first, 201) == data_of(second, 201)
    assert second.json() == first.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Appointment.objects.count() == 1


def test_the_order_of_the_fields_is_no_difference(store, wei, lans_wish):
    caller().post("appointments", lans_wish, **KEY)
    turned = dict(reversed(lans_wish.items()))

    assert caller().post("appointments", turned, **KEY)["Idempotency-Replayed"] == "true"


def test_another_body_under_the_same_key_is_refused(store, wei, lans_wish):
    caller().post("appointments", lans_wish, **KEY)

    answer = caller().post("appointments", lans_wish | {"start_time": "16:00"}, **KEY)

    refusal_of(answer, 409, "idempotency_mismatch")
    assert Appointment.objects.count() == 1


def test_another_path_under_the_same_key_is_refused(store, wei, fang, lans_wish):
    booked = data_of(caller(fang).post("appointments", lans_wish, **KEY), 201)

    answer = caller(fang).post(
        f"appointments/{booked['appointment_code']}/cancel", lans_wish, **KEY
    )

    refusal_of(answer, 409, "idempotency_mismatch")


def test_a_key_is_ones_own(store, wei, ming, fang, bo, lans_wish):
    for user in (fang, bo):
        answer = caller(user).post("appointments", lans_wish, **KEY)
        assert data_of(answer, 201)["user_id"] == str(user.pk)

    assert Appointment.objects.count() == 2


def test_a_refusal_is_not_remembered(store, wei, lans_wish, now):
    lans_wish |= {"queue": False}
    taken = book(store, clock("14:00"), phone="+8613800000009")
    refusal_of(caller().post("appointments", lans_wish, **KEY), 409, "slot_taken")
    caller().post(f"appointments/{taken.code}/cancel", {"phone_last4": "0009"})

    data_of(caller().post("appointments", lans_wish, **KEY), 201)


def test_after_a_day_the_key_is_free_again(store, wei, lans_wish, now):
    data_of(caller().post("appointments", lans_wish, **KEY), 201)
    now.shift(24 * 3600 + 1)
    lans_wish |= {"appointment_date": "2026-03-04"}

    answer = caller().post("appointments", lans_wish, **KEY)

    data_of(answer, 201)
    assert "Idempotency-Replayed" not in answer


@pytest.mark.parametrize("key", ["", "x" * 256, "钥匙", "a\tb"])
def test_a_key_of_odd_signs_is_refused(store, wei, lans_wish, key):
    answer = caller().post("appointments", lans_wish, Idempotency_Key=key)

    assert set(refusal_of(answer, 400, "invalid")) == {"Idempotency-Key"}
    assert not Appointment.objects.exists()


def test_what_is_remembered_cannot_be_read_in_the_database(store, wei, lans_wish):
    caller().post("appointments", lans_wish, **KEY)
    record = IdempotencyRecord.objects.get()

    assert "13800000001" not in str(bytes(record.answer_body))
    assert "兰" not in bytes(record.answer_body).decode("latin-1")


AT_TWO = {"appointment_date": "2026-03-02", "start_time": "14:00"}


def test_a_guest_who_repeats_a_hold_gets_the_same_one(store, wei):
    path = f"stores/{store.pk}/holds"

    first, second = (caller().post(path, AT_TWO, **KEY) for _try in range(2))

    assert data_of(second, 201) == data_of(first, 201)
    assert second["Idempotency-Replayed"] == "true"
    assert Hold.objects.count() == 1


def test_the_first_answer_is_given_although_the_world_has_changed(store, wei, lans_wish):
    wish = lans_wish | {"realtor_id": wei.pk}
    first = caller().post("appointments", wish, **KEY)
    wei.is_active = False
    wei.save()

    second = caller().post("appointments", wish, **KEY)

    assert data_of(second, 201) == data_of(first, 201)
    refusal_of(caller().post("appointments", wish, Idempotency_Key="new"), 404, "not_found")


def test_holding_cancelling_and_accepting_repeat_as_well(store, wei, fang):
    path = f"stores/{store.pk}/holds"
    first = data_of(caller(fang).post(path, AT_TWO, **KEY), 201)
    assert data_of(caller(fang).post(path, AT_TWO, **KEY), 201) == first
    assert Hold.objects.count() == 1
    booked = book(store, clock("16:00"))
    for _ in range(2):
        data = data_of(caller(wei.user).post(f"appointments/{booked.pk}/accept", **KEY))
        assert data["status"] == "confirmed"
    proof = {"phone_last4": "0001"}
    for _ in range(2):
        answer = caller().post(
            f"appointments/{booked.code}/cancel", proof, Idempotency_Key="another"
        )
        assert data_of(answer)["status"] == "cancelled"


def test_a_replayed_cancel_needs_the_proof_again(store, wei):
    """Else a key that is known would tell, guess by guess, which digits are right."""
    booked = book(store, clock("16:00"))
    path = f"appointments/{booked.code}/cancel"
    data_of(caller().post(path, {"phone_last4": "0001"}, **KEY))

    refusal_of(caller().post(path, {"phone_last4": "0002"}, **KEY), 403, "proof_required")
