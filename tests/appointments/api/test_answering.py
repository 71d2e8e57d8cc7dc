"""POST appointments/{id}/accept, decline, start, complete, no-show."""

import pytest

from appointments import services
from appointments.models import Claim
from tests.callers import caller, data_of, refusal_of

from ..world import NOW, acting, book, clock, confirmed, hire, manager, open_store, running

VERBS = ["accept", "decline", "start", "complete", "no-show"]


def test_the_realtor_accepts_as_the_seed_shows_it(store, wei):
    booked = book(store, clock("14:00"))

    data = data_of(
        caller(wei.user).post(f"appointments/{booked.pk}/accept", {"realtor_id": str(wei.pk)})
    )

    assert (data["status"], data["realtor_confirmed"]) == ("confirmed", True)


def test_the_realtor_need_not_say_who_they_are(store, wei):
    booked = book(store, clock("14:00"))

    assert data_of(caller(wei.user).post(f"appointments/{booked.pk}/accept"))["status"] == (
        "confirmed"
    )


def test_staff_accept_for_the_realtor(store, wei):
    booked = book(store, clock("14:00"))

    data = data_of(
        caller(manager(store).user).post(f"appointments/{booked.pk}/accept", {"realtor_id": wei.pk})
    )

    assert data["status"] == "confirmed"


def test_a_declined_one_goes_to_the_next_realtor(store, wei, ming):
    booked = book(store, clock("14:00"))
    asked = booked.realtor

    data = data_of(
        caller(asked.user).post(f"appointments/{booked.pk}/decline", {"reason": "too far"})
    )

    assert data["status"] == "pending"
    assert data["realtor_id"] == str(ming.pk if asked == wei else wei.pk)


def test_a_declined_one_whose_realtor_was_named_is_cancelled(store, wei, ming):
    booked = book(store, clock("14:00"), realtor=wei)

    data = data_of(caller(wei.user).post(f"appointments/{booked.pk}/decline"))

    assert data["status"] == "cancelled"


def test_who_answers_too_late_hears_that_it_went_to_another(store, wei, ming):
    booked = book(store, clock("14:00"))
    asked = booked.realtor
    services.decline(booked, by=acting(asked), at=NOW)

    answer = caller(asked.user).post(f"appointments/{booked.pk}/accept")

    refusal_of(answer, 409, "already_taken")


def test_from_start_to_completion(store, wei, now):
    booked = confirmed(store, clock("14:00"))
    now.move_to(clock("13:50"))
    assert data_of(caller(wei.user).post(f"appointments/{booked.pk}/start"))["status"] == (
        "in_progress"
    )
    now.move_to(clock("14:20"))

    data = data_of(caller(wei.user).post(f"appointments/{booked.pk}/complete"))

    assert data["status"] == "completed"
    # What was left of the hour is free again.
    assert not Claim.objects.filter(cell__gte=int(clock("14:20").timestamp()) // 300).exists()


def test_it_does_not_start_before_a_quarter_of_an_hour_before(store, wei, now):
    booked = confirmed(store, clock("14:00"))
    now.move_to(clock("13:44"))

    answer = caller(wei.user).post(f"appointments/{booked.pk}/start")

    assert refusal_of(answer, 409, "invalid_transition") == {"start": ["too_early"]}


def test_somebody_who_did_not_come(store, wei, now):
    booked = confirmed(store, clock("14:00"))
    now.move_to(clock("14:30"))

    assert data_of(caller(wei.user).post(f"appointments/{booked.pk}/no-show"))["status"] == (
        "no_show"
    )


def test_nobody_fails_to_come_before_the_start(store, wei, now):
    booked = confirmed(store, clock("14:00"))
    now.move_to(clock("13:59"))

    refusal_of(
        caller(wei.user).post(f"appointments/{booked.pk}/no-show"), 409, "invalid_transition"
    )


@pytest.mark.parametrize(
    ("make", "verb"),
    [
        (confirmed, "accept"),
        (confirmed, "decline"),
        (book, "start"),
        (book, "no-show"),
        (book, "complete"),
        (confirmed, "complete"),
        (running, "accept"),
        (running, "start"),
        (running, "no-show"),
    ],
)
def test_what_does_not_follow_is_refused(store, wei, now, make, verb):
    appointment = make(store, clock("14:00"))
    now.move_to(clock("14:00"))

    answer = caller(wei.user).post(f"appointments/{appointment.pk}/{verb}")

    refusal_of(answer, 409, "invalid_transition")


@pytest.mark.parametrize("verb", VERBS)
def test_one_in_line_has_nobody_to_answer_for_it(store, wei, verb):
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone="+8613800000009")

    answer = caller(manager(store).user).post(f"appointments/{waiting.pk}/{verb}")

    refusal_of(answer, 409, "invalid_transition")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", ["0", "999999", "abc", "1.0", "-1", str(2**64), "١"])
def test_ids_of_nobody_are_not_found(wei, verb, number):
    refusal_of(caller(wei.user).post(f"appointments/{number}/{verb}"), 404, "not_found")


@pytest.mark.parametrize("verb", VERBS)
def test_a_realtor_cannot_be_named_into_ones_rights(store, wei, ming, verb):
    booked = book(store, clock("14:00"), realtor=wei)

    answer = caller(wei.user).post(f"appointments/{booked.pk}/{verb}", {"realtor_id": str(ming.pk)})

    assert set(refusal_of(answer, 404, "not_found")) == {"realtor_id"}


@pytest.mark.parametrize("verb", VERBS)
def test_staff_cannot_answer_for_a_realtor_who_was_not_asked(store, wei, ming, verb):
    booked = book(store, clock("14:00"), realtor=wei)

    answer = caller(manager(store).user).post(
        f"appointments/{booked.pk}/{verb}", {"realtor_id": str(ming.pk)}
    )

    refusal_of(answer, 409, "already_taken")


def test_an_appointment_elsewhere_is_not_there(store, wei):
    elsewhere = open_store("bund")
    hire(elsewhere, "Yun")
    foreign = book(elsewhere, clock("14:00"))

    for verb in VERBS:
        for user in (wei.user, manager(store, f"M{verb}").user):
            answer = caller(user).post(f"appointments/{foreign.pk}/{verb}")
            refusal_of(answer, 404, "not_found")
