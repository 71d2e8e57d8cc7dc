"""How one realtor's work went, for themself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from appointments.models import (
    Appointment,
    Offer,
    OfferStatus,
    SessionStatus,
    Status,
    Verdict,
)
from appointments.models.offer import REFUSED
from appointments.selectors.own_sessions import sessions_within
from appointments.selectors.statistics import Span, Statistics, statistics_of
from realtors.models import ListingKind, Realtor


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
class Boarded:
    """Stays whose check-in lies in the range and that take place, or did: their nights, and those
    times the pets."""

    stays: int = 0
    nights: int = 0
    pets: int = 0
    pet_nights: int = 0


@dataclass(frozen=True)
class Viewed:
    """Houses shown in the range: ``held`` of the ``viewings`` that were to take place, and of
    those ``interested``, by what people said of them."""

    viewings: int = 0
    held: int = 0
    interested: int = 0
    said: int = 0


@dataclass(frozen=True)
class OwnStatistics:
    figures: Statistics
    answers: Answers
    taught: Taught
    boarded: Boarded
    viewed: Viewed


def own_statistics(realtor: Realtor, span: Span, *, at: datetime) -> OwnStatistics:
    """Queries: constant, about eleven."""
    boarded, viewed = _elsewhere(realtor, span)
    return OwnStatistics(
        statistics_of([span], realtor=realtor),
        _answers(realtor, span),
        _taught(realtor, span, at),
        boarded,
        viewed,
    )


def _elsewhere(realtor: Realtor, span: Span) -> tuple[Boarded, Viewed]:
    """What begins in the range and takes place, or did, or was to. One query."""
    rows = Appointment.objects.filter(
        Q(check_in__isnull=False) | Q(listing__kind=ListingKind.HOUSE),
        realtor=realtor,
        starts_at__gte=span.period.start,
        starts_at__lt=span.period.end,
    ).exclude(status=Status.CANCELLED)
    rows = rows.select_related("viewing_feedback").order_by()
    found: list[Any] = list(rows.annotate(pets=Count("stay_pets")))
    stays = [one for one in found if one.is_stay and one.status != Status.NO_SHOW]
    viewings = [one for one in found if not one.is_stay]
    said = [told for one in viewings if (told := getattr(one, "viewing_feedback", None))]
    return (
        Boarded(
            stays=len(stays),
            nights=sum(one.nights for one in stays),
            pets=sum(one.pets for one in stays),
            pet_nights=sum(one.nights * one.pets for one in stays),
        ),
        Viewed(
            viewings=len(viewings),
            held=sum(one.status == Status.COMPLETED for one in viewings),
            interested=sum(told.verdict == Verdict.INTERESTED for told in said),
            said=len(said),
        ),
    )


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
