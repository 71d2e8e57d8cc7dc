"""A store's day at a glance, for the board in its lobby and for its desk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from appointments.models import Appointment, Status
from appointments.selectors.orders import order_of
from appointments.selectors.waits import (
    Estimate,
    estimates,
    paces_of,
    pictures_of_today,
    whom_nobody_takes,
)
from realtors.models import ListingKind
from stores.models import Store

AHEAD = timedelta(hours=2)
# Whoever is expected and has not come yet is shown for so long.
BEHIND = timedelta(minutes=30)
WORK_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Board:
    """``serving``: the work goes on. ``called``: a realtor is there for them, or has been asked.
    ``waiting``: the live line in its order, so that the rank here is the position; ``waits`` of
    them and ``stranded``, whom nobody on duty can take, by id.
    ``upcoming``: scheduled starts of the next two hours that have a realtor. What takes place
    elsewhere, as viewings of houses and stays do, stands in none of them: nobody is to come to the
    desk for it. ``out``: who shows a house at this moment."""

    serving: list[Appointment] = field(default_factory=list)
    called: list[Appointment] = field(default_factory=list)
    waiting: list[Appointment] = field(default_factory=list)
    upcoming: list[Appointment] = field(default_factory=list)
    out: list[Appointment] = field(default_factory=list)
    waits: dict[int, Estimate] = field(default_factory=dict)
    stranded: set[int] = field(default_factory=set)


def board_of(store: Store, *, at: datetime) -> Board:
    """Queries: constant; one when nobody waits."""
    in_line = Q(live=True, live_key__isnull=False)
    at_work = Q(status=Status.IN_PROGRESS, starts_at__gte=at - WORK_LASTS)
    expected = Q(
        live=False,
        realtor__isnull=False,
        status__in=[Status.PENDING, Status.CONFIRMED],
        starts_at__range=(at - BEHIND, at + AHEAD),
    )
    rows = Appointment.objects.filter(in_line | at_work | expected, store=store, check_in=None)
    # The order of a line; see Appointment.objects.queued().
    rows = rows.select_related("realtor", "listing", "order").order_by(
        "priority", "queued_at", "id"
    )
    board = Board()
    for row in rows:
        row.store = store
        _place(row, board)
    board.serving.sort(key=lambda row: (row.started_at or row.starts_at, row.pk))
    board.upcoming.sort(key=lambda row: (row.starts_at, row.pk))
    if board.waiting:
        _estimate(board, store, at)
    return board


def _estimate(board: Board, store: Store, at: datetime) -> None:
    positions = {row.pk: number for number, row in enumerate(board.waiting, start=1)}
    found = pictures_of_today([store], at=at)
    paces = paces_of(found, at=at)
    board.waits.update(
        estimates(board.waiting, at=at, positions=positions, pictures=found, paces=paces)
    )
    board.stranded.update(whom_nobody_takes(board.waiting, at=at, pictures=found, paces=paces))


def is_elsewhere(appointment: Appointment) -> bool:
    """Whether nobody has to come to the store for it."""
    listing = appointment.listing
    is_viewing = listing is not None and listing.kind == ListingKind.HOUSE
    order = order_of(appointment)
    return appointment.is_stay or is_viewing or bool(order and order.address)


def _place(row: Appointment, board: Board) -> None:
    if is_elsewhere(row):
        if row.status == Status.IN_PROGRESS:
            board.out.append(row)
    elif row.status == Status.IN_PROGRESS:
        board.serving.append(row)
    elif not row.live:
        board.upcoming.append(row)
    elif row.is_waiting:
        board.waiting.append(row)
    else:
        board.called.append(row)
