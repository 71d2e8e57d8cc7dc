"""Ordering a service of whom one talks to: the pages of orders (appointments.views.ordering), with
doors that lead back here."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.services import BookingRequest
from appointments.views.order_doors import Doors
from appointments.views.order_form import fill_in
from appointments.views.ordering import choose
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from chat.presenters.conversations import name_for
from chat.presenters.orders import service_row
from chat.selectors.offers import orderable_in, provider_in, services_in
from chat.selectors.reading import Thread, bare_thread_of
from chat.services import order_in
from realtors.models import Listing

from .access import THREAD, form_page, page, user_of


@page
def services(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What may be ordered here; the only one at once."""
    thread = bare_thread_of(user_of(request), conversation_id)
    found = orderable_in(thread)
    if len(found) == 1:
        return redirect("chat:order", conversation_id, found[0].pk)
    context = {
        "name": name_for(thread),
        "conversation_id": conversation_id,
        "rows": [service_row(one, conversation_id) for one in found],
    }
    return render(request, "chat/services.html", context)


@form_page
def order(request: HttpRequest, conversation_id: int, service_id: int) -> HttpResponse:
    thread, service = _meant(request, conversation_id, service_id)
    return choose(request, service, _doors(thread, service))


@form_page
def order_details(request: HttpRequest, conversation_id: int, service_id: int) -> HttpResponse:
    thread, service = _meant(request, conversation_id, service_id)
    return fill_in(request, service, _doors(thread, service))


def _meant(request: HttpRequest, conversation_id: int, service_id: int) -> tuple[Thread, Listing]:
    """Raises NotFound for what the other of the two does not offer."""
    thread = bare_thread_of(user_of(request), conversation_id)
    service = services_in(thread).filter(pk=service_id).first()
    if service is None:
        raise NotFound
    return thread, service


def _doors(thread: Thread, service: Listing) -> Doors:
    conversation = thread.conversation

    def book(wish: BookingRequest, by: Actor, at: datetime) -> Appointment:
        return order_in(conversation, wish, by=by, at=at)

    args = [conversation.pk, service.pk]
    return Doors(
        times=reverse("chat:order", args=args),
        details=reverse("chat:order_details", args=args),
        provider=provider_in(thread),
        book=book,
        back={
            "label": _("Conversation with %(name)s") % {"name": name_for(thread)},
            "href": reverse(THREAD, args=[conversation.pk]),
        },
    )
