"""Moving to another start: own claims go and new ones come, or nothing changes."""

import pytest

from appointments import errors, services
from appointments.events import AppointmentAssigned
from appointments.models import Appointment, Status
from booking_site.common import events
from booking_site.common.actors import SYSTEM
from stores.models import BookingPolicy
from tests.races.checker import faults

from .world import (
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    manager,
    open_store,
    owner,
    running,
    work_from,
)

pytestmark = pytest.mark.django_db


def move(appointment, start, *, by=None, at=NOW, **more) -> Appointment:
    by = by or owner(appointment)
    return services.reschedule(appointment, starts_at=clock(start, **more), by=by, at=at)


def test_lan_moves_from_two_to_four(store, wei):
    appointment = book(store, clock("14:00"))

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.ends_at) == (clock("16:00"), clock("17:00"))
    assert claimed(appointment) == {f"r:{wei.pk}": ["16:00-17:00"], f"p:{LAN}": ["16:00-17:00"]}
    assert appointment.sequence == 1
    assert faults(NOW) == []


def test_code_age_and_realtor_are_kept(store, wei, ming):
    appointment = book(store, clock("14:00"))
    kept = (appointment.code, appointment.queued_at, appointment.realtor)

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert (appointment.code, appointment.queued_at, appointment.realtor) == kept


def test_ones_own_time_is_not_in_the_way(store, wei):
    appointment = book(store, clock("14:00"))

    move(appointment, "14:30")

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:30-15:30"]
    assert faults(NOW) == []


def test_ones_own_place_in_a_full_day_is_not_in_the_way(store):
    wei = hire(store, "Wei", max_per_day=1)
    appointment = book(store, clock("14:00"))

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.realtor) == (clock("16:00"), wei)


def test_a_full_day_is_full_for_those_who_come_from_another(store):
    hire(store, "Wei", max_per_day=1)
    book(store, clock("10:00", TUESDAY))
    appointment = book(store, clock("14:00"), phone=QIANG)

    with pytest.raises(errors.SlotTaken):
        move(appointment, "14:00", day=TUESDAY)


def test_moving_to_a_taken_time_changes_nothing(store, wei):
    book(store, clock("16:00"), phone=QIANG)
    appointment = confirmed(store, clock("14:00"))
    before = Appointment.objects.filter(pk=appointment.pk).values().get()

    with pytest.raises(errors.SlotTaken) as refused:
        move(appointment, "16:00", at=NOW + MINUTE)

    assert refused.value.errors["next_free_starts"]
    assert Appointment.objects.filter(pk=appointment.pk).values().get() == before
    assert claimed(appointment) == {f"r:{wei.pk}": ["14:00-15:00"], f"p:{LAN}": ["14:00-15:00"]}
    assert appointment.log.filter(action="rescheduled").count() == 0
    assert faults(NOW) == []


@pytest.mark.parametrize(
    ("start", "refusal"),
    [
        ("16:05", errors.NotOnGrid),
        ("08:15", errors.TooSoon),
        ("17:30", errors.OutsideBusinessHours),
    ],
)
def test_a_start_that_may_not_be_changes_nothing(store, wei, start, refusal):
    appointment = book(store, clock("14:00"))

    with pytest.raises(refusal):
        move(appointment, start)

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-15:00"]
    assert faults(NOW) == []


def test_moving_onto_ones_own_other_appointment_changes_nothing(store, wei, ming):
    book(store, clock("16:00"))
    appointment = book(store, clock("14:00"))

    with pytest.raises(errors.CustomerConflict):
        move(appointment, "16:30")

    assert f"p:{LAN}" in claimed(appointment)
    assert faults(NOW) == []


