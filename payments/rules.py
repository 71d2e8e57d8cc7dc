"""Arithmetic of money at gateways, and how often they are asked; nothing here touches the
database."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from booking_site.common.money import CENT, WHOLE

# Longer than a gateway takes that answers at all.
LEASE = timedelta(seconds=60)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_TRIES = len(PAUSES) + 1
# A refund that the gateway has taken may stay on its way for days: asked after hourly, ten days.
ASK_AFTER_REFUND = timedelta(hours=1)
MOST_ASKED = 240

FIRST_LOOK = timedelta(minutes=1)
# After that an open payment is looked at less and less often, and once more when it has expired.
LOOK_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 360, 1440))
MOST_LOOKS = 20

# What a callback may be, and how old (the signed moment, either way).
LARGEST_NOTICE = 65_536
TOLERANCE_SECONDS = 300


def minor_units(amount: Decimal, currency: str) -> int:
    """12.30 CNY are 1230 fen, 1200 JPY are 1200 yen."""
    factor = 1 if currency.upper() in WHOLE else 100
    return int((amount * factor).quantize(Decimal(1), ROUND_HALF_UP))


def from_minor_units(units: int, currency: str) -> Decimal:
    factor = 1 if currency.upper() in WHOLE else 100
    return (Decimal(units) / factor).quantize(CENT)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when a person has to look."""
    return PAUSES[tries - 1] if tries < MOST_TRIES else None


def look_pause(looks: int) -> timedelta | None:
    """How long to wait after so many looks; None when it has been enough."""
    if looks >= MOST_LOOKS:
        return None
    return LOOK_PAUSES[min(looks, len(LOOK_PAUSES)) - 1]


def owed_back(paid: Decimal, *, refunded: Decimal, fee: Decimal) -> Decimal:
    """Of what was paid, when the booking is called off: never below nothing."""
    return max(paid - refunded - fee, Decimal(0))


def payout(kept: Decimal, *, paid: Decimal, commission: Decimal) -> tuple[Decimal, Decimal]:
    """The site's commission on what was kept of a payment, and what is left for the provider. The
    commission was agreed on the whole price: of what went back none is taken."""
    if paid <= 0 or kept <= 0:
        return Decimal("0.00"), max(kept, Decimal("0.00"))
    share = (commission * kept / paid).quantize(CENT, ROUND_HALF_UP)
    share = min(share, kept)
    return share, kept - share
