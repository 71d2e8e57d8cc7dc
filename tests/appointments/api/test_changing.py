"""POST appointments/{code}/cancel and …/reschedule."""

import pytest

from appointments import services
from appointments.models import Claim
from tests.callers import caller, data_of, refusal_of

from ..world import LAN, NOW, QIANG, SHANGHAI, book, clock, confirmed, hire, manager, running

TO_ELEVEN = {"appointment_date": "2026-03-02", "start_time": "11:00"}


@pytest.fixture
def lans(store, wei):
    return book(store, clock("14:00"))


def test_a_guest_cancels_with_proof(lans):
    body = {"reason": "临时有事，需要取消", "phone_last4": "0001"}

    data = data_of(caller().post(f"appointments/{lans.code}/cancel", body))

    assert (data["status"], data["id"]) == ("cancelled", str(lans.pk))
    lans.refresh_from_db()
    assert lans.cancel_reason == "临时有事，需要取消"
    assert not Claim.objects.exists()


def test_the_owner_cancels_without_proof_or_reason(store, wei, fang):
    booked = book(store, clock("14:00"), customer=fang)

    assert data_of(caller(fang).post(f"appointments/{booked.code}/cancel"))["status"] == "cancelled"


def test_who_booked_as_a_guest_and_signed_in_later_may_prove_it(lans, bo):
    body = {"phone_last4": "0001"}

    data_of(caller(bo).post(f"appointments/{lans.code}/cancel", body))


@pytest.mark.parametrize("digits", [None, "", "9999", "00001", "１２３４", "\t", 1])
@pytest.mark.parametrize("verb", ["cancel", "reschedule"])
def test_without_the_right_proof_nothing_changes(lans, verb, digits):
    body = TO_ELEVEN | {"phone_last4": digits}

    refusal_of(caller().post(f"appointments/{lans.code}/{verb}", body), 403, "proof_required")

    lans.refresh_from_db()
    assert (lans.status, lans.starts_at) == ("pending", clock("14:00"))


def test_a_failed_proof_stays_counted_though_the_request_was_refused(lans):
    for _ in range(5):
        caller().post(f"appointments/{lans.code}/cancel", {"phone_last4": "9999"})

    answer = caller().post(f"appointments/{lans.code}/cancel", {"phone_last4": "0001"})

    refusal_of(answer, 429, "rate_limited")


@pytest.mark.parametrize("verb", ["cancel", "reschedule"])
def test_a_code_nobody_holds_is_not_found(lans, verb):
    body = TO_ELEVEN | {"phone_last4": "0001"}

    refusal_of(caller().post(f"appointments/999{lans.code}/{verb}", body), 404, "not_found")


def test_after_the_start_it_is_too_late_to_cancel(lans, now):
    now.move_to(clock("14:00"))

    answer = caller().post(f"appointments/{lans.code}/cancel", {"phone_last4": "0001"})

    refusal_of(answer, 400, "cancel_too_late")


def test_what_is_over_cannot_be_cancelled(lans):
    services.cancel(lans, by=manager(lans.store), at=NOW)

    answer = caller().post(f"appointments/{lans.code}/cancel", {"phone_last4": "0001"})

    assert refusal_of(answer, 409, "invalid_transition") == {"status": ["cancelled"]}


def test_what_has_begun_cannot_be_moved(store, wei, now):
    booked = running(store, clock("09:00"))
    now.move_to(clock("09:05"))

    answer = caller(manager(store).user).post(f"appointments/{booked.code}/reschedule", TO_ELEVEN)

    assert refusal_of(answer, 409, "invalid_transition") == {"status": ["in_progress"]}


@pytest.mark.parametrize(
    "to", [TO_ELEVEN, {"starts_at": "2026-03-02T03:00:00Z"}], ids=["local", "instant"]
)
def test_a_guest_moves_it_with_proof(lans, to):
    data = data_of(
        caller().post(f"appointments/{lans.code}/reschedule", to | {"phone_last4": "0001"})
    )

    assert (data["appointment_code"], data["start_time"], data["end_time"]) == (
        lans.code,
        "11:00",
        "12:00",
    )


def test_moving_keeps_a_confirmed_one_confirmed(store, wei, fang):
    booked = confirmed(store, clock("14:00"), customer=fang)

    data = data_of(caller(fang).post(f"appointments/{booked.code}/reschedule", TO_ELEVEN))

    assert (data["status"], data["realtor_id"]) == ("confirmed", str(wei.pk))


def test_a_taken_start_is_refused_and_nothing_changes(store, wei, lans):
    book(store, clock("11:00"), phone=QIANG)

    answer = caller().post(
        f"appointments/{lans.code}/reschedule", TO_ELEVEN | {"phone_last4": "0001"}
    )

    errors = refusal_of(answer, 409, "slot_taken")
    assert errors["next_free_starts"]
    lans.refresh_from_db()
    assert lans.starts_at == clock("14:00")
    assert Claim.objects.filter(appointment=lans, resource__startswith="r:").count() == 12


def test_ones_own_other_appointment_stands_in_the_way(store, wei, lans):
    hire(store, "Xu")
    book(store, clock("11:00"), phone=LAN)

    answer = caller().post(
        f"appointments/{lans.code}/reschedule", TO_ELEVEN | {"phone_last4": "0001"}
    )

    refusal_of(answer, 409, "customer_conflict")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({"start_time": "08:00"}, "too_soon"),
        ({"appointment_date": "2026-03-20"}, "too_far_ahead"),
        ({"start_time": "11:01"}, "not_on_grid"),
        ({"start_time": "19:00"}, "outside_business_hours"),
        ({"start_time": None}, "invalid"),
        ({"appointment_date": "tomorrow"}, "invalid"),
        ({"starts_at": "2026-03-02"}, "invalid"),
        ({"appointment_date": "0001-01-01", "start_time": "00:00"}, "too_soon"),
        ({"appointment_date": "9999-12-31"}, "too_far_ahead"),
    ],
)
def test_a_start_that_may_not_be_booked_is_refused_by_name(lans, to, code):
    body = TO_ELEVEN | {"phone_last4": "0001"} | to

    refusal_of(caller().post(f"appointments/{lans.code}/reschedule", body), 400, code)

    lans.refresh_from_db()
    assert lans.starts_at.astimezone(SHANGHAI).hour == 14


def test_its_realtor_does_not_move_it(lans, wei):
    answer = caller(wei.user).post(f"appointments/{lans.code}/reschedule", TO_ELEVEN)

    refusal_of(answer, 403, "forbidden")


def test_its_realtor_may_cancel_it(lans, wei):
    body = {"reason": "ill"}

    data = data_of(caller(wei.user).post(f"appointments/{lans.code}/cancel", body))

    assert data["status"] == "cancelled"


def test_a_reason_is_of_at_most_two_hundred_signs(lans):
    body = {"reason": "x" * 201, "phone_last4": "0001"}
    answer = caller().post(f"appointments/{lans.code}/cancel", body)
    assert set(refusal_of(answer, 400, "invalid")) == {"reason"}


def test_a_reason_typed_on_two_lines_is_kept_on_one(lans):
    body = {"reason": "I am ill.\nSorry!", "phone_last4": "0001"}
    data_of(caller().post(f"appointments/{lans.code}/cancel", body))

    lans.refresh_from_db()
    assert lans.cancel_reason == "I am ill. Sorry!"
