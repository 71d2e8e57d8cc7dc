"""Settings, read from the environment once, at start (see deploy/env.example)."""

from .env import *  # isort: skip
from .api import *
from .apps import *
from .auth import *
from .backup import *
from .business import *
from .chat import *
from .database import *
from .i18n import *
from .logs import *
from .mail import *
from .maps import *
from .payments import *
from .push import *
from .realtime import *
from .tasks import *
from .web import *

from .backoffice import *  # isort: skip  (changes what apps and web say)
from .given import *  # isort: skip  (knows what the others have asked for)
