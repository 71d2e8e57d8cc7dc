"""The checker of the races reports what it is there to report: each of these lies must be found."""

from datetime import timedelta

import pytest
from django.db.models import F

from appointments import services
from appointments.models import Appointment, AppointmentEvent, Claim, Hold, Offer, Session
from appointments.selectors import lines
from appointments.timed import run_due
from realtors.models import Realtor
from tests.appointments.courses import (
    child_of,
    lock,
    paid_seat,
    session_at,
    take_seat,
    teach,
)
from tests.appointments.world import (
    GUEST,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    acting,
    book,
    clock,
    confirmed,
    hire,
    join,
    offline,
    online,
    open_store,
    owner,
    phones,
    register,
    running,
)

from . import checker
from .checker import faults

pytestmark = pytest.mark.django_db
LATER = clock("09:40")


class Town:
    """Two realtors and every kind of row, all in order."""

    def __init__(self) -> None:
        self.store = open_store(buffer_after_minutes=15)
        self.wei, self.ming = hire(self.store, "Wei"), hire(self.store, "Ming")
        some = phones(9)
        self.done = running(self.store, clock("09:00"), realtor=self.wei, phone=some[0])
        services.complete(self.done, by=acting(self.wei), at=clock("09:31"))
        self.offered = book(self.store, clock("14:00"), realtor=self.wei)
        self.accepted = confirmed(self.store, clock("14:00"), phone=QIANG)
        self.first, self.second = (
            book(self.store, clock("14:00"), phone=phone) for phone in some[1:3]
        )
        self.gone = book(self.store, clock("16:00"), phone=some[3])
        services.cancel(self.gone, by=owner(self.gone), at=NOW)
        self.held = services.hold(self.store, starts_at=clock("16:30"), by=GUEST, at=LATER - MINUTE)


@pytest.fixture
def town() -> Town:
    return Town()


def change(one: Appointment, **columns: object) -> None:
    Appointment.objects.filter(pk=one.pk).update(**columns)


def claim_of(one: Appointment | Hold) -> Claim:
    return Claim.objects.of(one).filter(resource__startswith="r:").first()


def test_nothing_is_wrong_in_a_town_in_order(town):
    assert faults(LATER) == []


def two_at_once(town):
    """A quarter of an hour early into another's buffer; the claims are moved along."""
    other = confirmed(town.store, clock("15:30"), realtor=town.wei, phone=phones(20)[15])
    start = clock("15:00")
    change(other, starts_at=start, ends_at=start + timedelta(hours=1))


def one_person_in_two_places(town):
    change(town.accepted, customer_phone=LAN)


def a_claim_is_missing(town):
    claim_of(town.accepted).delete()


def a_claim_of_a_hold_is_missing(town):
    claim_of(town.held).delete()


def a_cancelled_one_still_claims(town):
    Claim.objects.create(resource=f"r:{town.wei.pk}", cell=1, appointment=town.gone)


def a_finished_one_claims_to_its_end(town):
    cell = claim_of(town.done).cell + 9
    Claim.objects.create(resource=f"r:{town.wei.pk}", cell=cell, appointment=town.done)


def a_claim_is_of_another_unit(town):
    claim = claim_of(town.accepted)
    Claim.objects.filter(pk=claim.pk).update(unit=1)


def somebody_waits_while_one_is_free(town):
    Claim.objects.of(town.accepted).delete()
    change(town.accepted, status="cancelled", cancelled_at=NOW)


def a_step_was_left_out(town):
    change(town.accepted, status="completed", completed_at=NOW)


def a_step_was_not_written_down(town):
    change(town.offered, status="cancelled", cancelled_at=NOW)


def a_step_that_is_not_allowed(town):
    AppointmentEvent.objects.create(
        appointment=town.gone,
        action="confirmed",
        from_status="cancelled",
        to_status="confirmed",
        actor_kind="system",
        at=NOW,
    )


