"""What is read of appointments for the back office's first page: one query for all of its
pictures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from appointments.models import AppointmentQuerySet, PaymentStatus, Status
from booking_site.common.periods import Period

from .days import Days


class Fact(NamedTuple):
    """What is read of an appointment, in this order."""

    store_id: int
    realtor_id: int | None
    status: str
    live: bool
    queued_at: datetime
    starts_at: datetime
    ends_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    session_id: int | None
    payment_status: str
    due_now: Decimal
    cancel_fee: Decimal
    currency: str

    @property
    def kept(self) -> Decimal:
        """Of what was paid through the site, before the visit or after it, what the store keeps:
        all of it, or the fee. A fee that nobody has paid is none of it."""
        if self.payment_status not in (PaymentStatus.PAID, PaymentStatus.REFUNDED):
            return Decimal(0)
        if self.status == Status.CANCELLED:
            return self.cancel_fee
        return self.due_now if self.payment_status == PaymentStatus.PAID else Decimal(0)

    @property
    def given_back(self) -> Decimal:
        if self.payment_status not in (PaymentStatus.PAID, PaymentStatus.REFUNDED):
            return Decimal(0)
        return self.due_now - self.kept

    @property
    def wait_minutes(self) -> float | None:
        """In the live line: from joining until a realtor said yes; None of others."""
        if not self.live or self.confirmed_at is None:
            return None
        return (self.confirmed_at - self.queued_at).total_seconds() / 60

    @property
    def served(self) -> Period | None:
        """From the real start to the real end, of a visit that was begun."""
        if self.status not in (Status.IN_PROGRESS, Status.COMPLETED):
            return None
        begins, ends = self.started_at or self.starts_at, self.completed_at or self.ends_at
        return Period(begins, ends) if begins < ends else None


def facts_of(seen: AppointmentQuerySet, days: Days) -> list[Fact]:
    """Of these days, of as many before them, and of the night before that. Whoever joined a live
    line starts no earlier than then, so their waits are among them."""
    first = days.before.start - timedelta(days=1)
    rows = seen.order_by().filter(starts_at__gte=first, starts_at__lt=days.span.end)
    return [Fact(*values) for values in rows.values_list(*Fact._fields)]


def starting_in(facts: Iterable[Fact], period: Period) -> list[Fact]:
    return [one for one in facts if period.start <= one.starts_at < period.end]


def waits_in(facts: Iterable[Fact], period: Period) -> list[tuple[datetime, float]]:
    """(moment of joining, minutes) of who joined a live line in the period and was served."""
    return [
        (one.queued_at, one.wait_minutes)
        for one in facts
        if one.wait_minutes is not None and period.start <= one.queued_at < period.end
    ]


def served_minutes(facts: Iterable[Fact], within: Period) -> Counter[int]:
    """By realtor."""
    minutes: Counter[int] = Counter()
    for one in facts:
        if one.realtor_id is not None and one.served is not None:
            minutes[one.realtor_id] += round(minutes_of(one.served, within))
    return minutes


def minutes_of(period: Period, within: Period) -> float:
    begins, ends = max(period.start, within.start), min(period.end, within.end)
    return max(0.0, (ends - begins).total_seconds() / 60)


def share_of(facts: Sequence[Fact], status: Status, among: Iterable[Status]) -> float | None:
    """From 0 to 1; None where there is nothing to share."""
    known = set(among)
    whole = [one for one in facts if one.status in known]
    return sum(one.status == status for one in whole) / len(whole) if whole else None
