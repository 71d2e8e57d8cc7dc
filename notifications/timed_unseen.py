"""Looking for messages that nobody has seen for a while. Part of the round that sends letters."""

from datetime import datetime
from functools import partial

from booking_site.common.transactions import all_in_turn, run_in_transaction
from chat.selectors.unseen import unseen
from notifications.services import nudge


def nudge_due(*, at: datetime) -> None:
    """Each in a transaction of its own; those that are left wait for the next round."""
    all_in_turn(partial(run_in_transaction, partial(nudge, row, at=at)) for row in unseen(at=at))
