"""What streams say no more. The rows stay, because numbers have no holes."""

from collections import defaultdict
from collections.abc import Iterable

from notifications.models import UserEvent

AT_ONCE = 500


def rewrite(rows: Iterable[UserEvent]) -> None:
    """Write them again as they are now: two statements for each stream and some hundred rows, and
    not one for each row. (They are changed by their two columns; there is no other key.)"""
    by_user: dict[int, list[UserEvent]] = defaultdict(list)
    for row in rows:
        by_user[row.user_id].append(row)
    for user_id, theirs in sorted(by_user.items()):
        for first in range(0, len(theirs), AT_ONCE):
            some = theirs[first : first + AT_ONCE]
            UserEvent.objects.filter(user=user_id, u__in=[row.u for row in some]).delete()
            UserEvent.objects.bulk_create(some)
