"""What `manage.py check --deploy` says of payments."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def nobody_plays_bank(**_options: Any) -> list[CheckMessage]:
    if "sandbox" not in settings.PAYMENT_GATEWAYS or settings.DEMO:
        return []
    return [
        Error(
            "PAYMENT_GATEWAYS names the sandbox: whoever presses its button has paid.",
            hint="Take it out of the environment; it is for tests and the demo.",
            id="payments.E001",
        )
    ]
