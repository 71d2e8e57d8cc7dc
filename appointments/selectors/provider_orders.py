"""The orders of one who provides services, by what has to be done about them."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q

from appointments.models import (
    Appointment,
    AppointmentQuerySet,
    CancelRequest,
    PaymentStatus,
    RequestState,
    Side,
    Status,
)
from appointments.models.appointment import unpaid_by
from realtors.models import ListingKind, Realtor


class Shelf(StrEnum):
    """``ASKED``: they wait for a yes; ``WISHES``: somebody wants to call them off; ``COMING``: to
    be done, or being done; ``TO_PAY``: whatever is done of them, the money is still to come."""

    ALL = "all"
    ASKED = "asked"
    WISHES = "wishes"
    COMING = "coming"
    TO_PAY = "to_pay"
    DONE = "done"
    CANCELLED = "cancelled"


def orders_of(realtor: Realtor, *, at: datetime) -> AppointmentQuerySet:
    """Theirs, what was not paid in time left out. No query by itself."""
    rows = Appointment.objects.filter(realtor=realtor, listing__kind=ListingKind.SERVICE)
    return rows.exclude(unpaid_by(at)).select_related("store", "realtor", "listing", "order")


def on_shelf(rows: AppointmentQuerySet, shelf: Shelf) -> AppointmentQuerySet:
    """What is to be done soonest first; what is over, newest first."""
    rows = rows.filter(_is_on(shelf))
    if shelf in (Shelf.ASKED, Shelf.COMING, Shelf.WISHES):
        return rows.order_by("starts_at", "pk")
    return rows.order_by("-starts_at", "-pk")


def counts_of(rows: AppointmentQuerySet) -> dict[Shelf, int]:
    """How many stand on each. One query."""
    counted = {str(shelf): Count("pk", filter=_is_on(shelf)) for shelf in Shelf}
    found = rows.order_by().aggregate(**counted)
    return {shelf: found[str(shelf)] for shelf in Shelf}


def waits_for_provider(request: CancelRequest) -> bool:
    return request.state == RequestState.OPEN and request.side == Side.CUSTOMER


def _is_on(shelf: Shelf) -> Q:
    pending = CancelRequest.objects.pending().filter(appointment=OuterRef("pk"))
    return {
        Shelf.ALL: Q(pk__isnull=False),
        Shelf.ASKED: Q(status=Status.PENDING),
        Shelf.WISHES: Q(Exists(pending)),
        Shelf.COMING: Q(status__in=[Status.CONFIRMED, Status.IN_PROGRESS]),
        Shelf.TO_PAY: Q(
            payment_status=PaymentStatus.UNPAID,
            status__in=[Status.CONFIRMED, Status.IN_PROGRESS, Status.COMPLETED],
        ),
        Shelf.DONE: Q(status=Status.COMPLETED),
        Shelf.CANCELLED: Q(status__in=[Status.CANCELLED, Status.NO_SHOW]),
    }[shelf]
