"""The site without limits on how fast one person may talk: ``uvicorn
benchmarks.realtime.unpaced:application``. They are still asked for, and cost what they cost."""

from booking_site.asgi import application
from booking_site.common.pace import OPERATIONS
from chat.limits import MESSAGES

__all__ = ["application"]

for pace in (OPERATIONS, MESSAGES):
    object.__setattr__(pace, "rate", 1e6)
    object.__setattr__(pace, "burst", 1_000_000)
