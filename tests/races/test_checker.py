"""The checker of the races reports what it is there to report: each of these lies must be found."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db.models import F
from pytest_django import DjangoDbBlocker

from appointments import services
from appointments.models import AppointmentEvent, Claim, Offer
from appointments.selectors import lines
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
    open_store,
    owner,
    phones,
    running,
)
from tests.support.sharing import rolled_back_at_last

from . import checker
from .checker import faults
from .lies import change, claim_of

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


@pytest.fixture(scope="module")
def _town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with rolled_back_at_last(django_db_blocker):
        yield Town()


@pytest.fixture
def town(_town: Town, db: None) -> Town:
    """In objects of the test's own."""
    return deepcopy(_town)


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


def test_it_does_not_mind_what_an_expired_hold_still_claims(town):
    assert Claim.objects.of(town.held).exists()
    assert faults(town.held.expires_at) == []
