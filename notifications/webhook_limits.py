"""How often one person may have us call somebody at once."""

from datetime import datetime, timedelta

from booking_site.common.limits import Limit, use_up

TESTS = Limit("webhook-test", most=10, per=timedelta(minutes=1))


def count_test(user_id: int, at: datetime) -> None:
    """Call it before, outside of any transaction. Raises TooMany."""
    use_up([(TESTS, f"user:{user_id}")], at=at)
