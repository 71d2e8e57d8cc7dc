"""How often a password may be guessed: ten times in fifteen minutes per account and address.

Counted before the password is looked at and given back when it was right, so that a hundred
guesses at once are no more than ten. Called outside of transactions: counts outlive refusals.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from accounts.models import User
from accounts.selectors import canonical_login
from booking_site.common.limits import (
    Limit,
    Subject,
    count_attempt,
    digest,
    give_back,
    network_of,
    use_up,
)
from booking_site.common.models import AttemptCounter

PER_ACCOUNT = Limit("sign-in/account", most=10, per=timedelta(minutes=15))
PER_ADDRESS = Limit("sign-in/address", most=10, per=timedelta(minutes=15))
FAMILIAR = Limit("sign-in/familiar", most=1, per=timedelta(days=30))


@contextmanager
def counted(user: User | None, *, login: str, address: str, at: datetime) -> Iterator[None]:
    """Check the password in this block. Raises TooMany before it; what it raises stays counted.

    An address from which this account has signed in lately is held to its own count only:
    strangers elsewhere cannot lock the owner out.
    """
    account = f"user:{user.pk}" if user else f"login:{digest(canonical_login(login))}"
    network = digest(network_of(address))
    place = f"{account}@{network}"
    subjects: list[Subject] = [(PER_ADDRESS, network)]
    if not _is_familiar(place, at):
        subjects.append((PER_ACCOUNT, account))
    use_up(subjects, at=at)
    yield
    give_back(subjects, at=at)
    if not _is_familiar(place, at):
        count_attempt([(FAMILIAR, place)], at=at)


def _is_familiar(place: str, at: datetime) -> bool:
    return AttemptCounter.objects.filter(
        name=FAMILIAR.counter_name(place),
        window_started_at__gte=FAMILIAR.window_start(at) - FAMILIAR.per,
    ).exists()
