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


# Between two tries of a webhook, as Standard Webhooks advises: ten tries in some three days.
WEBHOOK_PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_WEBHOOK_TRIES = len(WEBHOOK_PAUSES) + 1
# Each pause is longer by up to this share, so that what failed together does not come back at once.
WEBHOOK_JITTER = 0.2
# An endpoint to which nothing has come through for so long is switched off.
FAILING_FOR = timedelta(days=5)
# For so long receivers may change over to a new secret.
BOTH_SECRETS_FOR = timedelta(hours=24)
# Managers are told again after so long, when the letter did not go out.
NOTICE_PAUSE = timedelta(minutes=10)
# A store with more of them has forgotten some.
MOST_WEBHOOKS = 10


def webhook_pause_after(tries: int, *, luck: float) -> timedelta | None:
    """How long to wait after so many failed tries; None when it is time to give up. ``luck``, from
    0 to 1, is drawn by the caller."""
    if tries >= MOST_WEBHOOK_TRIES:
        return None
    return WEBHOOK_PAUSES[tries - 1] * (1 + WEBHOOK_JITTER * luck)
