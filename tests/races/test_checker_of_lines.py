"""The checker of the races reports what is wrong with a live line, too."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from appointments import services
from appointments.models import Appointment, Claim
from appointments.timed import run_due
from realtors.models import Realtor
from tests.appointments.world import (
    MINUTE,
    acting,
    clock,
    hire,
    join,
    offline,
    online,
    open_store,
    owner,
    phones,
)
from tests.support.sharing import rolled_back_at_last

from . import checker
from .checker import faults
from .lies import change, claim_of

pytestmark = pytest.mark.django_db
LATER = clock("09:40")


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


@pytest.fixture(scope="module")
def _live_town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveTown]:
    with rolled_back_at_last(django_db_blocker):
        yield LiveTown()


@pytest.fixture
def live_town(_live_town: LiveTown, db: None) -> LiveTown:
    """In objects of the test's own."""
    return deepcopy(_live_town)


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
