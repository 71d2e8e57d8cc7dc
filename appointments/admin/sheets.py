"""Appointments as a file, times by the clock of their store. They are not imported: each is booked
through the one engine, so that nothing is promised twice."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.models import Appointment
from booking_site.common.admin.sheets.columns import Column, Sheet, in_zone

from .showing import has_no_time, status_of


def _local(name: str) -> Callable[[Appointment], str]:
    def told(appointment: Appointment) -> str:
        if name in ("starts_at", "ends_at") and has_no_time(appointment):
            return ""
        instant: Any = getattr(appointment, name)
        return in_zone(instant, appointment.store.zone)

    return told


class AppointmentSheet(Sheet):
    code = Column(_("Code"), "code")
    status = Column(_("Status"), told=lambda appointment: status_of(appointment)[1])
    store = Column(_("Store"), "store__name")
    realtor = Column(_("Realtor"), "realtor__name")
    listing = Column(_("Course or listing"), "listing__title")
    package = Column(_("Package"), "package_id")
    child = Column(_("Child"), "child__name", personal=True)
    starts_at = Column(_("Start"), told=_local("starts_at"))
    ends_at = Column(_("End"), told=_local("ends_at"))
    duration_minutes = Column(_("Minutes"), "duration_minutes")
    live = Column(_("As soon as possible"), "live")
    customer_name = Column(_("Customer"), "customer_name", personal=True)
    customer_phone = Column(_("Phone"), "customer_phone", personal=True)
    customer_email = Column(_("E-mail"), "customer_email", personal=True)
    requirements = Column(_("Wishes"), "requirements", personal=True)
    customer_note = Column(_("Customer's note"), "customer_note", personal=True)
    provider_note = Column(_("Realtor's note"), "provider_note", personal=True)
    price = Column(_("Price"), "price")
    final_price = Column(_("Final price"), "final_price")
    currency = Column(_("Currency"), "currency")
    due_now = Column(_("To be paid in advance"), "due_now")
    payment_status = Column(_("Payment"), "get_payment_status_display")
    paid_at = Column(pgettext_lazy("when", "Paid"), told=_local("paid_at"))
    cancel_fee = Column(_("Cancellation fee"), "cancel_fee")
    needs_person = Column(_("Needs a person"), "needs_person")
    cancel_reason = Column(_("Reason of cancelling"), "cancel_reason", personal=True)
    created_at = Column(pgettext_lazy("when", "Booked"), told=_local("created_at"))
    started_at = Column(pgettext_lazy("when", "Started"), told=_local("started_at"))
    completed_at = Column(pgettext_lazy("when", "Completed"), told=_local("completed_at"))
    cancelled_at = Column(pgettext_lazy("when", "Cancelled"), told=_local("cancelled_at"))
