"""The live line in words: how long it is, how long it takes, and where somebody stands in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, CancelRequest, Status, SystemReason
from appointments.models.appointment import LIVE
from appointments.presenters import times
from appointments.selectors.waits import Estimate, LiveLine
from stores.models import Store
from stores.rules import Policy

# How often a page that is left open looks again: in the live line what happens is seen at once, and
# who waits for a start or for an answer, or whose appointment begins soon, need not wait long.
SOON_SECONDS, WAITING_SECONDS, LATER_SECONDS = 5, 20, 60
SOON = timedelta(minutes=30)


def about(minutes: int) -> str:
    """``about 25 min``: an estimate and said as one."""
    return _("about %(minutes)d min") % {"minutes": minutes}


def waiting(count: int) -> str:
    if not count:
        return _("nobody waiting")
    return ngettext("%(count)d waiting", "%(count)d waiting", count) % {"count": count}


def in_a_card(line: LiveLine) -> str:
    """``3 waiting, about 20 min``, for a store in a list; nothing where nobody serves today, and no
    wait where nobody can say."""
    if not line.serves_today:
        return ""
    if line.wait_minutes is None:
        return waiting(line.length) if line.length else ""
    return _("%(waiting)s, %(wait)s") % {
        "waiting": waiting(line.length),
        "wait": about(line.wait_minutes),
    }


def of_store(line: LiveLine, policy: Policy) -> dict[str, object]:
    """The card "as soon as possible" of a store's page."""
    kept = times.duration(policy.queue_timeout_minutes)
    if not line.serves_today:
        sentence = _("Nobody serves here today any more. Please book a time.")
    elif line.wait_minutes is None:
        sentence = _joining_at_a_venture(line) % {"time": kept}
    else:
        sentence = _(
            "You need no time: whoever is free next is yours. You see your number and the wait on "
            "your telephone, and may leave whenever you like."
        )
    return {
        "open": line.serves_today,
        "waiting": waiting(line.length),
        "wait": "" if line.wait_minutes is None else about(line.wait_minutes),
        "unknown": nobody_can_say(staffed=line.on_duty > 0),
        "sentence": sentence,
    }


def _joining_at_a_venture(line: LiveLine) -> str:
    if line.on_duty:
        return _(
            "We cannot say how long it takes: perhaps longer than anybody works today. You may "
            "join all the same: your place is kept for %(time)s, and whoever is free next is asked "
            "for you."
        )
    return _(
        "Nobody is on duty right now, so we cannot say how long it takes. You may join all the "
        "same: your place is kept for %(time)s, and whoever comes on duty is asked for you."
    )


def before_joining(line: LiveLine, policy: Policy) -> dict[str, str]:
    """What joining means, in sentences, for the notice above the details."""
    place = _("You would be number %(position)d in line.") % {"position": line.length + 1}
    if line.wait_minutes is None and line.on_duty:
        wait = _("We cannot say how long it takes: perhaps longer than anybody works today.")
    elif line.wait_minutes is None:
        wait = _("Nobody is on duty right now, so we cannot say how long it takes.")
    else:
        wait = ngettext(
            "That takes about %(count)d minute.",
            "That takes about %(count)d minutes.",
            line.wait_minutes,
        ) % {"count": line.wait_minutes}
    kept = _("If nobody is free within %(time)s, we tell you so and it costs you nothing.")
    return {
        "position": place,
        "served": wait,
        "kept": _("Stay nearby: as soon as it is your turn, your booking's page says who comes."),
        "ends": kept % {"time": times.duration(policy.queue_timeout_minutes)},
    }


