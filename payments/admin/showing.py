"""How times and sums read in these lists."""

from datetime import datetime
from decimal import Decimal

from django.utils import formats

from stores.models import Store


def local(instant: datetime | None, store: Store) -> str:
    """By the store's own wall clock, whatever the reader's."""
    if instant is None:
        return "–"
    return formats.localize(instant.astimezone(store.zone).replace(tzinfo=None, microsecond=0))


def sum_of(amount: Decimal, currency: str) -> str:
    """``300.00 CNY``: in lists all of a column with two places."""
    return f"{amount:.2f} {currency}"
