"""An appointment as a calendar file (RFC 5545)."""

from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vGeo

from appointments.models import Appointment, Status
from appointments.selectors.orders import order_of
from booking_site.common.errors import NotFound
from booking_site.common.places import Point
from realtors.models import Listing, ListingKind
from stores.models import Store

# All others stand, or have taken place.
STATUS = {Status.PENDING: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


def calendar_file(
    appointment: Appointment, *, with_person: bool, with_address: bool = True
) -> bytes:
    """The event under a UID that never changes; SEQUENCE rises with every change, so that calendars
    take the newer one. ``with_person``: also who booked and what they wish; ``with_address``: where
    they live, if that is where an order is done. Raises NotFound for a place in the live line,
    whose start nobody knows before the work begins."""
    if not appointment.is_timed:
        raise NotFound(
            _("A place in the live line has no time yet, so there is no calendar entry.")
        )
    cancelled = appointment.status == Status.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BRAND_NAME}//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    told = {"with_person": with_person, "with_address": with_address}
    calendar.add_component(_event(appointment, **told))
    return calendar.to_ical()


def _event(appointment: Appointment, *, with_person: bool, with_address: bool) -> Event:
    event = Event()
    event.add("uid", f"appointment-{appointment.pk}@yuejian")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.updated_at.astimezone(UTC))
    event.add("created", appointment.created_at.astimezone(UTC))
    event.add("last-modified", appointment.updated_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("status", STATUS.get(Status(appointment.status), "CONFIRMED"))
    event.add("summary", _summary(appointment))
    at_customers = is_at_customers(appointment)
    if with_address or not at_customers:
        event.add("location", _place(appointment))
    event.add("description", "\n".join(_facts(appointment, with_person=with_person)))
    point = _point(appointment) if with_address or not at_customers else None
    if point is not None:
        event.add("geo", vGeo((point.latitude, point.longitude)))
    return event


def _summary(appointment: Appointment) -> str:
    """What it is of; a talk is known by where it is."""
    listing = appointment.listing
    if listing is not None and appointment.is_seat:
        return _("Course: %(course)s") % {"course": listing.title}
    if listing is not None and appointment.is_stay:
        return _("Boarding: %(place)s") % {"place": listing.title}
    if listing is not None and appointment.is_order:
        return _("Service: %(service)s") % {"service": listing.title}
    if listing is not None and listing.kind == ListingKind.HOUSE:
        return _("House viewing: %(house)s") % {"house": listing.title}
    return _("Appointment: %(store)s") % {"store": appointment.store.name}


def is_at_customers(appointment: Appointment) -> bool:
    order = order_of(appointment)
    return order is not None and bool(order.address)


def _place(appointment: Appointment) -> str:
    """Of an order at its customer's, their address alone: nothing of it happens in the store."""
    order = order_of(appointment)
    if order is not None and order.address:
        return order.address
    return ", ".join(
        part for part in (appointment.store.name, _where(appointment).whole_address) if part
    )


def _point(appointment: Appointment) -> Point | None:
    order = order_of(appointment)
    if order is not None and order.address:
        return order.point
    return _where(appointment).point


def _where(appointment: Appointment) -> Store | Listing:
    """The house or boarding place; courses are given at the store unless they say otherwise, too,
    and a talk is held there."""
    return appointment.listing or appointment.store


def _facts(appointment: Appointment, *, with_person: bool) -> list[str]:
    facts = [_("Code: %(code)s") % {"code": appointment.code or "–"}]
    order = order_of(appointment)
    if order is not None:
        facts.insert(0, _("Order: %(number)s") % {"number": order.number})
    if appointment.realtor is not None:
        facts.append(_("With: %(name)s") % {"name": appointment.realtor.name})
    if appointment.store.phone:
        facts.append(_("Phone: %(phone)s") % {"phone": appointment.store.phone})
    if with_person:
        facts.append(_("Booked for: %(name)s") % {"name": appointment.attendee_name})
        if appointment.requirements:
            facts.append(_("Wishes: %(text)s") % {"text": appointment.requirements})
    return facts
