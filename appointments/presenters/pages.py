"""What the pages of one appointment show; each is a plain dictionary for its template."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import phonenumbers
import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from appointments.models import Appointment, AppointmentEvent, Side, Status
from appointments.models.appointment import LIVE, OVER
from appointments.presenters import life, live, money, stay_words, times, what
from appointments.presenters.agreeing import asks_of
from appointments.presenters.live import Standing
from appointments.presenters.own_orders import order_facts, rules_of
from appointments.presenters.policy import cost_of_cancelling
from appointments.selectors.lines import queue_position
from appointments.selectors.orders import latest_request, order_of
from appointments.selectors.own import package_of
from appointments.selectors.sessions import due_together
from appointments.selectors.slots import next_free_starts
from appointments.selectors.waits import estimates
from booking_site.common.places import Point
from stores.models import Store
from stores.selectors import policy_of


def facts(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """When, where, with whom: nothing that is secret."""
    status, label = life.shown_status(appointment)
    return {
        "code": appointment.code,
        "store": appointment.store,
        "realtor": appointment.realtor,
        "realtor_tentative": _is_tentative(appointment),
        "starts_at": appointment.starts_at,
        **_when(appointment, at),
        "live": appointment.live,
        **what.about(appointment),
        "duration": times.duration(appointment.duration_minutes),
        "status": status,
        "status_label": label,
    }


def _is_tentative(appointment: Appointment) -> bool:
    """Who is not asked before it is paid, or not at all, has nothing to confirm."""
    asked = appointment.realtor_id is not None and not appointment.awaits_payment
    return asked and not appointment.realtor_confirmed


def _when(appointment: Appointment, at: datetime) -> dict[str, str]:
    """Day and hours; of somebody in the live line there are none before the work begins. Of a
    stay, its dates."""
    if not appointment.is_timed:
        return {"day": _("as soon as possible"), "hours": "", "zone_note": ""}
    store = appointment.store
    today = at.astimezone(store.zone).date()
    if appointment.is_stay:
        return {
            "day": stay_words.dates_to_choose(appointment, today),
            "hours": stay_words.hours_in_words(appointment),
            # Enough in a list.
            "nights": stay_words.nights(appointment.nights),
            "zone_note": times.zone_note(store),
        }
    day = appointment.starts_at.astimezone(store.zone).date()
    return {
        "day": times.full_day(day, today),
        "hours": times.span(appointment.starts_at, appointment.ends_at, store.zone),
        "zone_note": times.zone_note(store),
    }


def standing_of(appointment: Appointment, at: datetime) -> Standing:
    """Where it stands in its line now, and of an order with calling it off. Queries: constant."""
    position = queue_position(appointment)
    found = estimates([appointment], at=at, positions={appointment.pk: position})
    wait = found[appointment.pk]
    return Standing(position, wait.minutes, latest_request(appointment), staffed=wait.staffed)


def minimum(appointment: Appointment, standing: Standing, at: datetime) -> dict[str, Any]:
    """What a code alone opens."""
    in_live_line = appointment.live and standing.position
    shown = facts(appointment, at)
    if appointment.is_order:
        # Where a customer lives is nothing for whoever has seen their code.
        shown["address"] = ""
    return {
        "facts": shown,
        "headline": life.headline(appointment, at),
        "coming": appointment.status in LIVE,
        "position": standing.position,
        "wait": live.wait_words(appointment, standing) if in_live_line else "",
        "said": life.announcement(appointment, standing, at),
        "look": look(appointment, standing, at),
    }


def look(appointment: Appointment, standing: Standing, at: datetime) -> dict[str, Any] | None:
    """How a page that is left open looks again; None where nothing is bound to change. ``waits``:
    also where there is no script, because somebody sits in front of it."""
    if not live.moves(appointment):
        return None
    return {
        "seconds": live.seconds_between_looks(appointment, at),
        "seen": live.seen(appointment, standing),
        "waits": appointment.live or appointment.is_waiting,
    }


def ticket(
    appointment: Appointment, standing: Standing, address: str, at: datetime
) -> dict[str, Any]:
    """Everything, for whom it belongs to. ``address`` is the public one of this page."""
    log = list(AppointmentEvent.objects.filter(appointment=appointment))
    shown = minimum(appointment, standing, at) | {"facts": facts(appointment, at)}
    calendar = reverse("appointments:calendar", args=[appointment.code])
    return {
        **shown,
        "appointment": appointment,
        "page_address": address,
        "phone": spoken_phone(appointment.customer_phone),
        "what_next": life.what_next(appointment, standing, at),
        "cancel_reason": _reason(appointment),
        "steps": life.timeline(appointment, log, at),
        "order": order_facts(appointment),
        "rules": rules_of(appointment),
        "instead": next_times(appointment, log, at),
        **_money(appointment, at),
        "qr": qr(address) if shown["coming"] else "",
        "again_url": what.again_at(appointment),
        "calendar_file": calendar if appointment.is_timed else "",
        "address": shown["facts"]["address"],
        "map_link": _way(appointment),
    }


def _money(appointment: Appointment, at: datetime) -> dict[str, Any]:
    """What it costs, what is to be paid now, and with what else it was booked. Queries: two for
    what is of a package."""
    cost = cost_of_cancelling(appointment, at)
    return {
        "cost": cost,
        "comes_back": money.comes_back(appointment, cost),
        "money": money.money_lines(appointment),
        "due": money.due(due_together(appointment), at),
        "mates": [_mate(one, at) for one in package_of(appointment)],
    }


def _way(appointment: Appointment) -> str:
    """To the house, the boarding place, or where an order is done; a course takes place where its
    store is, unless it says otherwise."""
    listing = appointment.listing
    if listing is None or not what.kind_of(appointment):
        return map_link(appointment.store)
    order = order_of(appointment)
    if order is not None and order.address:
        # Without a place on the map there is none: the listing's is somewhere else.
        return map_link_to(order.point, order.address)
    return map_link_to(listing.point, listing.title)


def _mate(appointment: Appointment, at: datetime) -> dict[str, str]:
    status, label = life.shown_status(appointment)
    when = times.spoken(appointment.starts_at, appointment.store.zone, at)
    return {"code": appointment.code or "", "when": when, "status": status, "label": label}


def _reason(appointment: Appointment) -> str:
    """Unless what is next says it already."""
    return "" if live.timed_out(appointment) else life.reason_text(appointment.cancel_reason)


def next_times(
    appointment: Appointment, log: Sequence[AppointmentEvent], at: datetime
) -> list[dict[str, str]]:
    """What to offer to a customer whose time others called off before it came. Queries: none for
    all others."""
    still_to_come = appointment.live or at < appointment.starts_at
    called_off = appointment.status == Status.CANCELLED and still_to_come
    # Instead of a session there are others of its course, not a time with somebody; and other
    # nights of a place stand in its calendar; a service is ordered on its own page.
    elsewhere = appointment.is_seat or appointment.is_stay or appointment.is_order
    if not called_off or elsewhere or life.is_of_customer(log[-1], appointment):
        return []
    store, house = appointment.store, what.house_of(appointment)
    if house is not None and not house.is_published:
        return []
    # As long as the page that takes them would book.
    policy = policy_of(store) if house is None else policy_of(store).overridden_by(house)
    after = max(appointment.starts_at, at)
    free = next_free_starts(
        store,
        after=after,
        at=at,
        duration_minutes=policy.default_duration_minutes,
        listing=house,
    )
    zone = store.zone
    return [{"label": times.spoken(start, zone, at), "value": times.stamp(start)} for start in free]


def card(appointment: Appointment, standing: Standing, at: datetime) -> dict[str, Any]:
    """A row of a customer's list."""
    in_live_line = appointment.live and standing.position
    order = order_facts(appointment)
    return {
        "facts": facts(appointment, at),
        "order": order,
        "to_pay": money.to_pay(appointment) if order else "",
        "asks": asks_of(standing.request, Side.CUSTOMER),
        "position": standing.position,
        "wait": live.wait_words(appointment, standing) if in_live_line else "",
        "over": appointment.status in OVER,
        "may_review": _may_review(appointment),
        "stars": _stars(appointment),
        "again": _again(appointment),
    }


