"""Whose appointment it is: found by its code, opened by its owner, its realtor, staff, or proof."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from appointments import proof
from appointments.models import Appointment, Status
from appointments.models.appointment import UPCOMING
from appointments.permissions import (
    bound_by_cutoff,
    decides,
    is_customer,
    is_provider,
    is_staff,
)
from appointments.presenters.what import VIEWING, kind_of
from appointments.services.cancelling import BINDING, is_before_cutoff
from appointments.views.memory import Memory
from booking_site.common.actors import Actor
from booking_site.common.callers import actor_of, address_of


@dataclass(frozen=True)
class Opened:
    """An appointment as this visitor may see it. ``by`` is None when only the code is known."""

    appointment: Appointment
    by: Actor | None
    at: datetime

    @property
    def may_cancel(self) -> bool:
        """As far as the rules say before trying; the service has the last word."""
        if self.binds_both and (self.by is None or not decides(self.by)):
            return False
        return self._may_change("cancel_cutoff_minutes")

    @property
    def may_move(self) -> bool:
        if self.by is None or self.appointment.live:
            return False
        if not self._may_change("reschedule_cutoff_minutes"):
            return False
        return is_customer(self.by, self.appointment) or is_staff(self.by, self.appointment.store)

    @property
    def too_late(self) -> bool:
        """Still to come, but past what the customer may change without calling."""
        upcoming = self.appointment.status in UPCOMING
        return self.by is not None and upcoming and not self.may_cancel and not self.binds_both

    @property
    def binds_both(self) -> bool:
        """An order that is confirmed: one side alone does not call it off."""
        return self.appointment.is_order and self.appointment.status in BINDING

    @property
    def was_served(self) -> bool:
        """It is over, and the visitor is whom it was for."""
        completed = self.appointment.status == Status.COMPLETED
        return completed and self.by is not None and is_customer(self.by, self.appointment)

    @property
    def may_give_feedback(self) -> bool:
        """They have seen a house, and have an account to say it with."""
        is_viewing = kind_of(self.appointment) == VIEWING
        return is_viewing and self.was_served and self.by is not None and self.by.user is not None

    def _may_change(self, cutoff: str) -> bool:
        if self.by is None or Status(self.appointment.status) not in UPCOMING:
            return False
        asked = self.appointment.is_order and self.appointment.status == Status.PENDING
        binds_nobody = self.appointment.awaits_payment or asked
        if binds_nobody and cutoff == "cancel_cutoff_minutes":
            # Nobody has promised anything yet.
            return True
        bound = bound_by_cutoff(self.by, self.appointment)
        return not bound or is_before_cutoff(self.appointment, cutoff, self.at)


def opened(request: HttpRequest, code: str, *, with_digits: bool = False) -> Opened:
    """By its code, which came ``with_digits`` or alone. Raises NotFound, or TooMany after many
    misses."""
    at = timezone.now()
    appointment = proof.find_by_code(
        code, with_digits=with_digits, address=address_of(request), at=at
    )
    return Opened(appointment, actor_for(request, appointment, at), at)


def place_of_work(found: Opened) -> str:
    """Where its realtor, or who runs the store, sees it: the page speaks to the customer. Empty for
    whom it is for, and for guests."""
    by, appointment = found.by, found.appointment
    if by is None or by.user is None or is_customer(by, appointment):
        return ""
    if is_provider(by, appointment):
        return reverse("appointments:console:appointment", args=[appointment.pk])
    return reverse("appointments:desk_code", args=[appointment.store_id, appointment.code])


def actor_for(request: HttpRequest, appointment: Appointment, at: datetime) -> Actor | None:
    """Who the visitor is to this appointment; None for somebody who knows only its code."""
    by = actor_of(request)
    if is_customer(by, appointment) or is_provider(by, appointment):
        return by
    if is_staff(by, appointment.store):
        return by
    if Memory(request).has_proof(appointment.pk, at):
        return Actor.guest(proven_appointment_id=appointment.pk)
    return None
