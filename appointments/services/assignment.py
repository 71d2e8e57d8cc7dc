"""Giving a waiting appointment to a realtor: the claim, the offer, the log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from appointments import claims
from appointments.events import AppointmentAssigned, AppointmentConfirmed
from appointments.models import Action, Appointment, Offer, OfferStatus, Status
from appointments.models.offer import REFUSED
from appointments.rules import offer_deadline
from appointments.selectors.availability import Availability
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Realtor

BUFFERS = ("buffer_before_minutes", "buffer_after_minutes")


def period_of(appointment: Appointment) -> Period:
    return Period(appointment.starts_at, appointment.ends_at)


def refusals(appointments: Iterable[Appointment]) -> dict[int, set[int]]:
    """By appointment: realtors who said no, or did not answer; they are not asked again."""
    refused: dict[int, set[int]] = {appointment.pk: set() for appointment in appointments}
    answers = Offer.objects.filter(appointment_id__in=list(refused), status__in=REFUSED)
    for appointment_id, realtor_id in answers.values_list("appointment_id", "realtor_id"):
        refused[appointment_id].add(realtor_id)
    return refused


def refused_by(appointment: Appointment) -> set[int]:
    return refusals([appointment])[appointment.pk]


def assign_to_best(
    appointment: Appointment,
    picture: Availability,
    *,
    at: datetime,
    only: int | None = None,
    excluded: Iterable[int] = (),
) -> bool:
    """Claim the best free realtor for this appointment. False when nobody is free.

    Hard constraints first (works then, is free, may take more that day, has not refused), then
    the least load of the day. Constraints and load are kept with the offer.
    """
    period = period_of(appointment)
    excluded = set(excluded)
    for realtor, reasons in picture.ranked(period):
        if realtor.pk in excluded or (only is not None and realtor.pk != only):
            continue
        if not claim_realtor(appointment, realtor, picture, at=at):
            continue
        picture.mark_taken(realtor, period)
        assign(appointment, realtor, picture, at=at, score=reasons)
        return True
    return False


def claim_realtor(
    appointment: Appointment, realtor: Realtor, picture: Availability, *, at: datetime
) -> bool:
    """Claim this realtor's time with today's buffers. False when somebody else holds some of it."""
    around = picture.around(period_of(appointment))
    try:
        claims.take(appointment, claims.for_realtor(realtor.pk, around), at=at)
    except claims.Refused:
        return False
    appointment.buffer_before_minutes = picture.policy.buffer_before_minutes
    appointment.buffer_after_minutes = picture.policy.buffer_after_minutes
    return True


def assign(
    appointment: Appointment,
    realtor: Realtor,
    picture: Availability,
    *,
    at: datetime,
    score: dict[str, Any],
) -> None:
    """Write down that the claimed realtor has it: an open offer, or confirmed by policy. Who was
    confirmed with another stays so."""
    appointment.realtor = realtor
    if appointment.needs_person:
        # What put it at the head of its line is over.
        appointment.needs_person, appointment.priority = False, 0
    appointment.updated_at = at
    changed = ("realtor", "needs_person", "priority", "updated_at", *BUFFERS)
    appointment.save(update_fields=changed)
    write_log(
        appointment, Action.ASSIGNED, by=SYSTEM, at=at, details={"realtor_id": realtor.pk, **score}
    )
    publish(AppointmentAssigned(appointment_id=appointment.pk, at=at, realtor_id=realtor.pk))
    if appointment.status == Status.PENDING:
        _ask(appointment, realtor, picture, at=at, score=score)


def _ask(
    appointment: Appointment,
    realtor: Realtor,
    picture: Availability,
    *,
    at: datetime,
    score: dict[str, Any],
) -> None:
    """Put it before the realtor; where the policy confirms by itself, the answer is yes."""
    offer = Offer.objects.create(
        appointment=appointment,
        realtor=realtor,
        open_key=appointment.pk,
        score=score,
        created_at=at,
        deadline_at=offer_deadline(
            at=at,
            starts_at=appointment.starts_at,
            accept_minutes=picture.policy.accept_timeout_minutes,
        ),
    )
    if picture.policy.auto_confirm:
        close_offer(offer, OfferStatus.ACCEPTED, at=at)
        move(appointment, to=Status.CONFIRMED, by=SYSTEM, at=at)
        publish(AppointmentConfirmed(appointment_id=appointment.pk, at=at))


def close_offer(offer: Offer, status: OfferStatus, *, at: datetime, reason: str = "") -> bool:
    """Answer an open offer once. False when it was answered or withdrawn before."""
    return bool(
        Offer.objects.filter(pk=offer.pk, status=OfferStatus.OPEN).update(
            status=status, open_key=None, answered_at=at, reason=reason[:200]
        )
    )


def withdraw_offers(
    appointment: Appointment, *, at: datetime, to: OfferStatus = OfferStatus.WITHDRAWN
) -> None:
    Offer.objects.filter(appointment=appointment, status=OfferStatus.OPEN).update(
        status=to, open_key=None, answered_at=at
    )
