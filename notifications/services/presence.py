"""Telling people who is there of those with whom they talk, and remembering when each was."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from accounts.models import User
from booking_site.common.transactions import run_in_transaction
from notifications.frames import ephemeral
from notifications.gateways import shown
from notifications.gateways.hints import publish_told
from notifications.models import LastSeen
from notifications.selectors.listeners import acquainted

AT_ONCE = 200


def show_presence() -> None:
    """Who has come since the last look, and who has been gone for long enough. Raises what Redis
    raises when it is down: then nobody can say."""
    change = shown.compare()
    # First: whoever is told may ask at once.
    _note_gone(change.gone)
    told = dict.fromkeys(change.came) | {
        pk: datetime.fromtimestamp(since, UTC) for pk, since in change.gone.items()
    }
    ids = sorted(told)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        for user_id, others in acquainted(some).items():
            publish_told(others & change.there, _frame(user_id, told[user_id]))


def _frame(user_id: int, last_seen: datetime | None) -> str:
    at = last_seen.isoformat() if last_seen else None
    return ephemeral("presence", {"userId": str(user_id), "online": at is None, "lastSeen": at})


def _note_gone(gone: dict[int, float]) -> None:
    together = defaultdict(list)
    for user_id, since in gone.items():
        together[since].append(user_id)
    for since, ids in together.items():
        note_seen(ids, at=datetime.fromtimestamp(since, UTC))


def note_seen(user_ids: Iterable[int], *, at: datetime) -> None:
    """That they were connected then."""
    ids = sorted(user_ids)
    for start in range(0, len(ids), AT_ONCE):
        run_in_transaction(partial(_note, ids[start : start + AT_ONCE], at))


def _note(ids: list[int], at: datetime) -> None:
    people = set(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))
    rows = LastSeen.objects.filter(pk__in=people)
    known = set(rows.values_list("pk", flat=True))
    rows.filter(at__lt=at).update(at=at)
    new = [LastSeen(user_id=pk, at=at) for pk in sorted(people - known)]
    # Another process may write the same person's at this moment.
    LastSeen.objects.bulk_create(new, ignore_conflicts=True)
