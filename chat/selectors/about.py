"""The appointments that conversations and their messages speak of, as they are now."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from appointments.models import Appointment, CancelRequest
from appointments.models.appointment import LIVE
from chat.models import Conversation, Message, MessageKind, OrderLink
from chat.rules import OF_ORDERS


def people_of(appointment: Appointment) -> set[int | None]:
    """Its customer and its realtor, where they have accounts."""
    realtor = appointment.realtor
    return {appointment.user_id, realtor.user_id if realtor else None} - {None}


def whole() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("store", "realtor", "listing", "order", "review")


def with_what_cards_say(appointments: Iterable[Appointment]) -> None:
    """Beyond ``whole``: one query where there are stays, and one where there are orders."""
    rows = list(appointments)
    stays, orders = [one for one in rows if one.is_stay], [one for one in rows if one.is_order]
    if stays:
        prefetch_related_objects(stays, "stay_pets")
    if orders:
        pending = Prefetch("cancel_requests", CancelRequest.objects.pending(), "pending_requests")
        prefetch_related_objects(orders, pending)


def shown_on_cards(ids: Iterable[int]) -> dict[int, Appointment]:
    """By id, with all that their cards say."""
    found = whole().in_bulk(list(ids))
    with_what_cards_say(found.values())
    return found


def put_orders_on(messages: Iterable[Message], user_id: int) -> None:
    """On the messages about orders of services: the order as it is now, where it is the user's, as
    its customer or its provider. Two queries where there are such messages."""
    told = [one for one in messages if is_of_order(one)]
    if not told:
        return
    orders = shown_on_cards({one.meta["appointment_id"] for one in told})
    for message in told:
        found = orders.get(message.meta["appointment_id"])
        message.order_now = found if found and user_id in people_of(found) else None


def is_of_order(message: Message) -> bool:
    is_card = message.kind == MessageKind.ORDER and not message.is_gone
    return is_card and message.meta.get("about") == OF_ORDERS


def order_of_talk(conversation: Conversation, appointment_id: int) -> Appointment | None:
    """One that was made in this conversation, or that it is about."""
    made = OrderLink.objects.filter(conversation=conversation, appointment=appointment_id)
    if conversation.appointment_id != appointment_id and not made.exists():
        return None
    return shown_on_cards([appointment_id]).get(appointment_id)


def newest_open_order(
    conversation: Conversation, shown: Iterable[Message] = ()
) -> Appointment | None:
    """Made here and not over. No query where it stands on one of the messages that are ``shown``,
    else one."""
    on_them = [one.order_now for one in shown if one.order_now]
    known = [one for one in on_them if one.status in LIVE]
    if known:
        return max(known, key=lambda one: one.pk)
    links = OrderLink.objects.filter(conversation=conversation).order_by("-pk")
    rows = whole().filter(pk__in=links.values("appointment")).filter(status__in=LIVE)
    return rows.order_by("-pk").first()
