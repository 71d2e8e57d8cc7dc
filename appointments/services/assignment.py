"""Giving a waiting appointment to a realtor: the claim, the offer, the log."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from appointments import claims
from appointments.events import AppointmentAssigned, AppointmentConfirmed
from appointments.models import Action, Appointment, Offer, OfferStatus, Status
from appointments.models.offer import REFUSED
from appointments.rules import SOON, offer_deadline
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import candidates, job_of
from appointments.selectors.standing import Standings, standings
from appointments.services.ordering import on_confirming
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Realtor
from realtors.selectors import working_weeks
from stores.rules import Policy
from stores.selectors import opening_hours, policy_of

TIMES = ("starts_at", "ends_at")
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
    excluded: Collection[int] = frozenset(),
    standing: Standings | None = None,
) -> bool:
    """Claim the best realtor who can take this appointment. False when nobody can.

    Hard constraints first, then the cost in minutes (appointments.selectors.candidates). Why this
    one, and why not the others, is kept with the offer.
    """
    job = job_of(appointment, at=at, only=only, excluded=excluded)
    if standing is None:
        standing = standings_for([appointment], picture, at=at)
    everybody = candidates(job, picture, standing, at=at)
    for candidate in everybody:
        if candidate.rejected is not None:
            return False
        realtor = candidate.realtor
        if not claim_realtor(appointment, realtor, picture, job.period, at=at):
            continue
        picture.mark_taken(realtor, job.period, now=job.live)
        standing.note_assignment(realtor, at=at, live=job.live)
        others = [one.as_fact() for one in everybody if one is not candidate]
        assign(appointment, realtor, picture, at=at, score=candidate.cost, considered=others)
        return True
    return False


def standings_for(
    appointments: Collection[Appointment], picture: Availability, *, at: datetime
) -> Standings:
    customers = [(one.user_id, one.customer_phone) for one in appointments]
    return standings(picture.realtors, at=at, customers=customers)


def claim_realtor(
    appointment: Appointment,
    realtor: Realtor,
    picture: Availability,
    period: Period,
    *,
    at: datetime,
) -> bool:
    """Claim this realtor's time with today's buffers. False when somebody else holds some of it.
    What is live is from now on ``period``."""
    around = picture.around(period, now=appointment.live)
    try:
        claims.take(appointment, claims.for_realtor(realtor.pk, around), at=at)
    except claims.Refused:
        return False
    policy = picture.policy
    before = 0 if appointment.live else policy.buffer_before_minutes
    appointment.buffer_before_minutes = before
    appointment.buffer_after_minutes = policy.buffer_after_minutes
    appointment.starts_at, appointment.ends_at = period.start, period.end
    return True


def assign(
    appointment: Appointment,
    realtor: Realtor,
    picture: Availability,
    *,
    at: datetime,
    score: dict[str, Any],
    considered: list[dict[str, Any]] | None = None,
) -> None:
    """Write down that the claimed realtor has it: an open offer, or confirmed by policy. Who was
    confirmed with another stays so."""
    appointment.realtor = realtor
    if appointment.needs_person and appointment.status == Status.PENDING:
        # What put it at the head of its line is over.
        appointment.needs_person, appointment.priority = False, 0
    appointment.updated_at = at
    changed = ("realtor", "needs_person", "priority", "updated_at", *TIMES, *BUFFERS)
    appointment.save(update_fields=changed)
    write_log(
        appointment, Action.ASSIGNED, by=SYSTEM, at=at, details={"realtor_id": realtor.pk, **score}
    )
    publish(AppointmentAssigned(appointment_id=appointment.pk, at=at, realtor_id=realtor.pk))
    if appointment.status == Status.CONFIRMED and appointment.is_order:
        # The site's share is that of who does it.
        appointment.commission = on_confirming(appointment)["commission"]
        appointment.save(update_fields=["commission"])
    if appointment.status == Status.PENDING:
        _ask(appointment, realtor, picture, at=at, score=score, considered=considered or [])


def _ask(
    appointment: Appointment,
    realtor: Realtor,
    picture: Availability,
    *,
    at: datetime,
    score: dict[str, Any],
    considered: list[dict[str, Any]],
) -> None:
    """Put it before the realtor; where the policy confirms by itself, the answer is yes. Not yet
    what is to be paid first, and never by itself what the customer proposed to pay."""
    if appointment.awaits_payment:
        return
    offer = _open_offer(
        appointment, realtor, picture.policy, at=at, score=score, considered=considered
    )
    if picture.policy.auto_confirm and not appointment.has_proposal:
        close_offer(offer, OfferStatus.ACCEPTED, at=at)
        move(appointment, to=Status.CONFIRMED, by=SYSTEM, at=at, **on_confirming(appointment))
        publish(AppointmentConfirmed(appointment_id=appointment.pk, at=at))


def put_before(appointment: Appointment, *, at: datetime) -> None:
    """Ask its own realtor, whose it is already: the teacher of a session, the sitter of a place, or
    who provides a service, whose approval is wanted."""
    realtor = appointment.realtor
    assert realtor is not None
    policy = policy_of(appointment.store)
    whose = {_sort_of(appointment): True}
    _open_offer(appointment, realtor, policy, at=at, score=whose, considered=[])
    details = {"realtor_id": realtor.pk, **whose}
    write_log(appointment, Action.ASSIGNED, by=SYSTEM, at=at, details=details)
    publish(AppointmentAssigned(appointment_id=appointment.pk, at=at, realtor_id=realtor.pk))


def _sort_of(appointment: Appointment) -> str:
    if appointment.is_stay:
        return "stay"
    return "session" if appointment.is_seat else "order"


def _open_offer(
    appointment: Appointment,
    realtor: Realtor,
    policy: Policy,
    *,
    at: datetime,
    score: dict[str, Any],
    considered: list[dict[str, Any]],
) -> Offer:
    return Offer.objects.create(
        appointment=appointment,
        realtor=realtor,
        open_key=appointment.pk,
        score=score,
        considered=considered,
        created_at=at,
        deadline_at=offer_deadline(
            at=at,
            starts_at=None if appointment.live else appointment.starts_at,
            accept_minutes=policy.accept_timeout_minutes,
            later_minutes=policy.accept_later_minutes,
            working=_working(realtor, appointment, at),
        ),
    )


def _working(realtor: Realtor, appointment: Appointment, at: datetime) -> list[Period]:
    """When this realtor works between now and the start, for a clock that runs only then. Five
    queries, none where the clock runs all the time."""
    if appointment.live or appointment.starts_at - at <= SOON:
        return []
    zone = appointment.store.zone
    first, last = at.astimezone(zone).date(), appointment.starts_at.astimezone(zone).date()
    week = working_weeks([realtor], Period(at, appointment.starts_at))[realtor.pk]
    return week.periods(first, last, opening_hours(appointment.store, first, last))


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