def a_stamp_is_missing(town):
    change(town.accepted, confirmed_at=None)


def the_log_is_empty(town):
    AppointmentEvent.objects.filter(appointment=town.first)._raw_delete("default")


def the_realtor_changed_behind_the_back_of_the_log(town):
    change(town.accepted, realtor=town.wei)


def nobody_was_asked(town):
    Offer.objects.filter(appointment=town.offered).delete()


def two_were_asked(town):
    Offer.objects.create(
        appointment=town.offered,
        realtor=town.ming,
        open_key=town.gone.pk,
        created_at=NOW,
        deadline_at=NOW,
    )


def an_answered_one_is_still_asked(town):
    Offer.objects.filter(appointment=town.accepted).update(status="open", open_key=town.accepted.pk)


def an_answer_came_after_its_deadline(town):
    Offer.objects.filter(appointment=town.accepted).update(answered_at=F("deadline_at"))


def an_answer_is_not_in_the_log(town):
    Offer.objects.create(
        appointment=town.accepted,
        realtor=town.wei,
        status="timed_out",
        created_at=NOW,
        deadline_at=NOW,
    )


def an_answer_is_in_the_log_twice(town):
    AppointmentEvent.objects.create(
        appointment=town.first,
        action="timed_out",
        from_status="pending",
        to_status="pending",
        actor_kind="system",
        at=NOW,
    )


def an_open_offer_has_no_key(town):
    Offer.objects.filter(appointment=town.offered).update(open_key=None)


def an_offer_is_stuck(town):
    late = LATER - timedelta(seconds=11)
    Offer.objects.filter(appointment=town.offered).update(deadline_at=late)


def a_confirmed_booking_went_back_into_its_line(town):
    for action, before, after in (
        ("requeued", "confirmed", "pending"),
        ("confirmed", "pending", "confirmed"),
    ):
        AppointmentEvent.objects.create(
            appointment=town.accepted,
            action=action,
            from_status=before,
            to_status=after,
            actor_kind="system",
            at=NOW,
        )


LIES = [
    (two_at_once, "promised twice"),
    (one_person_in_two_places, "promised twice"),
    (a_claim_is_missing, "lacks a claim"),
    (a_claim_of_a_hold_is_missing, "lacks a claim"),
    (a_cancelled_one_still_claims, "still claims"),
    (a_finished_one_claims_to_its_end, "has no right to"),
    (a_claim_is_of_another_unit, "claims unit 1"),
    (somebody_waits_while_one_is_free, "waits while Ming is free"),
    (a_step_was_left_out, "does not agree with its log"),
    (a_step_was_not_written_down, "its log ends with pending"),
    (a_step_that_is_not_allowed, "went from cancelled to confirmed"),
    (a_stamp_is_missing, "confirmed_at does not agree"),
    (the_log_is_empty, "does not begin with its making"),
    (the_realtor_changed_behind_the_back_of_the_log, "its log ends with"),
    (nobody_was_asked, "has open offers to []"),
    (two_were_asked, "has open offers to ["),
    (an_answered_one_is_still_asked, "(confirmed) has open offers"),
    (an_answer_came_after_its_deadline, "accepted after its deadline"),
    (an_answer_is_not_in_the_log, "1 offers timed_out and 0 log entries"),
    (an_answer_is_in_the_log_twice, "0 offers timed_out and 1 log entries"),
    (an_open_offer_has_no_key, "its key says something else"),
    (an_offer_is_stuck, "open after its deadline"),
    (a_confirmed_booking_went_back_into_its_line, "went from confirmed to pending"),
]


@pytest.mark.parametrize(("lie", "sentence"), LIES, ids=lambda part: getattr(part, "__name__", ""))
def test_it_notices_when(town, lie, sentence):
    lie(town)

    assert any(sentence in fault for fault in faults(LATER)), faults(LATER)


