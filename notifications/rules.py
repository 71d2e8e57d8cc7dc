"""How often a letter is tried, and how soon after one letter the next may follow; no database."""

from datetime import timedelta

# Longer than a mail server takes that answers at all, short enough that what a killed worker had in
# hand goes out within a minute.
LEASE = timedelta(seconds=50)
# Between two tries of a letter: a server that is down for most of a day loses nothing.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_TRIES = len(PAUSES) + 1
# People are asked how it was when they have left, and many have said it by themselves until then.
ASKED_AFTER = timedelta(hours=1)

# Whoever has had the letter of a booking or of a move so shortly before need not be reminded of it.
QUIET_AFTER_LETTER = timedelta(minutes=30)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when it is time to give up."""
    return PAUSES[tries - 1] if tries < MOST_TRIES else None
