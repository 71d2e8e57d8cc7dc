"""Timed work of the streams: places in line that moved without any news, and events grown old."""

from datetime import datetime
from functools import partial

from django.core.cache import cache

from booking_site.common.transactions import all_in_turn, run_in_transaction
from notifications.services import compare_places
from notifications.services.trimming import trim_streams

HOUR_SECONDS = 3600
TRIMMED = "notifications.timed_streams.trimmed"


def keep_streams(*, at: datetime) -> None:
    """Both, each in its turn. Looking for what is old is for once an hour."""
    works = [partial(run_in_transaction, partial(compare_places, at=at))]
    if cache.add(TRIMMED, True, HOUR_SECONDS):
        works.append(partial(trim_streams, at=at))
    all_in_turn(works)
