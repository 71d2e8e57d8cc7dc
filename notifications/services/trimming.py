"""Streams are kept for thirty days and five thousand events; whoever is further behind loads their
state anew."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import F, Max

from booking_site.common.transactions import all_in_turn, run_in_transaction
from notifications.models import UserEvent, UserStream

KEPT = timedelta(days=30)
MOST_EVENTS = 5000
USERS_AT_ONCE = 500


def trim_streams(*, at: datetime) -> None:
    """What is too old or too much, each stream in a transaction of its own. What is left over is
    found by the next round."""
    floors = _floors_by_age(at) | _floors_by_number()
    all_in_turn(
        partial(run_in_transaction, partial(_trim, user_id, floor))
        for user_id, floor in sorted(floors.items())
    )


def _floors_by_age(at: datetime) -> dict[int, int]:
    old = UserEvent.objects.filter(created_at__lt=at - KEPT)
    rows = old.order_by("user_id").values("user_id").annotate(last=Max("u"))[:USERS_AT_ONCE]
    return {row["user_id"]: row["last"] + 1 for row in rows}


def _floors_by_number() -> dict[int, int]:
    long = UserStream.objects.filter(last_u__gte=F("floor_u") + MOST_EVENTS)
    rows = long.order_by("pk").values_list("pk", "last_u")[:USERS_AT_ONCE]
    return {pk: last_u - MOST_EVENTS + 1 for pk, last_u in rows}


def _trim(user_id: int, floor: int) -> None:
    """The floor rises first: nobody is told that what goes is still there."""
    UserStream.objects.filter(pk=user_id, floor_u__lt=floor).update(floor_u=floor)
    UserEvent.objects.filter(user_id=user_id, u__lt=floor).delete()
