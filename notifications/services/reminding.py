"""A reminder's time has come."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from appointments.models import Appointment
from appointments.models.appointment import UPCOMING
from appointments.permissions import require_provider_or_staff
from appointments.services.pools import lock_pool
from booking_site.common.actors import Actor
from booking_site.common.errors import TooMany
from notifications.models import Kind, OutboxEvent, Reminder
from notifications.selectors.due import DueReminder
from notifications.services.outbox import record

# What stands for a turn where somebody asked for it.
NOW = "now"
REMIND_AGAIN_AFTER = timedelta(minutes=10)


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


@transaction.atomic
def remind_now(appointment: Appointment, *, by: Actor, at: datetime) -> None:
    """A reminder out of turn, because the one who is visited, or staff, wants it: to the customer,
    and to the realtor unless it is they who ask. The turns of the policy come all the same.

    Raises Forbidden; TooMany within ten minutes of the last reminder; InvalidTransition for what is
    not to come any more, has no time or nobody yet, or is not paid.
    """
    # Two who press at the same moment stand in the store's line.
    lock_pool(appointment.store_id, at=at)
    found = Appointment.objects.select_related("store", "realtor").get(pk=appointment.pk)
    require_provider_or_staff(by, found)
    if found.status not in UPCOMING or found.awaits_payment:
        raise InvalidTransition(errors={"status": [found.status]})
    if found.live or found.realtor is None or found.starts_at <= at:
        raise InvalidTransition(_("There is nothing to remind of."))
    sent = OutboxEvent.objects.filter(appointment=found, kind=Kind.REMINDER)
    last = sent.order_by("-pk").values_list("at", flat=True).first()
    if last is not None and at < last + REMIND_AGAIN_AFTER:
        raise TooMany(retry_after=max(1, int((last + REMIND_AGAIN_AFTER - at).total_seconds())))
    facts = {"starts_at": found.starts_at.isoformat(), "turn": NOW, "by_id": by.user_id}
    record(Kind.REMINDER, appointment_id=found.pk, at=at, facts=facts)
