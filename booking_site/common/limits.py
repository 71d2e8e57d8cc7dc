"""Counted limits in the database: shared by all processes, and closed when it is down.

Two kinds of caller: proofs of a booking and sign-ins. Fixed windows; the counter is committed on
its own, so that the refusal which follows does not undo it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address, ip_network

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from .errors import TooMany
from .models import AttemptCounter
from .transactions import run_in_transaction


@dataclass(frozen=True)
class Limit:
    """At most ``most`` counted attempts for one subject in ``per``."""

    name: str
    most: int
    per: timedelta

    def window_start(self, at: datetime) -> datetime:
        seconds = int(self.per.total_seconds())
        return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)

    def counter_name(self, subject: str) -> str:
        return f"{self.name}/{int(self.per.total_seconds())}/{subject}"[:120]


Subject = tuple[Limit, str]


def ensure_within(subjects: list[Subject], *, at: datetime) -> None:
    """Raise TooMany when any of these limits is used up."""
    for limit, subject in subjects:
        count = _counter(limit, subject, at).values_list("count", flat=True).first()
        if count is not None and count >= limit.most:
            raise _too_many(limit, at)


def count_attempt(subjects: list[Subject], *, at: datetime) -> None:
    """Add one to each; call it outside of the transaction that the refusal rolls back."""
    _at_once(partial(_count, subjects, at))


def _count(subjects: list[Subject], at: datetime) -> None:
    for limit, subject in _in_order(subjects):
        counter = _counter(limit, subject, at)
        if not (counter.update(count=F("count") + 1) or _is_first(limit, subject, at)):
            counter.update(count=F("count") + 1)


def use_up(subjects: list[Subject], *, at: datetime) -> None:
    """Count one attempt before it is made; raises TooMany when it is one too many. Of many at once
    exactly as many pass as the limit says. ``give_back`` it if it was honest."""
    # First without counting: who is over one limit must not use up the others.
    ensure_within(subjects, at=at)
    _at_once(partial(_use, subjects, at))


def _use(subjects: list[Subject], at: datetime) -> None:
    used: list[Subject] = []
    for limit, subject in _in_order(subjects):
        room = _counter(limit, subject, at).filter(count__lt=limit.most)
        add = partial(room.update, count=F("count") + 1)
        if not (add() or _is_first(limit, subject, at) or add()):
            give_back(used, at=at)
            raise _too_many(limit, at)
        used.append((limit, subject))


def give_back(subjects: list[Subject], *, at: datetime) -> None:
    for limit, subject in subjects:
        counter = _counter(limit, subject, at)
        counter.filter(count__gt=0).update(count=F("count") - 1)


def _at_once(work: Callable[[], None]) -> None:
    """In a transaction of its own where there is none: many who begin the same counters at the same
    moment wait for each other, and MariaDB may end one of them, whose turn then comes again."""
    if connection.in_atomic_block:
        work()
    else:
        run_in_transaction(work)


def _counter(limit: Limit, subject: str, at: datetime) -> QuerySet[AttemptCounter]:
    return AttemptCounter.objects.filter(
        name=limit.counter_name(subject), window_started_at=limit.window_start(at)
    )


def _is_first(limit: Limit, subject: str, at: datetime) -> bool:
    """Begin the count of this window with one; False when somebody has begun it meanwhile."""
    try:
        with transaction.atomic():
            AttemptCounter.objects.create(
                name=limit.counter_name(subject), window_started_at=limit.window_start(at), count=1
            )
    except IntegrityError:
        return False
    return True


def _too_many(limit: Limit, at: datetime) -> TooMany:
    ends = limit.window_start(at) + limit.per
    return TooMany(retry_after=max(1, int((ends - at).total_seconds())))


def _in_order(subjects: list[Subject]) -> list[Subject]:
    """The same for all, so that nobody waits in a ring."""
    return sorted(subjects, key=lambda pair: pair[0].counter_name(pair[1]))


def network_of(address: str) -> str:
    """The subject of a limit by address. Of IPv6 the /64: one customer has all of it."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def digest(text: str) -> str:
    """Counters outlive requests; they need not say who or where."""
    return salted_hmac("common.limits", text, algorithm="sha256").hexdigest()[:32]
