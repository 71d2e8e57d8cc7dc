"""Letters to the realtor."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Status
from notifications.models import Letter
from notifications.presenters.facts import Facts
from notifications.presenters.words import Words, filled, reason_row, to_realtor


def _asked(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("Please answer: %(customer)s is waiting")
        wish = _("%(customer)s stands in line and would like to see you now (%(duration)s).")
    else:
        subject = _("Please answer: %(customer)s, %(when)s")
        wish = _("%(customer)s would like to come %(when)s (%(duration)s).")
    answer = _("Please accept or decline by %(answer_by)s; after that somebody else is asked.")
    if facts.appointment.realtor_named:
        answer = _(
            "They have chosen you. Please accept or decline by %(answer_by)s; after that it is "
            "cancelled."
        )
    words = to_realtor(
        facts,
        filled(subject, facts),
        _("Will you take this appointment?"),
        (filled(wish, facts), answer % {"answer_by": facts.answer_by}),
    )
    return replace(words, link=facts.console, label=_("Answer now"))


def _given(facts: Facts) -> Words:
    if facts.appointment.live:
        subject, sentence = _("Yours now: %(customer)s"), _("%(customer)s is coming to you now.")
    else:
        subject = _("Yours: %(customer)s, %(when)s")
        sentence = _("%(customer)s comes to you %(when)s (%(duration)s). It is confirmed.")
    headline = _("You have an appointment")
    return to_realtor(facts, filled(subject, facts), headline, (filled(sentence, facts),))


def _moved(facts: Facts) -> Words:
    subject = filled(_("Moved: %(customer)s, now %(when)s"), facts)
    moved = _("%(customer)s had %(before)s and now comes %(after)s.")
    names = {"customer": facts.customer, "before": facts.moved_from, "after": facts.when}
    return to_realtor(facts, subject, _("An appointment of yours has moved"), (moved % names,))


def _called_off(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("Cancelled: %(customer)s is no longer waiting")
        sentence = _("%(customer)s is no longer waiting for you.")
    else:
        subject = _("Cancelled: %(customer)s, %(when)s")
        sentence = _("%(customer)s does not come %(when)s. The time is free again.")
    headline = _("An appointment of yours was cancelled")
    return to_realtor(facts, filled(subject, facts), headline, (filled(sentence, facts),))


def _taken_away(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("No longer yours: somebody in line at %(store)s")
        sentence = _("A customer of the line at %(store)s is no longer yours.")
    else:
        subject = _("No longer yours: %(when)s")
        sentence = _("The appointment %(when)s at %(store)s is no longer yours.")
    known = {"when": facts.taken_from, "store": facts.store}
    when = "" if facts.appointment.live else facts.taken_from
    rows = ((_("When"), when), (_("Where"), facts.where), reason_row(facts))
    # Whoever has it no longer needs neither the customer's name nor their page.
    return Words(
        subject=subject % known,
        headline=_("An appointment is no longer yours"),
        sentences=(sentence % known,),
        rows=tuple((name, value) for name, value in rows if value),
    )


def _coming(facts: Facts) -> Words:
    subject = filled(_("Reminder: %(customer)s, %(when)s"), facts)
    if facts.appointment.status == Status.CONFIRMED:
        sentence = _("%(customer)s comes to you %(when)s (%(duration)s).")
    else:
        sentence = _(
            "%(customer)s would like to come %(when)s (%(duration)s) and still waits for your "
            "answer."
        )
    return to_realtor(facts, subject, _("Soon to begin"), (filled(sentence, facts),))


def _reviewed(facts: Facts) -> Words:
    stars = facts.review.rating
    subject = ngettext("A review with %(stars)d star", "A review with %(stars)d stars", stars)
    told = ((_("Stars"), f"{stars} / 5"), (_("In their words"), facts.review.comment))
    return Words(
        subject=subject % {"stars": stars},
        headline=_("A customer has said how it was"),
        sentences=(
            _("Everybody can read it now. A short and friendly answer stands below it for good."),
        ),
        rows=tuple((name, value) for name, value in told if value),
        link=facts.reviews_console,
        label=_("Read and answer"),
    )


LETTERS: dict[Letter, Callable[[Facts], Words]] = {
    Letter.REVIEWED: _reviewed,
    Letter.ASKED: _asked,
    Letter.CONFIRMED: _given,
    Letter.RESCHEDULED: _moved,
    Letter.CANCELLED: _called_off,
    Letter.TAKEN_AWAY: _taken_away,
    Letter.REMINDER: _coming,
}
