"""From the body of a session to what the services take."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Session
from booking_site.common.errors import Invalid
from booking_site.common.periods import local_instant
from stores.models import Store


def new_times(body: dict[str, Any], store: Store) -> dict[str, Any]:
    """``starts_at``, and ``duration_minutes`` where it is said. Raises Invalid for times that the
    clock does not show."""
    return _times(body, body["slotDate"], body["startTime"], store)


def changed_times(body: dict[str, Any], slot: Session) -> dict[str, Any]:
    """The same, of what is to change; nothing where no time is named."""
    if not {"slotDate", "startTime", "endTime", "duration"} & set(body):
        return {}
    local = slot.starts_local
    day, starts = body.get("slotDate", local.date()), body.get("startTime", local.time())
    return _times(body, day, starts, slot.store)


def figures(body: dict[str, Any]) -> dict[str, Any]:
    """Seats and what is added to the price, as far as they are said."""
    names = {"capacity": "capacity", "priceModifier": "price_modifier"}
    return {told: body[name] for name, told in names.items() if name in body}


def _times(body: dict[str, Any], day: date, starts: time, store: Store) -> dict[str, Any]:
    starts_at = _instant(day, starts, store, "startTime")
    if "duration" in body:
        return {"starts_at": starts_at, "duration_minutes": body["duration"]}
    if "endTime" not in body:
        return {"starts_at": starts_at}
    overnight = body["endTime"] <= starts and day < date.max
    last_day = day + timedelta(days=1) if overnight else day
    length = _instant(last_day, body["endTime"], store, "endTime") - starts_at
    return {"starts_at": starts_at, "duration_minutes": int(length.total_seconds() // 60)}


def _instant(day: date, clock: time, store: Store, field: str) -> datetime:
    instant = local_instant(day, clock, store.zone)
    if instant is None:
        message = _("The clock does not show this time on that day.")
        raise Invalid(errors={field: [message]})
    return instant