def test_when_the_realtor_is_taken_then_another_comes(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first, second = (wei, ming) if appointment.realtor == wei else (ming, wei)
    book(store, clock("16:00"), phone=QIANG, realtor=first)

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert appointment.realtor == second
    assert [offer.realtor for offer in appointment.offers.filter(status="open")] == [second]
    assert faults(NOW) == []


def test_a_named_realtor_is_not_replaced(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)
    work_from(wei, "09:00", "15:00")

    with pytest.raises(errors.SlotTaken):
        move(appointment, "16:00")
    move(appointment, "13:00")
    assert appointment.realtor == wei
    assert faults(NOW) == []


def test_what_was_confirmed_stays_so(store, wei):
    appointment = confirmed(store, clock("14:00"))

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert appointment.status == Status.CONFIRMED
    assert faults(NOW) == []


def test_a_new_realtor_of_a_confirmed_appointment_is_written_down_and_told(
    store, wei, ming, monkeypatch
):
    told = []
    monkeypatch.setitem(events._receivers, AppointmentAssigned, [told.append])
    appointment = confirmed(store, clock("14:00"))
    first, second = (wei, ming) if appointment.realtor == wei else (ming, wei)
    book(store, clock("16:00"), phone=QIANG, realtor=first)
    told.clear()

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert (appointment.realtor, appointment.status) == (second, Status.CONFIRMED)
    assert appointment.log.filter(action="assigned").last().details["realtor_id"] == second.pk
    assert [news.realtor_id for news in told] == [second.pk]
    assert faults(NOW) == []


def test_what_was_offered_is_offered_anew(store, wei):
    appointment = book(store, clock("14:00"))

    move(appointment, "16:00")

    rows = appointment.offers.order_by("pk").values_list("status", "deadline_at")
    assert list(rows) == [("withdrawn", clock("11:00")), ("open", clock("11:00"))]


def test_who_declined_once_is_not_asked_for_the_other_time(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first = appointment.realtor
    services.decline(appointment, by=acting(first), at=NOW)

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert appointment.realtor not in (None, first)


def test_who_waits_may_move_to_a_free_time(store, wei):
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    move(waiting, "16:00")

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW) == []


def test_the_time_that_was_left_goes_to_the_next_in_line(store, wei):
    appointment = book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    move(appointment, "16:00")

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW) == []


def test_two_may_not_swap_through_each_other(store, wei):
    lan = book(store, clock("14:00"))
    qiang = book(store, clock("15:00"), phone=QIANG)

    with pytest.raises(errors.SlotTaken):
        move(lan, "15:00")
    with pytest.raises(errors.SlotTaken):
        move(qiang, "14:00")
    assert faults(NOW) == []


def test_the_new_time_has_the_buffers_of_today():
    store = open_store(buffer_after_minutes=0)
    wei = hire(store, "Wei")
    appointment = book(store, clock("14:00"))
    BookingPolicy.objects.filter(store=store).update(buffer_after_minutes=30)

    move(appointment, "16:00")

    appointment.refresh_from_db()
    assert appointment.buffer_after_minutes == 30
    assert claimed(appointment)[f"r:{wei.pk}"] == ["16:00-17:30"]
    assert faults(NOW) == []


def test_a_customer_may_move_until_the_cutoff_they_booked_under():
    store = open_store(reschedule_cutoff_minutes=60)
    hire(store, "Wei")
    appointment = book(store, clock("14:00"))
    BookingPolicy.objects.filter(store=store).update(reschedule_cutoff_minutes=0)

    with pytest.raises(errors.CancelTooLate):
        move(appointment, "16:00", at=clock("13:00"))
    move(appointment, "16:00", at=clock("13:00"), by=manager(store))
    assert appointment.starts_at == clock("16:00")


def test_what_runs_or_is_over_does_not_move(store, wei):
    going_on = running(store, clock("14:00"))
    over = book(store, clock("16:00"))
    services.cancel(over, by=SYSTEM, at=NOW)

    for one in (going_on, over):
        with pytest.raises(errors.InvalidTransition):
            move(one, "17:00", at=clock("14:00"), by=SYSTEM)
