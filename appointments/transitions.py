"""The one table of an appointment's life, and the one door through which status moves."""

from datetime import datetime
from typing import Any

from appointments.errors import InvalidTransition
from appointments.models import Action, Appointment, AppointmentEvent, Status
from appointments.models.appointment import OVER
from booking_site.common.actors import Actor

ALLOWED: dict[str, frozenset[str]] = {
    Status.PENDING: frozenset({Status.CONFIRMED, Status.CANCELLED}),
    # Back to pending: its realtor accepted a live customer and then had to go.
    Status.CONFIRMED: frozenset(
        {Status.IN_PROGRESS, Status.NO_SHOW, Status.CANCELLED, Status.PENDING}
    ),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.NO_SHOW: frozenset(),
}

STAMP = {
    Status.CONFIRMED: "confirmed_at",
    Status.IN_PROGRESS: "started_at",
    Status.COMPLETED: "completed_at",
    Status.CANCELLED: "cancelled_at",
    Status.NO_SHOW: "no_show_at",
}

ACTION = {
    Status.PENDING: Action.REQUEUED,
    Status.CONFIRMED: Action.CONFIRMED,
    Status.IN_PROGRESS: Action.STARTED,
    Status.COMPLETED: Action.COMPLETED,
    Status.CANCELLED: Action.CANCELLED,
    Status.NO_SHOW: Action.NO_SHOW,
}


def may_become(appointment: Appointment, status: Status) -> bool:
    """By the table; an order in progress may be called off, too, which both sides agree on."""
    if status in ALLOWED[appointment.status]:
        return True
    begun = appointment.status == Status.IN_PROGRESS
    return begun and status == Status.CANCELLED and appointment.is_order


def move(
    appointment: Appointment,
    *,
    to: Status,
    by: Actor,
    at: datetime,
    reason: str = "",
    **changes: Any,
) -> None:
    """Move status by compare-and-swap; of two people pressing at once, one wins.

    Raises InvalidTransition when the table does not allow it or somebody was faster; the sentence
    names the state that is. ``changes`` are further columns set in the same statement.
    """
    old = appointment.status
    if not may_become(appointment, to):
        raise _refusal(appointment)
    changes |= {"status": to, "updated_at": at}
    if to in STAMP:
        changes[STAMP[to]] = at
    if to in OVER:
        # Whoever stood in a live line may stand there again.
        changes["live_key"] = None
    same_realtor = {"realtor_id": appointment.realtor_id}
    if not Appointment.objects.filter(pk=appointment.pk, status=old, **same_realtor).update(
        **changes
    ):
        appointment.refresh_from_db()
        raise _refusal(appointment)
    for name, value in changes.items():
        setattr(appointment, name, value)
    write_log(appointment, ACTION[to], by=by, at=at, from_status=old, reason=reason)


def write_log(
    appointment: Appointment,
    action: Action,
    *,
    by: Actor,
    at: datetime,
    from_status: str | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add to the operation log. Without ``from_status`` the status has not changed; the first entry
    comes from none, which is the empty text."""
    AppointmentEvent.objects.create(
        appointment=appointment,
        action=action,
        from_status=appointment.status if from_status is None else from_status,
        to_status=appointment.status,
        actor_kind=by.kind,
        actor_user_id=by.user_id,
        reason=reason[:200],
        details=details or {},
        at=at,
    )


def _refusal(appointment: Appointment) -> InvalidTransition:
    return InvalidTransition(errors={"status": [appointment.status]})
