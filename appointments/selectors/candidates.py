"""Who could take a job: each realtor of the store with what sending them costs, or why not."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from appointments.models import Appointment
from appointments.scoring import Facts, minutes_of, turn
from appointments.selectors.availability import Availability
from appointments.selectors.standing import Standings, customer_of
from booking_site.common.periods import Period
from realtors.models import Presence, Realtor

# Who has just said no is left in peace for a moment.
COOL_DOWN = timedelta(minutes=2)


class Rejected(StrEnum):
    """Why somebody cannot take a job."""

    NOT_NAMED = "not_named"
    OWN_APPOINTMENT = "own_appointment"
    REFUSED = "refused"
    UNSKILLED = "unskilled"
    OFF_DUTY = "off_duty"
    NOT_ONLINE = "not_online"
    SILENT = "silent"
    AWAY = "away"
    COOLING_DOWN = "cooling_down"
    FULL_LOAD = "full_load"
    DAY_FULL = "day_full"
    TOO_FAR = "too_far"
    BUSY = "busy"


@dataclass(frozen=True, kw_only=True)
class Job:
    """What somebody is looked for. ``live``: it begins now, so presence counts. ``key`` names it
    for the draw among equals."""

    period: Period
    key: str
    live: bool = False
    user_id: int | None = None
    phone: str = ""
    only: int | None = None
    excluded: Collection[int] = field(default_factory=frozenset)

    @property
    def customer(self) -> str:
        return customer_of(self.user_id, self.phone)


@dataclass(frozen=True)
class Candidate:
    """``cost`` in minutes with its components, or the reason why not."""

    realtor: Realtor
    cost: dict[str, float] = field(default_factory=dict)
    rejected: Rejected | None = None

    def as_fact(self) -> dict[str, object]:
        if self.rejected is not None:
            return {"realtor_id": self.realtor.pk, "rejected": str(self.rejected)}
        return {"realtor_id": self.realtor.pk, "minutes": self.cost["minutes"]}


def job_of(
    appointment: Appointment,
    *,
    at: datetime,
    only: int | None = None,
    excluded: Collection[int] = frozenset(),
) -> Job:
    """The appointment as it is; a live one as if it began at this moment."""
    period = Period(appointment.starts_at, appointment.ends_at)
    if appointment.live:
        period = Period(at, at + timedelta(minutes=appointment.duration_minutes))
    return Job(
        period=period,
        key=f"appointment:{appointment.pk}",
        live=appointment.live,
        user_id=appointment.user_id,
        phone=appointment.customer_phone,
        only=only,
        excluded=excluded,
    )


def candidates(
    job: Job, picture: Availability, standings: Standings, *, at: datetime
) -> list[Candidate]:
    """Everybody: those who can, best first, then those who cannot. ``picture`` is that of the
    listing the job is about. No query."""
    able = []
    unable = []
    for realtor in picture.realtors:
        why_not = rejection(realtor, job, picture, standings, at=at)
        if why_not is None:
            able.append(realtor)
        else:
            unable.append(Candidate(realtor, rejected=why_not))
    return _by_cost(able, job, picture, standings, at) + unable


def rejection(
    realtor: Realtor, job: Job, picture: Availability, standings: Standings, *, at: datetime
) -> Rejected | None:
    """The first hard constraint that stands against them, None if there is none."""
    if job.only is not None and realtor.pk != job.only:
        return Rejected.NOT_NAMED
    if job.user_id is not None and job.user_id == realtor.user_id:
        return Rejected.OWN_APPOINTMENT
    if realtor.pk in job.excluded:
        return Rejected.REFUSED
    if not picture.has_skill(realtor):
        return Rejected.UNSKILLED
    if not picture.works(realtor, job.period):
        return Rejected.OFF_DUTY
    if job.live:
        absent = not_there(realtor, picture.policy.online_timeout_minutes, at=at)
        if absent is not None:
            return absent
        standing = standings.of(realtor)
        if standing.serving:
            # Perhaps beyond the time it was meant to take; the next one would only wait.
            return Rejected.BUSY
        if standing.declined_at is not None and at - standing.declined_at < COOL_DOWN:
            return Rejected.COOLING_DOWN
        if standing.units >= (realtor.max_load or picture.policy.realtor_max_load):
            return Rejected.FULL_LOAD
    if picture.day_is_full(realtor, job.period.start.astimezone(picture.hours.zone).date()):
        return Rejected.DAY_FULL
    if picture.is_taken(realtor, picture.around(job.period, now=job.live)):
        return Rejected.BUSY
    # Who waits for whoever is free next is told a wait that knows of no ways.
    if not job.live and not picture.can_travel(realtor, job.period, picture.place):
        return Rejected.TOO_FAR
    return None


def not_there(realtor: Realtor, timeout_minutes: int, *, at: datetime) -> Rejected | None:
    """Whether somebody who says so takes live customers: online, seen lately, and answering."""
    if realtor.presence != Presence.ONLINE:
        return Rejected.NOT_ONLINE
    if is_silent(realtor, timeout_minutes, at=at):
        return Rejected.SILENT
    if realtor.away_since is not None:
        return Rejected.AWAY
    return None


def is_silent(realtor: Realtor, timeout_minutes: int, *, at: datetime) -> bool:
    seen = realtor.last_seen_at
    return seen is None or at - seen > timedelta(minutes=timeout_minutes)


def _by_cost(
    realtors: list[Realtor],
    job: Job,
    picture: Availability,
    standings: Standings,
    at: datetime,
) -> list[Candidate]:
    day = picture.minutes_on(job.period.start.astimezone(picture.hours.zone).date())
    facts = {one.pk: _facts(one, job, day[one.pk], picture, standings, at) for one in realtors}
    everybody = list(facts.values())
    accept_minutes = picture.policy.accept_timeout_minutes
    found = [
        Candidate(one, minutes_of(facts[one.pk], everybody, accept_minutes=accept_minutes))
        for one in realtors
    ]

    def order(candidate: Candidate) -> tuple[float, tuple[float, float, bytes]]:
        standing = standings.of(candidate.realtor)
        drawn = turn(
            job.key,
            candidate.realtor.pk,
            finished_at=standing.finished_at,
            assigned_at=standing.assigned_at,
        )
        return candidate.cost["minutes"], drawn

    return sorted(found, key=order)


def _facts(
    realtor: Realtor,
    job: Job,
    day: tuple[int, int],
    picture: Availability,
    standings: Standings,
    at: datetime,
) -> Facts:
    standing = standings.of(realtor)
    taken, working = day
    silent = None
    if job.live and realtor.last_seen_at is not None:
        silent = (at - realtor.last_seen_at).total_seconds() / 60
    return Facts(
        accepted=standing.accepted,
        not_accepted=standing.not_accepted,
        answer_minutes=standing.answer_minutes,
        silent_minutes=silent,
        utilisation=taken / working if working else 0.0,
        rating=float(realtor.rating),
        review_count=realtor.review_count,
        visits=standings.visits_of(realtor, job.customer),
        travel_minutes=picture.travel_to(realtor, job.period, picture.place),
    )
