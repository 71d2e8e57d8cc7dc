"""How often one person may lock seats. Counted outside of the transaction that a refusal rolls
back."""

from datetime import datetime, timedelta

from django.conf import settings

from booking_site.common.limits import Limit, use_up

# A lock lasts for minutes and costs nothing: locked again and again, a seat would never be sold.
LOCKS = (
    Limit("seat-lock", most=40, per=timedelta(hours=1)),
    Limit("seat-lock", most=100, per=timedelta(days=1)),
)


def count_lock(user_id: int, *, at: datetime) -> None:
    """One choice, be it of a seat or of a package. Raises TooMany. The demo counts nobody."""
    if not settings.RATE_LIMIT_GENEROUS:
        use_up([(limit, f"user:{user_id}") for limit in LOCKS], at=at)
