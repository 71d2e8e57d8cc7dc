"""What is read from the database: each store's rows in its own period, and no other's."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F, Q

from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.models.appointment import LIVE
from booking_site.common.periods import Period
from realtors.models import Realtor

from .spans import DAY, Span

ANSWERED = (OfferStatus.ACCEPTED, OfferStatus.DECLINED)


class Row(NamedTuple):
    """What is read of an appointment, in this order."""

    store_id: int
    realtor_id: int | None
    status: str
    live: bool
    created_at: datetime
    queued_at: datetime
    starts_at: datetime
    ends_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    check_in: date | None


def rows_of(spans: Sequence[Span], realtor: Realtor | None) -> list[Row]:
    """Of appointments that were made, or start, in the range, or reach into it from the night
    before: none is longer than a day."""
    # Nothing begins before it was made, and an index leads by store and status to the starts.
    rows = Appointment.objects.filter(
        _each(
            spans,
            "store_id",
            lambda period: (
                Q(status__in=Status.values, starts_at__gte=period.start - DAY)
                & (Q(starts_at__lt=period.end) | Q(created_at__lt=period.end))
            ),
        )
    )
    if realtor is not None:
        rows = rows.filter(realtor=realtor)
    return [Row(*values) for values in rows.order_by().values_list(*Row._fields)]


def answers_of(
    spans: Sequence[Span], realtor: Realtor | None
) -> Iterator[tuple[int, int, datetime, float]]:
    """(store, realtor, moment of the offer, minutes to the answer)."""
    offers = Offer.objects.filter(
        _each(
            spans,
            "realtor__store_id",
            lambda period: Q(created_at__gte=period.start, created_at__lt=period.end),
        ),
        status__in=ANSWERED,
        appointment__live=False,
        answered_at__gt=F("created_at"),
    )
    if realtor is not None:
        offers = offers.filter(realtor=realtor)
    columns = ("realtor__store_id", "realtor_id", "created_at", "answered_at")
    for store_id, realtor_id, created_at, answered_at in offers.order_by().values_list(*columns):
        yield store_id, realtor_id, created_at, (answered_at - created_at).total_seconds() / 60


def loads_of(spans: Sequence[Span]) -> Counter[int]:
    """Live customers held at this moment, by realtor id."""
    # Everybody in a live line, served or not, has a key; hardly any row does.
    rows = Appointment.objects.filter(
        live_key__isnull=False,
        live=True,
        realtor__isnull=False,
        status__in=LIVE,
        store_id__in=[span.store.pk for span in spans],
    )
    return Counter(dict(rows.order_by().values_list("realtor_id").annotate(Count("pk"))))


def _each(spans: Sequence[Span], column: str, during: Callable[[Period], Q]) -> Q:
    """Rows of each store in its own period: stores that share one share a condition."""
    stores: dict[Period, list[int]] = defaultdict(list)
    for span in spans:
        stores[span.period].append(span.store.pk)
    wanted = Q(pk=None)
    for period, ids in stores.items():
        wanted |= Q(**{f"{column}__in": ids}) & during(period)
    return wanted
