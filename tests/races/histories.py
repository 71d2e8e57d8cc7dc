"""What each appointment went through, by its log and its offers, and whether that can be."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from appointments.models import Appointment, AppointmentEvent, Offer

from .orders import is_order

# The life table, written down a second time.
ALLOWED = {
    ("", "pending"),
    ("pending", "confirmed"),
    ("pending", "cancelled"),
    ("confirmed", "in_progress"),
    ("confirmed", "no_show"),
    ("confirmed", "cancelled"),
    ("in_progress", "completed"),
}
# Whoever is served as soon as possible may lose a realtor who had accepted and has to go.
BACK_IN_LINE = ("confirmed", "pending")
# Both sides of an order may agree that what was begun is not finished.
BROKEN_OFF = ("in_progress", "cancelled")
STAMPS = {
    "confirmed": "confirmed_at",
    "in_progress": "started_at",
    "completed": "completed_at",
    "cancelled": "cancelled_at",
    "no_show": "no_show_at",
}
WITHOUT_REALTOR = ("declined", "timed_out", "requeued")
Logs = dict[int, list[AppointmentEvent]]


def logs() -> Logs:
    found: Logs = defaultdict(list)
    for entry in AppointmentEvent.objects.order_by("pk"):
        found[entry.appointment_id].append(entry)
    return found


def given_by_staff(log: Iterable[AppointmentEvent]) -> bool:
    """Whether the present realtor was chosen by somebody who may leave the rules aside."""
    given = [entry for entry in log if entry.action == "assigned"]
    return bool(given) and "staff" in given[-1].details


def broken_histories(appointments: Iterable[Appointment], found: Logs) -> Iterator[str]:
    for one in appointments:
        yield from _broken_history(one, found[one.pk])


def _broken_history(one: Appointment, log: list[AppointmentEvent]) -> Iterator[str]:
    name = f"appointment {one.pk}"
    if not log or log[0].action != "created":
        yield f"{name} has a log that does not begin with its making"
        return
    # A seat is its teacher's from the start, and a stay its sitter's.
    status, realtor_id = "", one.realtor_id if one.session_id or one.check_in else None
    passed = set()
    for entry in log:
        if entry.from_status != status:
            yield f"{name} was {status}, and its log goes on from {entry.from_status}"
        step = (entry.from_status, entry.to_status)
        if entry.from_status != entry.to_status:
            may = step in ALLOWED or (one.live and step == BACK_IN_LINE)
            if not may and not (is_order(one) and step == BROKEN_OFF):
                yield f"{name} went from {entry.from_status} to {entry.to_status}"
            passed.add(entry.to_status)
        if step == BACK_IN_LINE:
            passed.discard("confirmed")
        status = entry.to_status
        if entry.action == "assigned":
            realtor_id = entry.details["realtor_id"]
        elif entry.action in WITHOUT_REALTOR:
            realtor_id = None
    if status != one.status:
        yield f"{name} is {one.status}, and its log ends with {status}"
    if one.status != "cancelled" and realtor_id != one.realtor_id:
        yield f"{name} is with realtor {one.realtor_id}, and its log ends with {realtor_id}"
    for state, stamp in STAMPS.items():
        if (getattr(one, stamp) is not None) != (state in passed):
            yield f"{name}: {stamp} does not agree with its log"


def odd_offers(appointments: Iterable[Appointment], found: Logs) -> Iterator[str]:
    """One open offer while a realtor has yet to answer, none otherwise; every answer was given in
    time, and is in the log as often as among the offers."""
    offers: dict[int, list[Offer]] = defaultdict(list)
    for offer in Offer.objects.order_by("pk"):
        offers[offer.appointment_id].append(offer)
        if (offer.open_key is not None) != (offer.status == "open"):
            yield f"offer {offer.pk} is {offer.status} and its key says something else"
        late = offer.answered_at is not None and offer.answered_at >= offer.deadline_at
        if offer.status == "accepted" and late:
            yield f"offer {offer.pk} was accepted after its deadline"
    for one in appointments:
        unpaid = one.payment_status == "unpaid"
        asked = one.status == "pending" and one.realtor_id is not None and not unpaid
        still = [offer.realtor_id for offer in offers[one.pk] if offer.status == "open"]
        if still != ([one.realtor_id] if asked else []):
            yield f"appointment {one.pk} ({one.status}) has open offers to {still}"
        yield from _uncounted_answers(one, offers[one.pk], found[one.pk])


def _uncounted_answers(
    one: Appointment, offers: list[Offer], log: list[AppointmentEvent]
) -> Iterator[str]:
    made = Counter(offer.status for offer in offers)
    if one.listing is not None and not one.listing.needs_approval:
        # Nobody was asked: it is confirmed by its payment.
        made["accepted"] = _times(log, "confirmed")
    paid_first = one.session_id or one.check_in or is_order(one)
    if paid_first and one.payment_status == "unpaid":
        # A teacher may say no before there is anything to say yes to.
        made["declined"] = _times(log, "declined")
    if any(entry.action == "cancelled" and entry.actor_kind == "system" for entry in log):
        # The end of a wait is the end of the last question, too.
        made["timed_out"] = min(made["timed_out"], _times(log, "timed_out"))
    for status, action in (
        ("timed_out", "timed_out"),
        ("declined", "declined"),
        ("accepted", "confirmed"),
    ):
        if made[status] != _times(log, action):
            yield (
                f"appointment {one.pk} has {made[status]} offers {status} "
                f"and {_times(log, action)} log entries {action}"
            )


def _times(log: list[AppointmentEvent], action: str) -> int:
    return sum(entry.action == action for entry in log)
