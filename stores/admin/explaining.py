"""A policy in sentences: what its figures mean for whoever books."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from stores.models import BookingPolicy
from stores.rules import SITE_DEFAULT, Policy


def site_policy() -> Policy:
    """The site's figures over the product's."""
    row = BookingPolicy.objects.filter(store=None).first()
    return row.effective() if row else SITE_DEFAULT


def as_lines(sentences: list[str]) -> SafeString:
    lines = ((sentence,) for sentence in sentences)
    return format_html_join("", '<p class="leading-relaxed">{}</p>', lines)


def odd(policy: Policy) -> list[str]:
    """Combinations that are allowed and hardly meant."""
    return [sentence for is_odd, sentence in _suspicions(policy) if is_odd]


def _suspicions(policy: Policy) -> list[tuple[bool, str]]:
    furthest = policy.max_advance_days * 1440
    grid, visit = policy.grid_minutes, policy.default_duration_minutes
    buffers = policy.buffer_before_minutes + policy.buffer_after_minutes
    first, second = policy.first_reminder_minutes, policy.second_reminder_minutes
    late = policy.cancel_cutoff_minutes
    free = policy.reschedule_cutoff_minutes
    steps = [minutes for minutes, percent in policy.fee_steps if percent]
    return [
        (
            bool(furthest) and policy.min_advance_minutes >= furthest,
            _("Nothing can be booked: the lead time is longer than the days one may book ahead."),
        ),
        (
            late > policy.min_advance_minutes,
            _(
                "Whoever books at the last moment can no longer cancel: cancelling ends %(late)s "
                "before the start, booking %(lead)s before."
            )
            % {"late": _length(late), "lead": _length(policy.min_advance_minutes)},
        ),
        (
            free < late,
            _(
                "Where it is too late to cancel, customers can still move their booking, and "
                "cancel it at its new time."
            ),
        ),
        (
            grid > visit,
            _("Between two visits there are gaps: they begin every %(grid)s and take %(visit)s.")
            % {"grid": _length(grid), "visit": _length(visit)},
        ),
        (
            buffers > visit,
            _("Realtors are kept free for longer than they are with the customer."),
        ),
        (
            bool(second) and bool(first) and second > first,
            _("The second reminder is sent before the first one."),
        ),
        (
            bool(furthest) and min(first, second) > furthest,
            _("No reminder is ever sent: both would be due before anybody can book."),
        ),
        (
            not policy.auto_confirm
            and policy.accept_timeout_minutes > policy.queue_timeout_minutes,
            _("Customers of the live line are let go before a realtor has to answer."),
        ),
        (
            policy.hold_minutes > 30,
            _("A chosen time stays blocked for %(time)s, even if nobody books it.")
            % {"time": _length(policy.hold_minutes)},
        ),
        (
            bool(furthest) and any(minutes > furthest for minutes in steps),
            _("Every cancellation costs something: the first fee begins before anybody can book."),
        ),
    ]


def explain(policy: Policy) -> list[str]:
    """Everything a customer or a realtor feels of it."""
    sentences = [
        _("Starts are offered every %(grid)s, from %(soonest)s to %(furthest)s ahead.")
        % {
            "grid": _length(policy.grid_minutes),
            "soonest": _length(policy.min_advance_minutes),
            "furthest": _length(policy.max_advance_days * 1440),
        },
        _("A visit takes %(length)s unless another length is asked for.")
        % {"length": _length(policy.default_duration_minutes)},
        _("Sessions of courses are booked up to %(furthest)s ahead, and paid within %(pay)s.")
        % {
            "furthest": _length(policy.dated_advance_days * 1440),
            "pay": _length(policy.payment_minutes),
        },
        *_buffers(policy),
        _("A chosen time is held for %(time)s while the form is filled in.")
        % {"time": _length(policy.hold_minutes)},
        _confirming(policy),
    ]
    return [*sentences, *explain_changes(policy), *_live(policy), *_reminders(policy)]


def _confirming(policy: Policy) -> str:
    if policy.auto_confirm:
        return _("Bookings are confirmed at once.")
    text = _(
        "A realtor confirms each booking: within %(soon)s when it starts within two hours, else "
        "within %(later)s of their working time."
    )
    soon, later = policy.accept_timeout_minutes, policy.accept_later_minutes
    return text % {"soon": _length(soon), "later": _length(later)}


def _live(policy: Policy) -> list[str]:
    """What the line of those who want to be served as soon as possible feels of it."""
    load = ngettext(
        "A realtor has at most %(count)s live customer at a time.",
        "A realtor has at most %(count)s live customers at a time.",
        policy.realtor_max_load,
    )
    return [
        _("Whoever has stood in the live line for %(time)s without an offer is told so and let go.")
        % {"time": _length(policy.queue_timeout_minutes)},
        load % {"count": policy.realtor_max_load},
        _("A realtor not seen for %(time)s is not sent live customers.")
        % {"time": _length(policy.online_timeout_minutes)},
    ]


def _reminders(policy: Policy) -> list[str]:
    before = sorted({policy.first_reminder_minutes, policy.second_reminder_minutes} - {0})
    times = [_length(minutes) for minutes in reversed(before)]
    if not times:
        reminded = _("Nobody is reminded of an appointment.")
    elif len(times) == 1:
        reminded = _("Customers are reminded %(time)s before.") % {"time": times[0]}
    else:
        reminded = _("Customers are reminded %(first)s and again %(second)s before.") % {
            "first": times[0],
            "second": times[1],
        }
    closed = _("A confirmed visit that nobody has started %(time)s after its end is a no-show.")
    return [reminded, closed % {"time": _length(policy.no_show_after_minutes)}]


def _buffers(policy: Policy) -> list[str]:
    before, after = policy.buffer_before_minutes, policy.buffer_after_minutes
    if not before and not after:
        return []
    text = _("The realtor is kept free for %(before)s before and %(after)s after it.")
    return [text % {"before": _length(before), "after": _length(after)}]


def explain_changes(policy: Policy) -> list[str]:
    """What cancelling and moving mean under it; the part that a booking keeps."""
    until = _("Customers cancel %(until)s and move their booking %(move)s.") % {
        "until": _until(policy.cancel_cutoff_minutes),
        "move": _until(policy.reschedule_cutoff_minutes),
    }
    return [until, *_fees(policy)]


def _until(minutes: int) -> str:
    if not minutes:
        return _("until the start")
    return _("until %(time)s before the start") % {"time": _length(minutes)}


def _length(minutes: int) -> str:
    """Whole days, whole hours, or else minutes: 1440 is a day."""
    if minutes and minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes and minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def _fees(policy: Policy) -> list[str]:
    if not policy.fee_steps:
        return [_("Cancelling is free.")]
    return [
        _("Cancelling later than %(time)s before the start costs %(percent)s %%.")
        % {"time": _length(minutes), "percent": percent}
        for minutes, percent in policy.fee_steps
    ]


def fees_in_words(steps: list[list[int]] | None) -> str:
    """Of a row as it is stored: nothing said, free, or one step after the other."""
    if steps is None:
        return _("as the site")
    told = [f"{_length(minutes)} {percent} %" for minutes, percent in steps]
    return " · ".join(told) or pgettext("fee", "free")
