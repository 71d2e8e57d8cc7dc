"""Six-digit codes: drawn at random, unique among all that hold one, never a secret."""

import secrets

from appointments.models import Appointment
from booking_site.common.errors import Unavailable

SPACE = 1_000_000
# With half the space held, 40 draws fail together once in 10^12.
DRAWS = 40


def draw_code() -> str:
    """A code nobody holds now; the unique key still decides if two draw the same at once."""
    for _draw in range(DRAWS):
        code = f"{secrets.randbelow(SPACE):06d}"
        if not Appointment.objects.filter(code=code).exists():
            return code
    raise Unavailable
