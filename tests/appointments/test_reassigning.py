"""Staff give an appointment to somebody else."""

import pytest

from appointments import errors, services
from appointments.events import AppointmentAssigned, AppointmentUnassigned
from appointments.models import Appointment, Offer, Status
from appointments.services.leaving import hand_on
from appointments.services.queueing import dispatch
from booking_site.common.errors import Forbidden, Invalid, NotFound
from realtors.models import Realtor
from tests.races.checker import faults

from .world import (
    MINUTE,
    NOW,
    QIANG,
    acting,
    away,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    join,
    manager,
    offline,
    online,
    open_store,
    owner,
)

TEN = clock("10:00")


def test_a_confirmed_appointment_stays_confirmed_with_the_new_realtor(store, wei, ming, heard):
    appointment = confirmed(store, clock("14:00"), realtor=wei)
    told, given = heard(AppointmentUnassigned), heard(AppointmentAssigned)

    services.reassign(appointment, ming, by=manager(store), at=NOW, reason="Wei is ill")

    appointment.refresh_from_db()
    assert (appointment.realtor, appointment.status) == (ming, Status.CONFIRMED)
    assert claimed(appointment)[f"r:{ming.pk}"] == ["14:00-15:00"]
    assert f"r:{wei.pk}" not in claimed(appointment)
    assert [(one.realtor_id, one.reason, one.announced) for one in told] == [
        (wei.pk, "Wei is ill", True)
    ]
    assert [one.realtor_id for one in given] == [ming.pk]
    entry = appointment.log.get(action="reassigned")
    assert (entry.reason, entry.details["before"]) == ("Wei is ill", wei.pk)
    assert faults(NOW) == []


def test_a_pending_one_is_put_before_the_new_realtor(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)

    services.reassign(appointment, ming, by=manager(store), at=NOW, reason="better suited")

    open_offers = Offer.objects.filter(appointment=appointment, status="open")
    assert [offer.realtor for offer in open_offers] == [ming]
    services.decline(appointment, by=acting(ming), at=NOW + MINUTE)
    appointment.refresh_from_db()
    assert appointment.realtor == wei


def test_one_that_needs_a_person_is_given_to_somebody_against_the_rules(store, wei):
    appointment = book(store, clock("14:00"))
    services.decline(appointment, by=acting(wei), at=NOW)
    boss = manager(store)
    with pytest.raises(Invalid) as refused:
        services.reassign(appointment, wei, by=boss, at=NOW, reason="he can after all")
    assert refused.value.errors["rejected"] == ["refused"]

    services.reassign(appointment, wei, by=boss, at=NOW, reason="he can after all", override=True)

    appointment.refresh_from_db()
    assert (appointment.realtor, appointment.needs_person) == (wei, False)
    assert appointment.log.get(action="reassigned").details["override"] == "refused"


def test_working_hours_can_be_overridden_and_another_promise_cannot(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)
    away(ming, clock("13:00"), clock("16:00"))
    boss = manager(store)

    services.reassign(appointment, ming, by=boss, at=NOW, reason="agreed", override=True)

    other = book(store, clock("14:00"), phone=QIANG, realtor=wei)
    with pytest.raises(errors.SlotTaken):
        services.reassign(other, ming, by=boss, at=NOW, reason="agreed", override=True)
    assert faults(NOW) == []


def test_a_live_customer_may_be_given_to_somebody_who_is_not_online(store, wei):
    lan = join(store, at=clock("10:00"))

    services.reassign(
        lan, wei, by=manager(store), at=clock("10:05"), reason="is here", override=True
    )

    assert (lan.realtor, lan.status) == (wei, Status.PENDING)
    assert claimed(lan) == {f"r:{wei.pk}": ["10:05-11:05"]}


def given_to(realtor, store) -> Appointment:
    """A live customer whom staff have given to somebody who is not online, and who was accepted."""
    lan = join(store, at=TEN)
    boss = manager(store)
    services.reassign(lan, realtor, by=boss, at=TEN, reason="is here", override=True)
    return services.accept(lan, by=acting(realtor), at=TEN)


def test_a_confirmed_live_customer_stays_with_whom_staff_have_chosen(store, wei, ming):
    online(ming, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(ming), at=TEN)

    services.reassign(lan, wei, by=manager(store), at=TEN, reason="is here", override=True)
    dispatch(store, at=TEN + MINUTE)

    lan.refresh_from_db()
    assert (lan.realtor, lan.status) == (wei, Status.CONFIRMED)
    assert faults(TEN + MINUTE) == []


def test_who_was_chosen_by_staff_and_then_goes_offline_hands_on(store, wei, ming):
    lan = given_to(wei, store)
    online(wei, at=TEN + MINUTE)
    online(ming, at=TEN + MINUTE)

    offline(wei, at=TEN + 2 * MINUTE)

    lan.refresh_from_db()
    assert (lan.realtor, lan.status) == (ming, Status.PENDING)
    assert faults(TEN + 2 * MINUTE) == []


def test_who_was_chosen_by_staff_and_then_leaves_for_good_hands_on(store, wei, ming):
    lan = given_to(wei, store)
    online(ming, at=TEN)
    Realtor.objects.filter(pk=wei.pk).update(is_active=False)

    hand_on(wei, at=TEN + MINUTE)

    lan.refresh_from_db()
    assert (lan.realtor, lan.status) == (ming, Status.PENDING)
    assert faults(TEN + MINUTE) == []


def test_it_takes_a_reason_a_realtor_of_the_store_and_a_state_that_allows_it(store, wei, ming):
    appointment = confirmed(store, clock("14:00"), realtor=wei)
    elsewhere = hire(open_store("bund"), "Lei")
    boss = manager(store)

    with pytest.raises(Invalid):
        services.reassign(appointment, ming, by=boss, at=NOW, reason=" ")
    for stranger in (elsewhere, wei):
        with pytest.raises(NotFound):
            services.reassign(appointment, stranger, by=boss, at=NOW, reason="x", override=True)
    services.cancel(appointment, by=boss, at=NOW)
    with pytest.raises(errors.InvalidTransition):
        services.reassign(appointment, ming, by=boss, at=NOW, reason="x")


def test_only_staff_of_the_store_reassign(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)

    for by in (acting(wei), acting(ming), owner(appointment), manager(open_store("bund"), "Xu")):
        with pytest.raises(Forbidden):
            services.reassign(appointment, ming, by=by, at=NOW, reason="x", override=True)


def test_the_time_that_became_free_serves_whoever_waits(store, wei, ming):
    first = confirmed(store, clock("14:00"), realtor=wei)
    second = confirmed(store, clock("14:00"), realtor=ming, phone=QIANG)
    waiting = book(store, clock("14:00"), phone="+8613800000009")
    lei = hire(store, "Lei")
    away(lei, clock("13:00"), clock("18:00"))
    assert waiting.is_waiting

    services.reassign(first, lei, by=manager(store), at=NOW, reason="x", override=True)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert second.realtor == ming
    assert online(lei).presence == "online"
