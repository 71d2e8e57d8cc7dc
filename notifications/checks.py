"""What `manage.py check --deploy` says of webhooks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def webhooks_stay_outside(**_options: Any) -> list[CheckMessage]:
    if not settings.WEBHOOK_ALLOW_INSIDE or settings.DEMO:
        return []
    return [
        Error(
            "WEBHOOK_ALLOW_INSIDE is on: whoever manages a store reaches our own network.",
            hint="Take it out of the environment; it is for tests and the demo.",
            id="notifications.E001",
        )
    ]