def test_it_notices_a_place_in_line_that_is_not_the_rank(town, monkeypatch):
    def swapped(appointments):
        places = lines.queue_positions(appointments)
        places[town.first.pk], places[town.second.pk] = 2, 1
        return places

    monkeypatch.setattr(checker, "queue_positions", swapped)

    assert len([fault for fault in faults(LATER) if "stands at" in fault]) == 2


class LiveTown:
    """A live line of Wei, Ming and Yun at twenty to ten: served, accepted, asked, waiting, back in
    line, gone. Nothing is due and nobody is idle."""

    def __init__(self) -> None:
        self.store = open_store(buffer_after_minutes=15)
        self.wei, self.ming, self.yun = (hire(self.store, name) for name in ("Wei", "Ming", "Yun"))
        some = iter(phones(9))
        self.done = self._taken_by(self.wei, next(some), "09:00")
        services.start(self.done, by=acting(self.wei), at=clock("09:02"))
        services.complete(self.done, by=acting(self.wei), at=clock("09:20"))
        self.served = self._taken_by(self.wei, next(some), "09:21")
        services.start(self.served, by=acting(self.wei), at=clock("09:24"))
        # Yun does not answer Lan, and Ming, who has accepted, has to go.
        online(self.yun, at=clock("09:25"))
        self.first = join(self.store, phone=next(some), at=clock("09:25"))
        run_due(at=clock("09:31"))
        self._here(self.ming, "09:31")
        services.accept(self._now(self.first), by=acting(self.ming), at=clock("09:32"))
        offline(self.ming, at=clock("09:33"))
        self.second = join(self.store, phone=next(some), at=clock("09:34"))
        self.gone = join(self.store, phone=next(some), at=clock("09:35"))
        services.cancel(self.gone, by=owner(self.gone), at=clock("09:36"))
        # Somebody else takes Lan's place at the head.
        self._here(self.ming, "09:37")
        self.asked = self._now(self.first)
        self.third = join(self.store, phone=next(some), at=clock("09:38"))

    def _taken_by(self, realtor, phone: str, time: str) -> Appointment:
        self._here(realtor, time)
        one = join(self.store, phone=phone, at=clock(time))
        return services.accept(one, by=acting(realtor), at=clock(time) + MINUTE)

    def _here(self, realtor, time: str) -> None:
        online(realtor, at=clock(time))

    def _now(self, one: Appointment) -> Appointment:
        return Appointment.objects.get(pk=one.pk)


@pytest.fixture
def live_town(db) -> LiveTown:
    return LiveTown()


def presence(realtor, **columns: object) -> None:
    Realtor.objects.filter(pk=realtor.pk).update(**columns)


def test_nothing_is_wrong_in_a_live_line_in_order(live_town):
    statuses = (live_town.done, live_town.served, live_town.asked, live_town.gone)
    assert [live_town._now(one).status for one in statuses] == [
        "completed",
        "in_progress",
        "pending",
        "cancelled",
    ]
    assert live_town.asked.realtor == live_town.ming
    assert faults(LATER) == []


def a_third_realtor_is_free_for_the_line(town):
    presence(town.yun, away_since=None)


def a_realtor_who_cools_down_no_longer(town):
    """Ming says no to the first; two minutes later the second may be put before her."""
    services.decline(town.asked, by=acting(town.ming), at=LATER - 2 * MINUTE)


def the_offered_time_is_not_claimed(town):
    Claim.objects.of(town.asked).delete()


def a_waiter_claims(town):
    Claim.objects.create(resource=f"r:{town.ming.pk}", cell=1, appointment=town.second)


def who_is_asked_for_gives_time_before_it_begins(town):
    cell = claim_of(town.asked).cell
    Claim.objects.create(
        resource=f"p:{town.asked.customer_phone}", cell=cell, appointment=town.asked
    )


def the_served_customer_is_free_elsewhere(town):
    Claim.objects.of(town.served).filter(resource__startswith="p:").delete()


def two_live_customers_at_the_same_time(town):
    change(town.served, realtor=town.ming)


