"""Conversations as the pages show them: in a list, and one of them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Appointment
from appointments.presenters import stay_words
from appointments.presenters import times as appointment_times
from booking_site.common.counts import shown_count
from chat.gateways.presence import Seen
from chat.models import Conversation, ConversationType, Message
from chat.presenters import times
from chat.presenters.bubbles import face_for
from chat.presenters.cards import card_of
from chat.presenters.conversations import card_for, name_for
from chat.presenters.messages import preview
from chat.presenters.people import name_of
from chat.selectors.about import newest_open_order
from chat.selectors.offers import is_orderable
from chat.selectors.presence import seen_by
from chat.selectors.reading import Thread

# --- The list


def rows_for(threads: Iterable[Thread], *, at: datetime) -> list[dict[str, Any]]:
    """The conversations of a list."""
    return [_row(thread, at) for thread in threads]


def _row(thread: Thread, at: datetime) -> dict[str, Any]:
    conversation, last = thread.conversation, thread.last
    unread = thread.unread
    return {
        "id": conversation.pk,
        "name": name_for(thread),
        "about": _about(thread, at),
        "face": face_of(thread),
        "preview": _begins(thread, last) if last else _("Nothing has been said yet."),
        "time": times.short(last.created_at if last else conversation.updated_at, at),
        "at": last.created_at if last else conversation.updated_at,
        "unread": unread,
        "shown": shown_count(unread),
        "said": ngettext("%(count)d unread message", "%(count)d unread messages", unread)
        % {"count": unread},
        "muted": thread.own.is_muted,
    }


def _about(thread: Thread, at: datetime) -> str:
    """Which appointment or listing: with one person one may have several conversations."""
    card, offered = _card(thread, at), _listing(thread)
    if card is None:
        return offered["title"] if offered else ""
    return card["when"] or card["place"]


def _begins(thread: Thread, last: Message) -> str:
    """Who has said it stands before it, where that is not plain."""
    text = preview(last)
    if last.sender_id is None or last.is_gone:
        return text
    if last.sender_id == thread.own.user_id:
        return _("You: %(text)s") % {"text": text}
    if thread.conversation.is_direct:
        return text
    return _("%(name)s: %(text)s") % {"name": name_of(last.sender), "text": text}


def face_of(thread: Thread) -> dict[str, Any]:
    """What stands beside the name: a picture or letter of whom one talks to, or a sign."""
    kind = thread.conversation.type
    if kind != ConversationType.DIRECT:
        return {"icon": "users" if kind == ConversationType.GROUP else "bell"}
    user = thread.others[0].user if thread.others else None
    return {
        "name": name_for(thread),
        "seed": user.pk if user else 0,
        "picture_url": user.avatar_url if user and user.is_active else None,
    }


# --- One of them


def head_of(thread: Thread, *, at: datetime, shown: Iterable[Message] = ()) -> dict[str, Any]:
    """Who it is with, whether they are there, and the appointment it is about. ``shown``: the
    messages under it."""
    conversation = thread.conversation
    other = thread.others[0].user if conversation.is_direct and thread.others else None
    seen = seen_by(thread.own.user_id, [other.pk])[other.pk] if other else Seen()
    return {
        "id": conversation.pk,
        "name": name_for(thread),
        "face": face_of(thread),
        "other_id": other.pk if other else None,
        "online": bool(seen.is_online),
        "presence": times.last_seen(seen, at) if other else _members(thread),
        "muted": thread.own.is_muted,
        "is_group": conversation.type == ConversationType.GROUP,
        "is_system": conversation.type == ConversationType.SYSTEM,
        "card": _card(thread, at) or _open_order(thread, shown, at),
        "listing": _listing(thread),
        "order_url": _order_url(thread),
    }


def _members(thread: Thread) -> str:
    if thread.conversation.type == ConversationType.SYSTEM:
        return ""
    count = len(thread.members)
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def _card(thread: Thread, at: datetime) -> dict[str, Any] | None:
    """Of the appointment that the conversation is about."""
    data, appointment = card_for(thread), thread.conversation.appointment
    if data is None or appointment is None:
        return None
    return _shown(appointment, data, thread.own.user_id, at)


def _open_order(thread: Thread, shown: Iterable[Message], at: datetime) -> dict[str, Any] | None:
    """The newest of those that were made in it and are not over."""
    if not thread.conversation.is_direct or thread.conversation.appointment_id:
        return None
    order = newest_open_order(thread.conversation, shown)
    data = card_of(order, thread.own.user_id)
    if order is None or data is None:
        return None
    return _shown(order, data, thread.own.user_id, at)


def _order_url(thread: Thread) -> str:
    """Where something is ordered of the other one; empty where they offer nothing."""
    found = is_orderable(thread)
    return reverse("chat:services", args=[thread.conversation.pk]) if found else ""


def _shown(
    appointment: Appointment, data: dict[str, Any], user_id: int, at: datetime
) -> dict[str, Any]:
    """Each of the two is led to their own page of the appointment."""
    is_customer = appointment.user_id == user_id
    place = data["listingTitle"] or data["storeName"]
    pets = stay_words.names_of(appointment) if appointment.is_stay else ""
    return {
        "status": data["status"],
        "label": _("unpaid") if data["awaitsPayment"] else data["statusDisplay"],
        "when": _when(appointment, at),
        "place": _("%(place)s: %(pets)s") % {"place": place, "pets": pets} if pets else place,
        "href": reverse("appointments:detail", args=[appointment.code])
        if is_customer and appointment.code
        else reverse("appointments:console:appointment", args=[appointment.pk]),
    }


def _when(appointment: Appointment, at: datetime) -> str:
    zone = appointment.store.zone
    if appointment.is_stay:
        return stay_words.dates_of(appointment, at.astimezone(zone).date())
    return appointment_times.spoken(appointment.starts_at, zone, at) if appointment.is_timed else ""


def _listing(thread: Thread) -> dict[str, Any] | None:
    """What one of the two offers, where nothing was booked. ``href`` is empty once it is not shown
    any more."""
    conversation = thread.conversation
    if conversation.appointment_id or conversation.listing is None:
        return None
    listing = conversation.listing
    href = reverse("site:listing", args=[listing.pk]) if listing.is_published else ""
    return {"title": listing.title, "href": href}


def marks_of(thread: Thread) -> str:
    """How far each of the others has come, for the script that moves the ticks. JSON."""
    return json.dumps(
        {
            row.user_id: {"read": row.last_read_seq, "delivered": row.last_delivered_seq}
            for row in thread.others
        }
    )


def names_of(thread: Thread) -> str:
    """What the script calls those who type. JSON."""
    return json.dumps({row.user_id: name_of(row.user) for row in thread.others})


def people_of_group(thread: Thread) -> list[dict[str, Any]]:
    return [
        {
            **face_for(row.user),
            "role": row.get_role_display(),
            "own": row.user_id == thread.own.user_id,
        }
        for row in thread.members
    ]


def titled(conversation: Conversation) -> str:
    return conversation.name or _("Conversation")
