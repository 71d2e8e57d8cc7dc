"""What frames say: the push with seed 1's fields, and the short ones that let pages look again."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment
from notifications.models import Delivery, Letter, Notification, OutboxEvent, Role, Type
from notifications.presenters.letters import Words, words_of

if TYPE_CHECKING:
    from datetime import datetime


def told_of(delivery: Delivery, *, at: "datetime") -> tuple[str, str, str]:
    """Title, text and link of a notification: the letter's own words, in the active language."""
    words = words_of(delivery, at=at)
    content = ""
    for sentence in (*words.sentences, _said(words, delivery)):
        content = joined(content, sentence)
    return words.subject, content, _link(words, delivery)


def _said(words: Words, delivery: Delivery) -> str:
    """What people have written, which in a letter stands in a row of its own."""
    names = {
        Letter.CANCELLED: _("Reason"),
        Letter.REVIEWED: _("In their words"),
        Letter.REPLIED: _("Reply"),
    }
    return dict(words.rows).get(names.get(Letter(delivery.letter), ""), "")


def _link(words: Words, delivery: Delivery) -> str:
    """A path. From here one sees what was cancelled; from a letter one books again."""
    code = delivery.event.appointment.code
    if delivery.letter == Letter.CANCELLED and delivery.role == Role.CUSTOMER and code:
        return reverse("appointments:detail", args=[code])
    return words.link.removeprefix(settings.SITE_URL)


def joined(first: str, second: str) -> str:
    if not (first and second):
        return first or second
    two = {"first": first, "second": second}
    return pgettext("two sentences", "%(first)s %(second)s") % two


def notification_frame(row: Notification, appointment: Appointment | None) -> dict[str, Any]:
    """Seed 1's fields at the top, ids as numbers, times as it writes them."""
    type_ = Type(row.type)
    return {
        "type": type_.value,
        "kind": type_.kind,
        "user_id": row.user_id,
        "reservation_id": row.appointment_id,
        "title": row.title,
        "content": row.content,
        "link": row.link,
        "timestamp": int(row.created_at.timestamp()),
        "detail": detail_of(appointment) if appointment else {},
    }


def detail_of(appointment: Appointment) -> dict[str, Any]:
    """``house_id`` and ``house_title`` are null: there are no houses yet. ``reserve_time`` is by
    the store's clock, and null for whoever waits in the live line, who has no time."""
    realtor = appointment.realtor
    local = appointment.starts_local
    return {
        "reservation_id": appointment.pk,
        "house_id": None,
        "house_title": None,
        "landlord_id": realtor.user_id if realtor else None,
        "user_id": appointment.user_id,
        "user_name": appointment.customer_name,
        "reserve_time": f"{local:%Y-%m-%d %H:%M:%S}" if appointment.is_timed else None,
        "status": appointment.status,
        "created_at": int(appointment.created_at.timestamp()),
        "appointment_code": appointment.code,
        "store_id": appointment.store_id,
        "store_name": appointment.store.name,
    }


def appointment_frame(event: OutboxEvent) -> dict[str, Any]:
    """No names: whoever has lost it hears of it, too."""
    appointment = event.appointment
    return {
        "appointment_id": str(appointment.pk),
        "appointment_code": appointment.code,
        "store_id": str(appointment.store_id),
        "realtor_id": str(appointment.realtor_id) if appointment.realtor_id else None,
        "status": appointment.status,
        "starts_at": appointment.starts_local.isoformat() if appointment.is_timed else None,
        "change": event.kind,
    }


def place_frame(appointment: Appointment, position: int, wait: int | None) -> dict[str, Any]:
    return {
        "appointment_code": appointment.code,
        "queue_position": position,
        "estimated_wait_minutes": wait,
    }