def a_place_is_kept_after_the_end(town):
    change(town.gone, live_key=f"{town.store.pk}:p:{town.gone.customer_phone}")


def a_place_is_lost_before_the_end(town):
    change(town.second, live_key=None)


def somebody_has_waited_for_too_long(town):
    change(town.second, queued_at=LATER - timedelta(minutes=120, seconds=11))


def the_accepted_realtor_is_offline(town):
    presence(town.ming, presence="offline")


def the_asked_realtor_is_silent(town):
    presence(town.ming, last_seen_at=LATER - 31 * MINUTE)


def the_asked_realtor_was_silent_long_before(town):
    presence(town.ming, last_seen_at=LATER - 40 * MINUTE)


def the_asked_realtor_was_away(town):
    presence(town.ming, away_since=LATER - 20 * MINUTE)


def the_asked_realtor_has_left(town):
    presence(town.ming, is_active=False)


def one_realtor_holds_more_than_the_load(town):
    presence(town.ming, max_load=1)
    change(town.served, realtor=town.ming)


LIVE_LIES = [
    (a_third_realtor_is_free_for_the_line, "waits while Yun is free"),
    (a_realtor_who_cools_down_no_longer, "waits while Ming is free"),
    (the_offered_time_is_not_claimed, "lacks a claim"),
    (a_waiter_claims, "has no right to"),
    (who_is_asked_for_gives_time_before_it_begins, "has no right to p:"),
    (the_served_customer_is_free_elsewhere, "lacks a claim on p:"),
    (two_live_customers_at_the_same_time, "promised twice"),
    (a_place_is_kept_after_the_end, "stands under"),
    (a_place_is_lost_before_the_end, "stands under None"),
    (somebody_has_waited_for_too_long, "has waited for too long"),
    (the_accepted_realtor_is_offline, "is with Ming, who has gone"),
    (the_asked_realtor_is_silent, "is with Ming, who has gone"),
    (the_asked_realtor_was_silent_long_before, "made to Ming, who was silent"),
    (the_asked_realtor_was_away, "made to Ming, who was away"),
    (the_asked_realtor_has_left, "is with somebody who has left"),
    (one_realtor_holds_more_than_the_load, "Ming has 2 live customers at once"),
]


@pytest.mark.parametrize(
    ("lie", "sentence"), LIVE_LIES, ids=lambda part: getattr(part, "__name__", "")
)
def test_it_notices_in_a_live_line_when(live_town, lie, sentence):
    lie(live_town)

    assert any(sentence in fault for fault in faults(LATER)), faults(LATER)


class School:
    """A session of two seats at ten, one paid by Fang and one locked by Bo; another at two, where
    Chun and her child have not paid yet."""

    def __init__(self) -> None:
        self.store = open_store()
        self.piano = teach(self.store, buffer_after_minutes=10)
        self.lesson = session_at(self.piano, clock("10:00"), capacity=2)
        self.later = session_at(self.piano, clock("14:00"), capacity=2)
        self.paid = paid_seat(self.lesson, register("Fang"), at=LATER - 60 * MINUTE)
        chun = register("Chun")
        self.unpaid = take_seat(self.later, chun, at=LATER - MINUTE)
        self.childs = take_seat(self.later, chun, child=child_of(chun, "Lei"), at=LATER - MINUTE)
        self.held = lock(self.lesson, register("Bo"), at=LATER - 60 * MINUTE)
        Hold.objects.filter(pk=self.held.pk).update(expires_at=LATER + MINUTE)


@pytest.fixture
def school(db) -> School:
    return School()


def alter(session: Session, **columns: object) -> None:
    Session.objects.filter(pk=session.pk).update(**columns)


def test_nothing_is_wrong_in_a_school_in_order(school):
    assert (school.paid.status, school.unpaid.payment_status) == ("confirmed", "unpaid")
    assert faults(LATER) == []


def more_people_than_seats(school):
    alter(school.lesson, capacity=1)


