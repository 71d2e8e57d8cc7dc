"""Which names somebody has set, for whoever has to set them once more. Imported last."""

import os

from .env import env

SETTINGS_GIVEN = sorted(name for name in env.asked if os.environ.get(name))