def rules() -> list[str]:
    return [_("You may leave the line at any time until it begins. It costs you nothing.")]


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a line: ``position`` 0 when not waiting, ``wait`` in minutes or None
    when nobody can say, ``staffed`` whether somebody is on duty all the same. ``request``: of an
    order, the newest wish to call it off."""

    position: int = 0
    wait: int | None = None
    request: CancelRequest | None = None
    staffed: bool = False


def moves(appointment: Appointment) -> bool:
    """Whether anything is still to come that a page left open has to show: also of an order that is
    done, as long as it is to be paid or staff decide."""
    still = appointment.is_payable or appointment.needs_person
    return appointment.status in LIVE or (still and appointment.is_order)


def seconds_between_looks(appointment: Appointment, at: datetime) -> int:
    if appointment.live:
        return SOON_SECONDS
    soon = appointment.starts_at - SOON <= at or appointment.is_order
    return WAITING_SECONDS if soon or appointment.status == Status.PENDING else LATER_SECONDS


def seen(appointment: Appointment, standing: Standing) -> str:
    """What a page shows, as a short text: a look that finds the same need not be answered."""
    facts = (
        appointment.status,
        appointment.realtor_id or 0,
        appointment.sequence,
        appointment.payment_status,
        int(appointment.needs_person),
        standing.position,
        "-~"[standing.staffed] if standing.wait is None else standing.wait,
        *((standing.request.pk, standing.request.state) if standing.request else ()),
    )
    return ".".join(map(str, facts))


def headline(appointment: Appointment) -> str:
    if appointment.is_waiting:
        return _("You are in line")
    titles = {
        Status.PENDING: _("It is almost your turn"),
        Status.CONFIRMED: _("It is your turn"),
        Status.IN_PROGRESS: _("Your appointment is under way"),
        Status.COMPLETED: _("Thank you for coming"),
        Status.CANCELLED: _("You no longer stand in line"),
        Status.NO_SHOW: _("We missed you"),
    }
    if timed_out(appointment):
        return _("We are sorry: nobody became free")
    return titles[Status(appointment.status)]


def what_next(appointment: Appointment, standing: Standing, at: datetime) -> str:
    """One or two sentences: what happens now, and what the customer has to do."""
    if appointment.is_waiting:
        return _while_waiting(appointment, standing, at)
    if timed_out(appointment):
        return _(
            "You have waited for %(time)s and nobody became free. We are sorry for your time. Book "
            "one of the next times, and somebody will be there for you."
        ) % {"time": times.duration(int(appointment.policy["queue_timeout_minutes"]))}
    facts = {"realtor": appointment.realtor, "store": appointment.store}
    sentences = {
        Status.PENDING: _("%(realtor)s has been asked and will come to you in a moment."),
        Status.CONFIRMED: _(
            "%(realtor)s is ready for you now at %(store)s. Please go to the desk and say the code."
        ),
        Status.IN_PROGRESS: _("%(realtor)s is with you now."),
        Status.COMPLETED: _("We hope it went well. You can book again at any time."),
        Status.CANCELLED: _("You can join again, or book a time, whenever you like."),
        Status.NO_SHOW: _("You were not there when it was your turn. You can join again."),
    }
    return sentences[Status(appointment.status)] % facts


def _while_waiting(appointment: Appointment, standing: Standing, at: datetime) -> str:
    if appointment.needs_person:
        first = _("The store is looking for somebody for you and will get in touch with you.")
    elif standing.wait is None and standing.staffed:
        first = _(
            "We cannot say yet how long it takes. Please stay nearby: as soon as somebody is free, "
            "this page says who comes."
        )
    elif standing.wait is None:
        first = _(
            "Nobody is on duty right now, so we cannot say how long it takes. Whoever comes on "
            "duty is asked for you."
        )
    else:
        first = _("Please stay nearby: as soon as somebody is free, this page says who comes.")
    kept = _("Your place is kept until %(time)s.") % {"time": kept_until(appointment, at)}
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": kept}


def unknown_wait(appointment: Appointment, *, staffed: bool) -> str:
    """Instead of an estimate. For whom all have refused, the store looks for somebody."""
    return nobody_can_say(staffed=staffed or appointment.needs_person)


def estimate_words(appointment: Appointment, wait: Estimate) -> str:
    """What stands beside each who waits: the estimate, or why there is none."""
    if wait.minutes is None:
        return unknown_wait(appointment, staffed=wait.staffed)
    return about(wait.minutes)


def nobody_can_say(*, staffed: bool) -> str:
    """Why there is no estimate, in a pill. ``staffed``: somebody is on duty all the same, whose
    work ends before the turn comes, or the place lapses before."""
    return _("nobody can say yet") if staffed else _("nobody on duty right now")


def wait_words(appointment: Appointment, standing: Standing) -> str:
    """``about 25 minutes``, or that nobody can say."""
    if standing.wait is None:
        return unknown_wait(appointment, staffed=standing.staffed)
    return ngettext("about %(count)d minute", "about %(count)d minutes", standing.wait) % {
        "count": standing.wait
    }


def kept_until(appointment: Appointment, at: datetime) -> str:
    return clock_or_day(appointment.served_until, appointment.store, at)


def clock_or_day(instant: datetime, store: Store, at: datetime) -> str:
    """``14:00`` today, ``tomorrow 00:30`` else."""
    local = instant.astimezone(store.zone)
    if local.date() == at.astimezone(store.zone).date():
        return times.clock(local)
    return times.spoken(instant, store.zone, at)


def timed_out(appointment: Appointment) -> bool:
    reasons = (SystemReason.QUEUE_TIMEOUT, SystemReason.NOT_ANSWERED)
    cancelled = appointment.status == Status.CANCELLED
    return appointment.live and cancelled and appointment.cancel_reason in reasons


def status_word(appointment: Appointment) -> tuple[str, str] | None:
    """Of a live one where the six statuses say too little."""
    if appointment.is_waiting:
        return "queued", pgettext("status", "in line")
    if appointment.status == Status.PENDING:
        return "offered", pgettext("status", "being asked for")
    if appointment.status == Status.CONFIRMED:
        return "confirmed", pgettext("status", "your turn")
    return None
