"""How often one person may hold something against reviews."""

from datetime import datetime, timedelta

from booking_site.common.limits import Limit, use_up

REPORTS = (
    Limit("review-report", most=10, per=timedelta(hours=1)),
    Limit("review-report", most=30, per=timedelta(days=1)),
)


def count_report(user_id: int, at: datetime) -> None:
    """Call it before, outside of the transaction. Raises TooMany."""
    use_up([(limit, f"user:{user_id}") for limit in REPORTS], at=at)
