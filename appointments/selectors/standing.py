"""How realtors stand: what they have done, hold now and are to a customer; the score's facts."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q

from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.models.appointment import LIVE
from appointments.models.offer import REFUSED
from realtors.models import Realtor

# How far back answers are counted, the last assignment and finish are looked for, and a customer
# is remembered.
ANSWERS_COUNT = timedelta(days=30)
REMEMBERED = timedelta(days=180)


@dataclass
class Standing:
    """One realtor's. ``units``: live customers held now, offered, accepted or being served;
    ``serving``: somebody is with them, however long that was meant to take."""

    accepted: int = 0
    not_accepted: int = 0
    answer_minutes: float | None = None
    assigned_at: datetime | None = None
    declined_at: datetime | None = None
    finished_at: datetime | None = None
    units: int = 0
    serving: bool = False


@dataclass
class Standings:
    """Of a store's realtors by id, and by (realtor, customer) how often they have met."""

    realtors: dict[int, Standing]
    visits: Counter[tuple[int, str]] = field(default_factory=Counter)

    def of(self, realtor: Realtor) -> Standing:
        return self.realtors.setdefault(realtor.pk, Standing())

    def visits_of(self, realtor: Realtor, customer: str) -> int:
        return self.visits[realtor.pk, customer]

    def note_assignment(self, realtor: Realtor, *, at: datetime, live: bool) -> None:
        """Keep this true after an assignment made from it."""
        standing = self.of(realtor)
        standing.assigned_at = at
        standing.units += live


def customer_of(user_id: int | None, phone: str) -> str:
    """Who somebody is to a realtor: their account, or a guest's phone."""
    return f"u:{user_id}" if user_id else f"p:{phone}"


def standings(
    realtors: Iterable[Realtor], *, at: datetime, customers: Iterable[tuple[int | None, str]] = ()
) -> Standings:
    """``customers`` as (account id or None, phone). Five queries."""
    ids = [realtor.pk for realtor in realtors]
    found: dict[int, Standing] = defaultdict(Standing)
    for row in _answers(ids, at):
        standing = found[row["realtor_id"]]
        standing.accepted, standing.not_accepted = row["accepted"], row["not_accepted"]
        standing.assigned_at, standing.declined_at = row["assigned_at"], row["declined_at"]
        if row["answer"] is not None:
            standing.answer_minutes = row["answer"].total_seconds() / 60
    for pk, finished_at in _last_finishes(ids, at):
        found[pk].finished_at = finished_at
    for pk, units in _units(ids):
        found[pk].units = units
    for pk in _serving(ids):
        found[pk].serving = True
    return Standings(dict(found), _visits(ids, list(customers), at))


def _answers(ids: list[int], at: datetime) -> Iterable[dict[str, Any]]:
    took = ExpressionWrapper(F("answered_at") - F("created_at"), DurationField())
    yes = Q(status=OfferStatus.ACCEPTED)
    rows = Offer.objects.filter(realtor_id__in=ids, created_at__gte=at - ANSWERS_COUNT)
    found: Any = (
        rows.order_by()
        .values("realtor_id")
        .annotate(
            accepted=Count("pk", filter=yes),
            not_accepted=Count("pk", filter=Q(status__in=REFUSED)),
            answer=Avg(took, filter=yes),
            assigned_at=Max("created_at"),
            declined_at=Max("answered_at", filter=Q(status=OfferStatus.DECLINED)),
        )
    )
    return found


def _last_finishes(ids: list[int], at: datetime) -> Iterable[tuple[int, datetime]]:
    rows = Appointment.objects.filter(
        realtor_id__in=ids, status=Status.COMPLETED, starts_at__gte=at - ANSWERS_COUNT
    )
    found: Any = rows.order_by().values_list("realtor_id").annotate(Max("completed_at"))
    return found


def _units(ids: list[int]) -> Iterable[tuple[int, int]]:
    # Everybody in a live line, served or not, has a key; hardly any row does.
    rows = Appointment.objects.filter(
        live_key__isnull=False, realtor_id__in=ids, status__in=LIVE, live=True
    )
    found: Any = rows.order_by().values_list("realtor_id").annotate(Count("pk"))
    return found


def _serving(ids: list[int]) -> Iterable[int]:
    # Whoever looks after pets has hands free.
    rows = Appointment.objects.filter(realtor_id__in=ids, status=Status.IN_PROGRESS, check_in=None)
    found: Any = rows.order_by().values_list("realtor_id", flat=True)
    return found


def _visits(
    ids: list[int], customers: list[tuple[int | None, str]], at: datetime
) -> Counter[tuple[int, str]]:
    users = {user_id for user_id, _phone in customers if user_id}
    phones = {phone for user_id, phone in customers if not user_id and phone}
    if not users and not phones:
        return Counter()
    rows = Appointment.objects.filter(
        Q(user_id__in=users) | Q(user=None, customer_phone__in=phones),
        realtor_id__in=ids,
        status=Status.COMPLETED,
        starts_at__gte=at - REMEMBERED,
    )
    met = rows.order_by().values_list("realtor_id", "user_id", "customer_phone")
    return Counter((pk, customer_of(user_id, phone)) for pk, user_id, phone in met)
