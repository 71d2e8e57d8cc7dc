"""How one realtor's work went, for themself."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from appointments.models import Offer, OfferStatus, SessionStatus
from appointments.models.offer import REFUSED
from appointments.selectors.own_sessions import sessions_within
from appointments.selectors.statistics import Span, Statistics, statistics_of
from realtors.models import Realtor


@dataclass(frozen=True)
class Answers:
    """Offers that were answered, or whose time to answer is over."""

    accepted: int
    refused: int

    @property
    def rate(self) -> float | None:
        asked = self.accepted + self.refused
        return self.accepted / asked if asked else None


@dataclass(frozen=True)
class Taught:
    """Sessions that begin in the range and take place, or did: each counts once, whoever sits in
    it; ``taken`` of their ``seats`` are booked."""

    sessions: int
    held: int
    seats: int
    taken: int


@dataclass(frozen=True)
class OwnStatistics:
    figures: Statistics
    answers: Answers
    taught: Taught


def own_statistics(realtor: Realtor, span: Span, *, at: datetime) -> OwnStatistics:
    """Queries: constant, about ten."""
    figures = statistics_of([span], realtor=realtor)
    return OwnStatistics(figures, _answers(realtor, span), _taught(realtor, span, at))


def _taught(realtor: Realtor, span: Span, at: datetime) -> Taught:
    """One query."""
    found = sessions_within(realtor, span.period, at=at)
    found = [one for one in found if span.holds(one.session.starts_at)]
    return Taught(
        sessions=len(found),
        held=sum(one.session.status == SessionStatus.COMPLETED for one in found),
        seats=sum(one.session.capacity for one in found),
        taken=sum(one.people for one in found),
    )


def _answers(realtor: Realtor, span: Span) -> Answers:
    """By the moment they were asked. What was withdrawn, nobody has refused. One query."""
    rows = Offer.objects.filter(
        realtor=realtor, created_at__gte=span.period.start, created_at__lt=span.period.end
    ).order_by()
    found = rows.aggregate(
        accepted=Count("pk", filter=Q(status=OfferStatus.ACCEPTED)),
        refused=Count("pk", filter=Q(status__in=REFUSED)),
    )
    return Answers(found["accepted"], found["refused"])
