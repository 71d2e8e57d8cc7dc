"""ASGI entry point: HTTP through Django, sockets, and a lifespan with the embedded timed work."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "booking_site.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402

from booking_site.site.lifespan import Lifespan  # noqa: E402
from booking_site.site.sockets import sockets  # noqa: E402
from booking_site.site.turnstile import Turnstile  # noqa: E402

application = ProtocolTypeRouter(
    {"http": Turnstile(django_application), "websocket": sockets, "lifespan": Lifespan()}
)
