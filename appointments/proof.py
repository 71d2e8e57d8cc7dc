"""A guest's proof: the last four digits of the phone they booked with.

A weak proof on purpose: it is what a guest has. It opens one appointment, under limits that make
guessing pointless (figures and arithmetic: docs/decisions). Call it at the edge, outside of the
transaction of the work, so that a counted failure stays counted.
"""

import hmac
from datetime import datetime, timedelta

from django.conf import settings

from appointments.errors import ProofRequired
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from booking_site.common.limits import (
    Limit,
    Subject,
    digest,
    give_back,
    network_of,
    use_up,
)
from booking_site.common.phones import last_four

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

ADDRESS_PER_MINUTE = Limit("proof-address", 5, MINUTE)
ADDRESS_PER_HOUR = Limit("proof-address", 20, HOUR)
CODE_PER_DAY = Limit("proof-code", 5, DAY)
DIGITS_PER_HOUR = Limit("proof-digits", 20, HOUR)
EVERYBODY_PER_HOUR = Limit("proof-all", 1000, HOUR)

# A code alone opens only what a lobby screen shows; misses are cheaper, but not free.
MISSES = (Limit("code-miss", 20, MINUTE), Limit("code-miss", 100, HOUR))
# As many as the demo lets one address write at all.
MISSES_IN_DEMO = (Limit("code-miss", 600, MINUTE),)


def find_by_code(code: str, *, with_digits: bool, address: str, at: datetime) -> Appointment:
    """The appointment that holds this code. Raises NotFound, or TooMany instead after many misses.

    Only misses are held to limits: somebody who types codes at random must not lock out those who
    share an address with them and have a code. ``with_digits``: it was tried together with four
    digits. Nobody can tell then which of the two was guessed, so it counts as a failed proof too.
    """
    appointment = Appointment.objects.with_people().filter(code=code).first()
    if appointment is not None:
        return appointment
    network = digest(network_of(address))
    limits = MISSES_IN_DEMO if settings.RATE_LIMIT_GENEROUS else MISSES
    misses: list[Subject] = [(limit, network) for limit in limits]
    if with_digits:
        misses += _of_any_proof(network)
    use_up(misses, at=at)
    raise NotFound


def prove(appointment: Appointment, digits: str, *, address: str, at: datetime) -> Actor:
    """A guest actor for this one appointment. Raises ProofRequired, or TooMany."""
    network = digest(network_of(address))
    subjects = [
        *_of_any_proof(network),
        (CODE_PER_DAY, str(appointment.pk)),
        (DIGITS_PER_HOUR, digest(digits)),
    ]
    # Counted before looking and given back when right: a hundred guesses at once are five.
    use_up(subjects, at=at)
    right = last_four(appointment.customer_phone)
    if not hmac.compare_digest(right.encode(), digits.encode("utf-8", "replace")):
        raise ProofRequired
    give_back(subjects, at=at)
    return Actor.guest(proven_appointment_id=appointment.pk)


def _of_any_proof(network: str) -> list[Subject]:
    """What every guess counts towards, whichever code it was made at."""
    return [
        (ADDRESS_PER_MINUTE, network),
        (ADDRESS_PER_HOUR, network),
        (EVERYBODY_PER_HOUR, "all"),
    ]
