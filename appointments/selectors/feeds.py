"""What a realtor's calendar application reads (RFC 5545)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event, vGeo

from appointments.models import Appointment, CalendarFeed, Status, StayPet
from appointments.models.feed import digest_of
from appointments.selectors.calendar import STATUS
from appointments.selectors.orders import order_of
from appointments.selectors.own_sessions import OwnSession, sessions_within
from booking_site.common.errors import NotFound
from booking_site.common.periods import MIDNIGHT, Period
from realtors.models import Listing, ListingKind, Realtor, TimeOff

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
# How often applications are asked to look; they look as often as they like.
REFRESH = timedelta(minutes=30)


def feed_of(realtor: Realtor) -> CalendarFeed | None:
    """One query."""
    return CalendarFeed.objects.filter(realtor=realtor).first()


def find_feed(token: str) -> CalendarFeed:
    """The feed that this secret opens, as long as whoever made it works as this realtor. Raises
    NotFound. One query, whether there is one or not; looked up by a digest, so that how long it
    takes tells nothing of the secrets there are."""
    feed = (
        CalendarFeed.objects.select_related("realtor__store")
        .filter(
            token_digest=digest_of(token),
            realtor__user=F("user"),
            realtor__is_active=True,
            user__is_active=True,
        )
        .first()
    )
    if feed is None:
        raise NotFound
    return feed


def feed_file(feed: CalendarFeed, *, site: str, at: datetime) -> bytes:
    """What is booked with the realtor from 30 days ago to 180 ahead, and their time off. ``site``:
    the address of this site, for the links. Stays are whole days, which take no time. Three
    queries.

    It lies on other people's servers then, so of a customer it says no more than the first sign of
    the name, and of an order where to go, without which nobody gets there; who it is, the page
    behind the link tells those who sign in.
    """
    with translation.override(feed.locale):
        calendar = Calendar()
        calendar.add("prodid", f"-//{settings.BRAND_NAME}//appointments//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        name = _("%(brand)s: %(realtor)s") % {
            "brand": settings.BRAND_NAME,
            "realtor": feed.realtor.name,
        }
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", feed.realtor.store.time_zone)
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", REFRESH)
        for appointment in _booked(feed.realtor, at):
            told = _stay if appointment.is_stay else _event
            calendar.add_component(told(appointment, feed.realtor, site))
        around = Period(at - BACK, at + AHEAD)
        for one in sessions_within(feed.realtor, around, at=at):
            calendar.add_component(_session(one, site))
        for off in _away(feed.realtor, at):
            calendar.add_component(_off(off, feed, at))
        return calendar.to_ical()


def _booked(realtor: Realtor, at: datetime) -> list[Any]:
    """What was called off is not in it, and so disappears from the calendar. Seats are neither:
    their session is, once. Stays that have begun before are; ``pets``: how many come."""
    rows = Appointment.objects.filter(
        Q(starts_at__gte=at - BACK) | Q(check_in__isnull=False, ends_at__gte=at - BACK),
        realtor=realtor,
        session=None,
        starts_at__lt=at + AHEAD,
    )
    rows = rows.exclude(status__in=[Status.CANCELLED, Status.NO_SHOW]).select_related(
        "listing", "order"
    )
    counted = StayPet.objects.filter(appointment=OuterRef("pk")).order_by().values("appointment")
    rows = rows.annotate(pets=Subquery(counted.annotate(count=Count("pk")).values("count")))
    return [one for one in rows.order_by("starts_at", "pk") if one.is_timed]


def _away(realtor: Realtor, at: datetime) -> list[TimeOff]:
    rows = TimeOff.objects.filter(realtor=realtor, ends_at__gt=at - BACK, starts_at__lt=at + AHEAD)
    return list(rows.order_by("starts_at", "pk"))


def _event(appointment: Appointment, realtor: Realtor, site: str) -> Event:
    event = _changed(appointment, site)
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", _summary(appointment))
    order = order_of(appointment)
    if order is not None and order.address:
        event.add("location", order.address)
        if order.point is not None:
            event.add("geo", vGeo((order.point.latitude, order.point.longitude)))
        return event
    house = _house_of(appointment)
    if house is None:
        event.add("location", realtor.store.name)
        return event
    event.add("location", ", ".join(part for part in (house.title, house.address) if part))
    if house.latitude is not None and house.longitude is not None:
        event.add("geo", vGeo((float(house.latitude), float(house.longitude))))
    return event


def _stay(stay: Any, realtor: Realtor, site: str) -> Event:
    """From the day of the check-in to that of the check-out, which is not in it. Meanwhile one can
    do other things."""
    event = _changed(stay, site)
    event.add("dtstart", stay.check_in)
    event.add("dtend", stay.check_out)
    facts = {"name": _short(stay), "code": stay.code or "–"}
    pets = ngettext("%(count)d pet", "%(count)d pets", stay.pets or 0) % {"count": stay.pets or 0}
    event.add("summary", _("Boarding: %(pets)s, %(name)s %(code)s") % (facts | {"pets": pets}))
    event.add("location", realtor.store.name)
    event.add("transp", "TRANSPARENT")
    return event


def _changed(appointment: Appointment, site: str) -> Event:
    """Under the UID of the customer's own file: in one calendar the two are one event."""
    event = Event()
    event.add("uid", f"appointment-{appointment.pk}@yuejian")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.updated_at.astimezone(UTC))
    event.add("last-modified", appointment.updated_at.astimezone(UTC))
    event.add("status", STATUS.get(Status(appointment.status), "CONFIRMED"))
    page = reverse("appointments:console:appointment", args=[appointment.pk])
    event.add("url", f"{site}{page}")
    event.add("description", f"{site}{page}")
    event.add("class", "PRIVATE")
    return event