def _may_review(appointment: Appointment) -> bool:
    completed = appointment.status == Status.COMPLETED and appointment.code is not None
    return completed and not hasattr(appointment, "review")


def _stars(appointment: Appointment) -> int | None:
    """What its customer gave, where the page of the review can be opened."""
    said = getattr(appointment, "review", None)
    return said.rating if said is not None and appointment.code is not None else None


def _again(appointment: Appointment) -> str:
    """To the times of the same store and realtor, or to what it was about; empty where nobody can
    book it any more."""
    store, realtor = appointment.store, appointment.realtor
    if not store.is_active:
        return ""
    if what.kind_of(appointment):
        return what.again_at(appointment)
    query = f"?{urlencode({'realtor': realtor.pk})}" if realtor and realtor.is_active else ""
    return reverse("site:store", args=[store.pk]) + query


def qr(address: str) -> SafeString:
    """A drawing that leads to a public address; segno's own markup, nothing of a person's in it."""
    code = segno.make(address, error="m")
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None))


def spoken_phone(phone: str) -> str:
    """As people here write it; with the country's number when it is another country's."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    home = phonenumbers.country_code_for_region(settings.PHONENUMBER_DEFAULT_REGION)
    form = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == home
    return phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL)


def map_link(store: Store) -> str:
    """Empty where nobody has said where the store stands, or no maps are wanted."""
    return map_link_to(store.point, store.name)


def map_link_to(point: Point | None, name: str) -> str:
    """A page of maps that the installation has chosen; nothing is fetched from it until somebody
    goes there."""
    if point is None:
        return ""
    told = {
        "{latitude}": f"{point.latitude:.6f}",
        "{longitude}": f"{point.longitude:.6f}",
        "{name}": quote(name, safe=""),
    }
    address = settings.MAP_URL
    for mark, value in told.items():
        address = address.replace(mark, value)
    return address
