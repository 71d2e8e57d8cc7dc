"""The viewings of a house, and what people said who have seen it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from appointments.models import Appointment, Status, Verdict, ViewingFeedback
from appointments.models.appointment import LIVE
from realtors.models import Listing

# A page shows so many of each; the rest is a number.
MOST = 20


@dataclass(frozen=True)
class Viewings:
    """``coming`` by their start, ``past`` from the latest on; ``more``: how many past ones are not
    shown. ``verdicts``: how often each was said. ``came`` and ``stayed_away``: of all that were to
    take place."""

    coming: list[Appointment]
    past: list[Appointment]
    more: int
    verdicts: dict[str, int]
    came: int
    stayed_away: int


def viewings_of(listing: Listing, *, at: datetime) -> Viewings:
    """Also those that others of the store have shown. Four queries."""
    rows = Appointment.objects.filter(listing=listing)
    ahead = Q(status__in=LIVE, ends_at__gt=at)
    counted = rows.aggregate(
        past=Count("pk", filter=~ahead & ~Q(status=Status.CANCELLED)),
        came=Count("pk", filter=Q(status=Status.COMPLETED)),
        stayed_away=Count("pk", filter=Q(status=Status.NO_SHOW)),
    )
    with_words = rows.select_related("viewing_feedback")
    coming = list(with_words.filter(ahead).order_by("starts_at", "pk")[:MOST])
    past = list(
        with_words.exclude(ahead)
        .exclude(status=Status.CANCELLED)
        .order_by("-starts_at", "-pk")[:MOST]
    )
    for one in (*coming, *past):
        one.store, one.listing = listing.store, listing
    said = ViewingFeedback.objects.filter(appointment__listing=listing).order_by()
    verdicts = dict(said.values_list("verdict").annotate(count=Count("pk")))
    return Viewings(
        coming=coming,
        past=past,
        more=counted["past"] - len(past),
        verdicts={one.value: verdicts.get(one.value, 0) for one in Verdict},
        came=counted["came"],
        stayed_away=counted["stayed_away"],
    )
