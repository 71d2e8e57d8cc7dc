"""One table of an appointment's life, one door through which its status moves, one log."""

import itertools

import pytest

from appointments.errors import InvalidTransition
from appointments.models import Appointment, AppointmentEvent, Status
from appointments.transitions import move
from booking_site.common.actors import SYSTEM

from .world import NOW, book, clock

pytestmark = pytest.mark.django_db

# The life table, for those who know each other by time only (no `service`).
LIFE = {
    ("pending", "confirmed"),
    ("pending", "cancelled"),
    ("confirmed", "in_progress"),
    ("confirmed", "no_show"),
    ("confirmed", "cancelled"),
    ("in_progress", "completed"),
}


def in_state(store, status) -> Appointment:
    appointment = book(store, clock("14:00"))
    Appointment.objects.filter(pk=appointment.pk).update(status=status)
    appointment.refresh_from_db()
    return appointment


@pytest.mark.parametrize(("old", "new"), sorted(LIFE))
def test_a_step_of_the_table_is_taken_and_written_down(store, wei, old, new):
    appointment = in_state(store, old)

    move(appointment, to=Status(new), by=SYSTEM, at=NOW, reason="why")

    appointment.refresh_from_db()
    entry = appointment.log.last()
    assert appointment.status == new
    assert (entry.from_status, entry.to_status, entry.at) == (old, new, NOW)
    assert (entry.actor_kind, entry.reason) == ("system", "why")


@pytest.mark.parametrize(
    ("old", "new"),
    sorted(
        pair
        for pair in itertools.product(Status.values, Status.values)
        if pair not in LIFE and pair[1] != "pending"
    ),
)
def test_any_other_step_is_refused_and_says_where_we_are(store, wei, old, new):
    appointment = in_state(store, old)
    entries = appointment.log.count()

    with pytest.raises(InvalidTransition) as refused:
        move(appointment, to=Status(new), by=SYSTEM, at=NOW)

    appointment.refresh_from_db()
    assert refused.value.errors == {"status": [old]}
    assert (appointment.status, appointment.log.count()) == (old, entries)


def test_who_looked_before_somebody_else_pressed_hears_what_happened(store, wei):
    appointment = book(store, clock("14:00"))
    stale = Appointment.objects.get(pk=appointment.pk)
    move(appointment, to=Status.CANCELLED, by=SYSTEM, at=NOW)

    with pytest.raises(InvalidTransition) as refused:
        move(stale, to=Status.CONFIRMED, by=SYSTEM, at=NOW)

    assert refused.value.errors == {"status": ["cancelled"]}
    assert stale.status == Status.CANCELLED


def test_who_looked_before_it_went_to_another_realtor_is_refused(store, wei, ming):
    appointment = book(store, clock("14:00"))
    stale = Appointment.objects.get(pk=appointment.pk)
    other = ming if appointment.realtor == wei else wei
    Appointment.objects.filter(pk=appointment.pk).update(realtor=other)

    with pytest.raises(InvalidTransition):
        move(stale, to=Status.CONFIRMED, by=SYSTEM, at=NOW)


def test_the_log_is_neither_edited_nor_deleted(store, wei):
    entry = book(store, clock("14:00")).log.first()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    assert AppointmentEvent.objects.filter(pk=entry.pk).exists()