def _session(one: OwnSession, site: str) -> Event:
    """Booked or not, the time is its teacher's; who comes, the page says."""
    session = one.session
    changed = session.updated_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"session-{session.pk}@yuejian")
    event.add("sequence", int((session.updated_at - session.created_at).total_seconds()))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("status", "CONFIRMED")
    facts = {"title": session.listing.title, "taken": one.taken, "capacity": session.capacity}
    event.add("summary", _("%(title)s: %(taken)d of %(capacity)d seats") % facts)
    event.add("location", session.store.name)
    page = reverse("appointments:console:session", args=[session.pk])
    event.add("url", f"{site}{page}")
    event.add("description", f"{site}{page}")
    event.add("class", "PRIVATE")
    return event


def _summary(appointment: Appointment) -> str:
    facts = {"name": _short(appointment), "code": appointment.code or "–"}
    if appointment.status == Status.PENDING:
        return _("To be answered: %(name)s %(code)s") % facts
    if appointment.is_order:
        return _("Order: %(name)s %(code)s") % facts
    if _house_of(appointment) is not None:
        return _("Viewing: %(name)s %(code)s") % facts
    return _("Appointment: %(name)s %(code)s") % facts


def _short(appointment: Appointment) -> str:
    return f"{appointment.customer_name[:1]}…" if appointment.customer_name else "–"


def _house_of(appointment: Appointment) -> Listing | None:
    listing = appointment.listing
    return listing if listing is not None and listing.kind == ListingKind.HOUSE else None


def _off(off: TimeOff, feed: CalendarFeed, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"time-off-{off.pk}@yuejian")
    event.add("dtstamp", at.astimezone(UTC))
    zone = feed.realtor.store.zone
    first, last = off.starts_at.astimezone(zone), off.ends_at.astimezone(zone)
    if first.time() == last.time() == MIDNIGHT:
        event.add("dtstart", first.date())
        event.add("dtend", last.date())
    else:
        event.add("dtstart", off.starts_at.astimezone(UTC))
        event.add("dtend", off.ends_at.astimezone(UTC))
    # Why, is nobody's business who only sees the calendar.
    event.add("summary", _("Time off"))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    return event
