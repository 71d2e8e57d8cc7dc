"""How fast and how often one person may do what others are told of. Counted outside of the
transaction that a refusal rolls back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil

from accounts.models import User
from booking_site.common.errors import TooMany
from booking_site.common.limits import Limit, use_up
from booking_site.common.pace import Pace, wait_for
from chat.selectors.members import strangers_among

# What one person sends, through all doors together: a hundred a minute, forty at once.
MESSAGES = Pace("messages", rate=100 / 60, burst=40)
# Each is decoded, which costs more than anything else here, and what is refused leaves no trace
# that could be counted later.
UPLOADS = Pace("uploads", rate=0.5, burst=30)
# A new name and new members are told to everybody there, with the names of all: the work grows with
# the square of the group.
GROUPS = Pace("chat-groups", rate=1 / 6, burst=20)
SEARCHES = Pace("chat-search", rate=0.5, burst=10)

# People whom one has never talked to are told by their name: ids must not be walked for names.
NEW_PEOPLE = (
    Limit("chat-new", most=60, per=timedelta(hours=1)),
    Limit("chat-new", most=200, per=timedelta(days=1)),
)
REPORTS = (
    Limit("chat-report", most=10, per=timedelta(hours=1)),
    Limit("chat-report", most=30, per=timedelta(days=1)),
)


def keep_pace(pace: Pace, user_id: int) -> None:
    """Raises TooMany."""
    wait = wait_for(pace, user_id)
    if wait:
        raise TooMany(retry_after=ceil(wait / 1000))


def count_new_people(user: User, ids: Collection[int], *, groups: int = 0, at: datetime) -> None:
    """Before they are looked up: those who are nobody count too, and those with whom the user
    shares a conversation already do not. A new group counts as one more. Raises TooMany."""
    count = len(strangers_among(user, ids)) + groups
    if count:
        use_up([(limit, f"user:{user.pk}") for limit in NEW_PEOPLE] * count, at=at)


def count_report(user_id: int, at: datetime) -> None:
    """Raises TooMany."""
    use_up([(limit, f"user:{user_id}") for limit in REPORTS], at=at)
