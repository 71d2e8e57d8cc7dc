"""An appointment as a row of its realtor's day, with what can be done about it now."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, PaymentStatus, Status
from appointments.models.appointment import OVER, UPCOMING
from appointments.presenters import times
from appointments.presenters.life import reason_text
from appointments.presenters.own_orders import order_facts
from appointments.presenters.pages import spoken_phone
from appointments.presenters.prices import price
from appointments.presenters.stay_words import stay_dates
from appointments.presenters.where import where
from appointments.rules import is_its_day
from appointments.services.work import may_begin

REACHABLE = (Status.CONFIRMED, Status.IN_PROGRESS)


def entry(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """A row of the day, with what can be done about it now."""
    status = Status(appointment.status)
    confirmed = status == Status.CONFIRMED
    startable = appointment.live or at >= may_begin(appointment)
    return {
        "id": appointment.pk,
        "key": str(appointment.pk),
        "code": appointment.code,
        "name": appointment.customer_name,
        "phone": spoken_phone(appointment.customer_phone),
        # Whoever has not said yes yet, or has nothing more to do with them, need not call.
        "tel": appointment.customer_phone if status in REACHABLE else "",
        "wishes": appointment.requirements,
        "when": _when_today(appointment, at),
        "duration": times.duration(appointment.duration_minutes),
        "place": appointment.store.name,
        "where": where(appointment),
        "is_stay": appointment.is_stay,
        "status": status.value,
        "status_label": str(status.label),
        "session": appointment.session_id,
        "payment": payment_of(appointment),
        "arrived": _arrived(appointment),
        "reason": reason_text(appointment.cancel_reason),
        "is_over": status in OVER,
        "is_running": status == Status.IN_PROGRESS,
        "can_start": confirmed and startable,
        "too_early": _too_early(appointment, at) if confirmed and not startable else "",
        "can_complete": status == Status.IN_PROGRESS,
        "can_mark_no_show": confirmed and at >= appointment.starts_at,
        "can_check_in": _may_arrive(appointment, at),
        # A confirmed order is called off by both sides, in a box of its own.
        "can_cancel": confirmed and not appointment.is_order,
        "order": order_facts(appointment),
        "can_act": status == Status.IN_PROGRESS
        or (confirmed and (startable or at >= appointment.starts_at)),
        # It stands in no place of the day's picture.
        "is_loose": not appointment.is_timed,
    }


def payment_of(appointment: Appointment) -> dict[str, str] | None:
    """As the status component takes it; None where nothing has to be paid in advance."""
    if appointment.payment_status == PaymentStatus.NOT_REQUIRED:
        return None
    label = str(appointment.get_payment_status_display())
    if appointment.due_now:
        amount = price(appointment.due_now, appointment.currency)
        label = _("%(state)s %(amount)s") % {"state": label, "amount": amount}
    return {"status": appointment.payment_status, "label": label}


def _arrived(appointment: Appointment) -> str:
    """Since when they wait; empty once the work has begun."""
    if appointment.arrived_at is None or appointment.status not in UPCOMING:
        return ""
    time = times.clock(appointment.arrived_at.astimezone(appointment.store.zone))
    return _("here since %(time)s") % {"time": time}


def _too_early(appointment: Appointment, at: datetime) -> str:
    early = may_begin(appointment).astimezone(appointment.store.zone)
    if appointment.is_stay:
        day = times.calendar_day(early.date(), at.astimezone(appointment.store.zone).date())
        return _("Can be checked in from %(day)s on.") % {"day": day}
    return _("Can be started from %(time)s.") % {"time": times.clock(early)}


def _may_arrive(appointment: Appointment, at: datetime) -> bool:
    """Pets have arrived when they are checked in."""
    if appointment.is_stay or appointment.status not in UPCOMING:
        return False
    its_day = is_its_day(appointment.starts_at, at, appointment.store.zone)
    return appointment.arrived_at is None and (appointment.live or its_day)


def _when_today(appointment: Appointment, at: datetime) -> str:
    begun = appointment.status in (Status.IN_PROGRESS, Status.COMPLETED)
    if appointment.live and not begun:
        return pgettext("instead of a time", "now")
    zone = appointment.store.zone
    if appointment.is_stay:
        return stay_dates(appointment, at.astimezone(zone).date())
    if appointment.starts_at.astimezone(zone).date() != at.astimezone(zone).date():
        return times.spoken(appointment.starts_at, zone, at)
    return times.span(appointment.starts_at, appointment.ends_at, zone)
