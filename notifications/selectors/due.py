"""Which reminders are due, by columns alone: whoever asks, and however late, finds the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from appointments.models import Appointment, PaymentStatus, Status
from appointments.models.appointment import UPCOMING
from notifications.models import Kind, OutboxEvent, Reminder, Turn
from notifications.rules import QUIET_AFTER_LETTER
from stores.models import BookingPolicy, Store
from stores.rules import SITE_DEFAULT, Policy
from stores.selectors import policies_of

COLUMNS = (
    "pk",
    "store_id",
    "starts_at",
    "created_at",
    "check_in",
    "moved_at",
    "had_first",
    "had_second",
)


@dataclass(frozen=True)
class DueReminder:
    """``turns`` have come and get one letter: after a day without a worker people are reminded
    once, not once for each."""

    appointment_id: int
    starts_at: datetime
    turns: tuple[Turn, ...]


def due_reminders(*, at: datetime) -> list[DueReminder]:
    """Of scheduled appointments with a realtor, whose reminder's time came well after they were
    booked or last moved: nobody is reminded of what they have only just heard. Three queries."""
    rows = list(_candidates(at))
    stores = Store.objects.filter(pk__in={row["store_id"] for row in rows})
    policies = policies_of(list(stores)) if rows else {}
    found = []
    for row in rows:
        turns = tuple(_turns(row, policies[row["store_id"]], at))
        if turns:
            found.append(DueReminder(row["pk"], row["starts_at"], turns))
    return found


def _candidates(at: datetime) -> "QuerySet[Appointment, dict]":
    longest = timedelta(minutes=_longest_minutes())
    had = Reminder.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    moves = OutboxEvent.objects.filter(appointment=OuterRef("pk"), kind=Kind.RESCHEDULED)
    return (
        Appointment.objects.filter(
            status__in=UPCOMING,
            live=False,
            realtor__isnull=False,
            starts_at__gt=at,
            starts_at__lte=at + longest,
        )
        .annotate(
            moved_at=Subquery(moves.order_by("-pk").values("at")[:1]),
            had_first=Exists(had.filter(turn=Turn.FIRST)),
            had_second=Exists(had.filter(turn=Turn.SECOND)),
        )
        .exclude(had_first=True, had_second=True)
        .exclude(status=Status.PENDING, payment_status=PaymentStatus.UNPAID)
        .order_by("starts_at", "pk")
        .values(*COLUMNS)
    )


def _longest_minutes() -> int:
    """The furthest that any store reminds ahead."""
    names = [f"{turn}_reminder_minutes" for turn in Turn]
    stated = BookingPolicy.objects.aggregate(**{name: Max(name) for name in names})
    return max(stated[name] or getattr(SITE_DEFAULT, name) for name in names)


def _turns(row: dict, policy: Policy, at: datetime) -> Iterator[Turn]:
    quiet_until = (row["moved_at"] or row["created_at"]) + QUIET_AFTER_LETTER
    # Pets are packed for the day before; nobody needs to hear of a stay two hours before it, too.
    for turn in (Turn.FIRST,) if row["check_in"] else Turn:
        minutes = getattr(policy, f"{turn}_reminder_minutes")
        time = row["starts_at"] - timedelta(minutes=minutes)
        if minutes and quiet_until <= time <= at and not row[f"had_{turn}"]:
            yield turn
