"""Letters to the sitter about nights of pets at their place."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from appointments.models import Status
from notifications.models import Letter
from notifications.presenters.stay_facts import StayFacts
from notifications.presenters.words import Words, put, reason_row


def _asked(facts: StayFacts) -> Words:
    answer = _("Please accept or decline by %(answer_by)s; after that it is cancelled.")
    if facts.appointment.paid_at:
        answer = _(
            "It is paid. Please accept or decline by %(answer_by)s; after that it is cancelled, "
            "and the money goes back."
        )
    words = _to_sitter(
        facts,
        _("Please answer: %(customer)s, %(dates)s"),
        _("Will you take them in?"),
        (_("%(customer)s would like to bring %(pets_in_full)s to you, %(dates)s."), answer),
    )
    return replace(words, label=_("Answer now"))


def _given(facts: StayFacts) -> Words:
    sentence = _("%(customer)s brings %(pets_in_full)s to you, %(dates)s. It is confirmed.")
    subject, headline = _("Yours: %(customer)s, %(dates)s"), _("A stay was booked with you")
    return _to_sitter(facts, subject, headline, (sentence,))


def _moved(facts: StayFacts) -> Words:
    moved = _("%(customer)s had %(dates_before)s and now comes %(dates)s.")
    subject = _("Moved: %(customer)s, now %(dates)s")
    return _to_sitter(facts, subject, _("A stay at your place has moved"), (moved,))


def _called_off(facts: StayFacts) -> Words:
    sentence = _("%(customer)s does not bring %(pets)s, %(dates)s. The nights are free again.")
    subject = _("Cancelled: %(customer)s, %(dates)s")
    return _to_sitter(facts, subject, _("A stay at your place was cancelled"), (sentence,))


def _coming(facts: StayFacts) -> Words:
    sentence = _("%(customer)s brings %(pets_in_full)s from %(brought)s on.")
    if facts.appointment.status != Status.CONFIRMED:
        sentence = _(
            "%(customer)s would like to bring %(pets_in_full)s from %(brought)s on, and still "
            "waits for your answer."
        )
    subject = _("Reminder: %(customer)s, %(dates)s")
    return _to_sitter(facts, subject, _("Soon to arrive"), (sentence,))


def _to_sitter(facts: StayFacts, subject: str, headline: str, sentences: tuple[str, ...]) -> Words:
    rows = (
        (_("Customer"), facts.customer),
        (_("Pets"), facts.pets_in_full),
        (_("Nights"), facts.dates),
        (_("Check-in from"), facts.brought),
        (_("Check-out until"), facts.fetched),
        (_("Boarding place"), facts.place),
        (_("Note"), facts.appointment.customer_note),
        reason_row(facts),
    )
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=tuple((name, value) for name, value in rows if value),
        code=facts.code,
        link=facts.console,
        label=_("See the stay"),
    )


TO_SITTERS: dict[Letter, Callable[[StayFacts], Words]] = {
    Letter.ASKED: _asked,
    Letter.CONFIRMED: _given,
    Letter.RESCHEDULED: _moved,
    Letter.CANCELLED: _called_off,
    Letter.REMINDER: _coming,
}
