"""What the demo's pets have in common."""

from datetime import timedelta

# How long their vaccination lasts from the day they are written down.
FRESH = timedelta(days=300)
