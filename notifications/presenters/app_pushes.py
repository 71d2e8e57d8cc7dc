"""What a push says on somebody's telephone."""

from datetime import datetime

from django.utils import translation

from notifications.gateways.push import PushMessage
from notifications.models import Delivery, Push, Type
from notifications.presenters.pushes import told_of

# Telephones show two or three lines; the services take about 4 kB.
LONGEST_TITLE, LONGEST_TEXT = 60, 240


def push_of(delivery: Delivery, *, type_: Type, at: datetime) -> PushMessage:
    """The words of its letter, in its reader's language, with the facts as they are now."""
    assert delivery.device is not None
    with translation.override(delivery.locale):
        title, text, link = told_of(delivery, at=at)
    return PushMessage(
        key=f"news-{delivery.pk}",
        platform=delivery.device.platform,
        token=delivery.device.token,
        title=short_title(title),
        text=short_text(text),
        extras={
            "kind": type_.kind,
            "link": link,
            "reservation_id": str(delivery.event.appointment_id),
        },
    )


def push_with_words(push: Push) -> PushMessage:
    return PushMessage(
        key=f"push-{push.pk}",
        platform=push.device.platform,
        token=push.device.token,
        title=short_title(push.title),
        text=short_text(push.content),
        extras={"kind": Type(push.type).kind, "link": push.link},
    )


def short_title(title: str) -> str:
    return _short(title, LONGEST_TITLE)


def short_text(text: str) -> str:
    return _short(text, LONGEST_TEXT)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
