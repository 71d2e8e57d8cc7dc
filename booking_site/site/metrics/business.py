"""What the business and its messengers are doing, beside the pulse of the appointments.

Every query is bounded by an index: of appointments those whose time was in the last 30 days, of
letters those that are not done. Queries: constant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q

from appointments.models import Appointment, Status
from appointments.selectors.statistics.arithmetic import share
from booking_site.common.models import BackupRun
from notifications.models import Delivery, DeliveryStatus, Push, WebhookDelivery
from realtors.models import ListingKind
from reviews.models import Review

LATELY = timedelta(days=30)
# A round comes every few seconds; what is due for longer is not being carried.
LATE = timedelta(minutes=5)
DAY = timedelta(days=1)
OVER = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)
MESSENGERS = {"letter": Delivery, "push": Push, "webhook": WebhookDelivery}


@dataclass(frozen=True)
class Business:
    """Rates are None where there was nothing to rate."""

    order_conversion: float | None
    service_completion: float | None
    satisfaction: float | None
    overdue: dict[str, int]
    dead: dict[str, int]
    backup: BackupRun | None
    failed_backups: int


def business(*, at: datetime) -> Business:
    conversion, completion = _of_orders(at)
    carried = {name: _carried(model, at) for name, model in MESSENGERS.items()}
    runs = BackupRun.objects.order_by("-finished_at")
    return Business(
        order_conversion=conversion,
        service_completion=completion,
        satisfaction=_satisfaction(at),
        overdue={name: late for name, (late, _dead) in carried.items()},
        dead={name: dead for name, (_late, dead) in carried.items()},
        backup=runs.filter(outcome=BackupRun.Outcome.GOOD).first(),
        failed_backups=runs.filter(outcome=BackupRun.Outcome.FAILED).count(),
    )


def _of_orders(at: datetime) -> tuple[float | None, float | None]:
    """Orders are appointments of a service. Converted: the provider has said yes. Completed: of
    those that were said yes to and are over."""
    orders = Appointment.objects.filter(
        starts_at__gte=at - LATELY, starts_at__lt=at, listing__kind=ListingKind.SERVICE
    )
    said_yes = Q(confirmed_at__isnull=False)
    counts = orders.order_by().aggregate(
        made=Count("pk"),
        confirmed=Count("pk", filter=said_yes),
        over=Count("pk", filter=said_yes & Q(status__in=OVER)),
        completed=Count("pk", filter=said_yes & Q(status=Status.COMPLETED)),
    )
    conversion = share(counts["confirmed"], counts["made"])
    return conversion, share(counts["completed"], counts["over"])


def _satisfaction(at: datetime) -> float | None:
    lately = Review.objects.shown().filter(
        appointment__starts_at__gte=at - LATELY, appointment__starts_at__lt=at
    )
    mean: float | None = lately.order_by().aggregate(mean=Avg("rating"))["mean"]
    return mean


def _carried(model: Any, at: datetime) -> tuple[int, int]:
    """How many should have gone long ago, and how many were given up since yesterday."""
    late = Q(status=DeliveryStatus.PENDING, next_try_at__lt=at - LATE)
    dead = Q(status=DeliveryStatus.DEAD, next_try_at__gte=at - DAY)
    rows = model._default_manager.filter(late | dead).order_by()
    counts = dict(rows.values_list("status").annotate(Count("pk")))
    return counts.get(DeliveryStatus.PENDING, 0), counts.get(DeliveryStatus.DEAD, 0)