def a_seat_is_not_claimed(school):
    Claim.objects.of(school.paid).filter(resource__startswith="s:").delete()


def a_locked_seat_is_not_claimed(school):
    Claim.objects.of(school.held).delete()


def somebody_has_two_seats(school):
    seat = Claim.objects.of(school.unpaid).get(resource__startswith="s:")
    Claim.objects.create(resource=seat.resource, unit=5, cell=seat.cell, appointment=school.unpaid)


def the_child_is_free_elsewhere(school):
    Claim.objects.of(school.childs).filter(resource__startswith="c:").delete()


def the_teacher_is_free_meanwhile(school):
    Claim.objects.of(school.lesson).delete()


def the_teacher_is_promised_to_two_sessions(school):
    start = school.lesson.starts_at + 30 * MINUTE
    alter(school.later, starts_at=start, ends_at=start + 60 * MINUTE)


def a_session_was_moved_without_its_people(school):
    alter(school.later, starts_at=school.later.starts_at + 5 * MINUTE)


def a_session_was_called_off_without_its_people(school):
    alter(school.later, status="cancelled")


def a_session_was_held_without_its_people(school):
    alter(school.later, status="completed")


def what_was_not_paid_still_waits(school):
    change(school.unpaid, pay_before=LATER - MINUTE)


def the_teacher_is_asked_before_it_is_paid(school):
    Offer.objects.create(
        appointment=school.unpaid,
        realtor=school.piano.realtor,
        open_key=school.unpaid.pk,
        deadline_at=LATER + MINUTE,
        created_at=LATER,
    )


SCHOOL_LIES = [
    (more_people_than_seats, "has 1 seats and is promised to"),
    (more_people_than_seats, "is not there"),
    (a_seat_is_not_claimed, "lacks a claim on s:"),
    (a_locked_seat_is_not_claimed, "lacks a claim on s:"),
    (somebody_has_two_seats, "has 2 seats"),
    (the_child_is_free_elsewhere, "lacks a claim on c:"),
    (the_teacher_is_free_meanwhile, "lacks a claim on r:"),
    (the_teacher_is_promised_to_two_sessions, "promised twice"),
    (a_session_was_moved_without_its_people, "at another time"),
    (a_session_was_called_off_without_its_people, "will not take place"),
    (a_session_was_held_without_its_people, "that was held"),
    (what_was_not_paid_still_waits, "was not paid in time"),
    (the_teacher_is_asked_before_it_is_paid, "has open offers"),
]


@pytest.mark.parametrize(
    ("lie", "sentence"), SCHOOL_LIES, ids=lambda part: getattr(part, "__name__", "")
)
def test_it_notices_in_a_school_when(school, lie, sentence):
    lie(school)

    assert any(sentence in fault for fault in faults(LATER)), faults(LATER)


@pytest.mark.parametrize("told", [0, None])
def test_it_notices_an_untrue_wait(live_town, monkeypatch, told):
    monkeypatch.setattr(checker, "estimated_waits", lambda rows, at: {rows[0].pk: told})

    assert any(f"is told {told} minutes" in fault for fault in faults(LATER))


def test_it_notices_a_wait_that_nobody_can_know(live_town, monkeypatch):
    presence(live_town.wei, presence="busy")
    presence(live_town.ming, presence="busy")
    monkeypatch.setattr(checker, "estimated_waits", lambda rows, at: {rows[0].pk: 5})

    assert any("is told 5 minutes with 0 on duty" in fault for fault in faults(LATER))


def test_what_is_due_is_no_fault_before_the_sweep_has_come_by(live_town):
    presence(live_town.yun, away_since=None)
    presence(live_town.ming, presence="offline")
    somebody_has_waited_for_too_long(live_town)

    assert faults(LATER, swept=False) == []


def test_it_does_not_mind_what_an_expired_hold_still_claims(town):
    assert Claim.objects.of(town.held).exists()
    assert faults(town.held.expires_at) == []
