"""What frames say: the push with Document 1's fields, and short ones that let pages look again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, SystemReason
from notifications.models import Delivery, Letter, Notification, OutboxEvent, Role, Type
from notifications.presenters.letters import words_of
from notifications.presenters.words import Words


def told_of(delivery: Delivery, *, at: datetime) -> tuple[str, str, str]:
    """Title, text and link of a notification: the letter's own words, in the active language,
    unless it has others for this."""
    words = words_of(delivery, at=at)
    content = ""
    for sentence in (*(words.told or words.sentences), _said(words, delivery)):
        content = joined(content, sentence)
    return words.title or words.subject, content, _link(words, delivery)


def _said(words: Words, delivery: Delivery) -> str:
    """What people have written, which in a letter stands in a row of its own."""
    names = {
        Letter.CANCELLED: _("Reason"),
        Letter.REVIEWED: _("In their words"),
        Letter.REPLIED: _("Reply"),
        Letter.VIEWING_FEEDBACK: _("In their words"),
        Letter.CANCEL_ASKED: _("Why it should be called off"),
        Letter.CANCEL_CHANGED: _("Why it was decided so"),
    }
    return dict(words.rows).get(names.get(Letter(delivery.letter), ""), "")


def _link(words: Words, delivery: Delivery) -> str:
    """A path. From here one sees what was cancelled; from a letter one books again, and so does
    whoever has not paid in time."""
    code = delivery.event.appointment.code
    is_cancelled = delivery.letter == Letter.CANCELLED and delivery.role == Role.CUSTOMER
    not_paid = delivery.event.facts.get("reason") == SystemReason.NOT_PAID
    if is_cancelled and code and not not_paid:
        return reverse("appointments:detail", args=[code])
    return words.link.removeprefix(settings.SITE_URL)


def joined(first: str, second: str) -> str:
    if not (first and second):
        return first or second
    two = {"first": first, "second": second}
    return pgettext("two sentences", "%(first)s %(second)s") % two


def notification_frame(row: Notification, detail: dict[str, Any]) -> dict[str, Any]:
    """Document 1's fields at the top, ids as numbers, times as it writes them."""
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
        "detail": detail,
    }


def detail_of(appointment: Appointment) -> dict[str, Any]:
    """``house_id`` and ``house_title`` are those of the listing, null where it is about none.
    ``reserve_time`` is by the store's clock, and null for whoever waits in the live line, who has
    no time."""
    realtor, listing = appointment.realtor, appointment.listing
    local = appointment.starts_local
    return {
        "reservation_id": appointment.pk,
        "house_id": appointment.listing_id,
        "house_title": listing.title if listing else None,
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


def detail_for_who_lost_it(event: OutboxEvent) -> dict[str, Any]:
    """What its former realtor knew: not who comes, when, or to whom instead."""
    appointment = event.appointment
    previous = event.facts.get("previous_start")
    known = datetime.fromisoformat(previous) if previous else appointment.starts_at
    local = known.astimezone(appointment.store.zone)
    return detail_of(appointment) | {
        "landlord_id": None,
        "user_id": None,
        "user_name": "",
        "reserve_time": f"{local:%Y-%m-%d %H:%M:%S}" if appointment.is_timed else None,
    }


def appointment_frame(event: OutboxEvent, *, is_theirs: bool) -> dict[str, Any]:
    """No names. Whoever has lost it (not ``is_theirs``) does not hear where it went."""
    appointment = event.appointment
    realtor_id = appointment.realtor_id if is_theirs else None
    starts_at = appointment.starts_local if is_theirs and appointment.is_timed else None
    pay_before = appointment.pay_before if appointment.awaits_payment else None
    dates = (appointment.check_in, appointment.check_out) if is_theirs else (None, None)
    check_in, check_out = (day.isoformat() if day else None for day in dates)
    return {
        "appointment_id": str(appointment.pk),
        "appointment_code": appointment.code,
        "store_id": str(appointment.store_id),
        "realtor_id": str(realtor_id) if realtor_id else None,
        "listing_id": str(appointment.listing_id) if appointment.listing_id else None,
        "status": appointment.status,
        "check_in": check_in,
        "check_out": check_out,
        "starts_at": starts_at.isoformat() if starts_at else None,
        "payment_status": appointment.payment_status,
        "pay_before": pay_before.isoformat() if pay_before else None,
        "change": event.kind,
    }


def place_frame(appointment: Appointment, position: int, wait: int | None) -> dict[str, Any]:
    return {
        "appointment_code": appointment.code,
        "queue_position": position,
        "estimated_wait_minutes": wait,
    }
