"""Push services, behind one small class that PUSH_GATEWAY names: ``local`` (writes to the log and
sends nothing), ``jpush``, ``umeng``, or the dotted path of another one with a ``send``."""

import logging
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

NAMED = {
    "local": "notifications.gateways.push.LocalGateway",
    "jpush": "notifications.gateways.jpush.JPushGateway",
    "umeng": "notifications.gateways.umeng.UmengGateway",
}
# A telephone that is switched off for longer need not hear of it.
TIME_TO_LIVE_SECONDS = 86_400


class PushFailed(Exception):
    """Not taken this time."""


class PushRefusedForGood(PushFailed):
    """It will never be taken as it is."""


class DeviceGone(Exception):
    """The service knows of nobody under this token any more."""


class NoWayToDevice(Exception):
    """This service does not reach that kind of device."""


@dataclass(frozen=True)
class PushMessage:
    """For one device. ``key`` is the same at every try. ``extras``: what the app is told besides,
    text by name: where it leads, what it is about."""

    key: str
    platform: str
    token: str = field(repr=False)
    title: str = field(repr=False)
    text: str = field(repr=False)
    extras: dict[str, str] = field(default_factory=dict, repr=False)


class Gateway(Protocol):
    def send(self, message: PushMessage) -> None:
        """Returns when the service has it. Raises DeviceGone, NoWayToDevice, PushRefusedForGood, or
        whatever went wrong."""


class LocalGateway:
    """Says in the log that something went out, and neither to whom nor what: logs are kept."""

    def send(self, message: PushMessage) -> None:
        log.info("push %s for a device of %s", message.key, message.platform)


def gateway() -> Any:
    """The one of the settings. Raises ImproperlyConfigured when it lacks something."""
    return import_string(NAMED.get(settings.PUSH_GATEWAY, settings.PUSH_GATEWAY))()
