"""A reminder's time has come."""

from datetime import datetime

from django.db import IntegrityError, transaction

from appointments.models import Appointment
from appointments.models.appointment import UPCOMING
from notifications.models import Kind, Reminder
from notifications.selectors.due import DueReminder
from notifications.services.outbox import record


@transaction.atomic
def remind(due: DueReminder, *, at: datetime) -> bool:
    """Note that its turns have been, and write one letter to each side. False when somebody else
    has done so, or when the appointment was moved or called off meanwhile."""
    stands = Appointment.objects.filter(
        pk=due.appointment_id, starts_at=due.starts_at, status__in=UPCOMING
    )
    if not stands.exists():
        return False
    try:
        with transaction.atomic():
            for turn in due.turns:
                Reminder.objects.create(
                    appointment_id=due.appointment_id, starts_at=due.starts_at, turn=turn, at=at
                )
    except IntegrityError:
        return False
    facts = {"starts_at": due.starts_at.isoformat(), "turn": due.turns[-1]}
    record(Kind.REMINDER, appointment_id=due.appointment_id, at=at, facts=facts)
    return True
