"""Letters to the customer about nights of their pets in a boarding place."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from appointments.models import Status, SystemReason
from notifications.models import Letter
from notifications.presenters.dues import money_back
from notifications.presenters.stay_facts import StayFacts
from notifications.presenters.words import Rows, Words, put, reason_row, said, with_realtor


def _to_pay(facts: StayFacts) -> Words:
    sentences = [
        _(
            "Please pay %(due)s by %(pay_by)s, and the nights are yours. If that does not suit "
            "you, you need not do anything: then somebody else gets them, and it costs you nothing."
        )
    ]
    if facts.on_the_spot:
        sentences.append(_("The rest, %(on_the_spot)s, is paid there."))
    words = _to_customer(
        facts,
        _("Please pay by %(pay_by)s: %(what)s"),
        said(_("The nights are kept until %(pay_by)s"), facts),
        tuple(sentences),
    )
    due = (_("To be paid now"), facts.due if facts.due != facts.cost else "")
    return replace(
        words, rows=stay_rows(facts, due), code="", link=facts.pay_page, label=_("Pay now")
    )


def _booked(facts: StayFacts) -> Words:
    subject = _("We have your request: %(what)s")
    return _to_customer(facts, subject, _("Your request is in"), _standing(facts))


def _confirmed(facts: StayFacts) -> Words:
    sentences = _standing(facts)
    if facts.on_the_spot:
        sentences += (_("%(on_the_spot)s remain to be paid there."),)
    return _to_customer(facts, _("Confirmed: %(what)s"), _("The stay is confirmed"), sentences)


def _rescheduled(facts: StayFacts) -> Words:
    moved = _("It was %(dates_before)s and is now %(dates)s.")
    headline = _("The stay has moved to other dates")
    return _to_customer(facts, _("Moved: %(what)s"), headline, (moved, *_standing(facts)))


def _cancelled(facts: StayFacts) -> Words:
    subject, headline = _("Cancelled: %(what)s"), _("The stay was cancelled")
    sentence = _("The stay of %(pets)s, %(dates)s, was cancelled.")
    reason = reason_row(facts)
    if facts.reason_code == SystemReason.NOT_PAID:
        subject, headline = _("Not kept any longer: %(what)s"), _("The nights were not kept")
        sentence = _(
            "It was not paid in time, so somebody else can have the nights now. It costs you "
            "nothing. If you still would like them, you are welcome to book again."
        )
        reason = ("", "")
    return Words(
        subject=said(subject, facts),
        headline=headline,
        sentences=tuple(said(one, facts) for one in (sentence, *money_back(facts))),
        rows=stay_rows(facts, reason),
        link=facts.place_page,
        label=_("Look for other dates"),
    )


def _reminded(facts: StayFacts) -> Words:
    bring = _(
        "Please bring the food they are used to, the vaccination book, and something that smells "
        "of home."
    )
    if facts.needs_vaccination:
        bring = _(
            "Please bring the vaccination book, which is looked at here, the food they are used "
            "to, and something that smells of home."
        )
    cannot = _(
        "If you cannot come, please say so on the page of the booking; somebody else will be glad "
        "of the nights."
    )
    headline = _("What to bring, and when")
    return _to_customer(
        facts, _("Reminder: %(what)s"), headline, (*_standing(facts), bring, cannot)
    )


def _checked_in(facts: StayFacts) -> Words:
    there = _("%(sitter)s has taken in %(pets)s and looks after them until %(fetched)s.")
    write = _("You can write to %(sitter)s at any time, from the page of the booking.")
    return _to_customer(
        facts,
        _("Well arrived: %(pets)s at %(place)s"),
        said(_("%(pets)s: well arrived"), facts),
        (there, write),
    )


def _how_was_it(facts: StayFacts) -> Words:
    why = _(
        "A few stars and a sentence help others to choose, and those who work there to get better. "
        "It takes a minute."
    )
    stayed = _("%(pets)s stayed with %(sitter)s, %(dates)s.")
    return Words(
        subject=said(_("How was it at %(place)s?"), facts),
        headline=_("How was it?"),
        sentences=(said(stayed, facts), why),
        rows=stay_rows(facts),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _standing(facts: StayFacts) -> tuple[str, ...]:
    """How things stand, and what happens next."""
    if facts.appointment.awaits_payment:
        return (_("Please pay %(due)s by %(pay_by)s, and the nights are yours."),)
    if facts.appointment.status == Status.PENDING:
        return (
            _(
                "The nights are kept for you. %(sitter)s has been asked and will confirm them; "
                "you need not do anything."
            ),
        )
    return (_("%(sitter)s expects %(pets)s from %(brought)s on. Show or say the code."),)


def _to_customer(
    facts: StayFacts, subject: str, headline: str, sentences: tuple[str, ...]
) -> Words:
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=stay_rows(facts, reason_row(facts)),
        code=facts.code,
        link=facts.page,
        label=_("See or change the booking"),
    )


def stay_rows(facts: StayFacts, *more: tuple[str, str]) -> Rows:
    rows = (
        (_("Boarding place"), facts.place),
        (_("Nights"), facts.dates),
        (_("Pets"), facts.pets_in_full),
        (_("Check-in from"), facts.brought),
        (_("Check-out until"), facts.fetched),
        with_realtor(facts),
        (_("Where"), facts.where),
        (_("Price"), "" if facts.is_free else facts.cost),
        *more,
    )
    return tuple((name, value) for name, value in rows if value)


TO_CUSTOMERS: dict[Letter, Callable[[StayFacts], Words]] = {
    Letter.TO_PAY: _to_pay,
    Letter.BOOKED: _booked,
    Letter.CONFIRMED: _confirmed,
    Letter.RESCHEDULED: _rescheduled,
    Letter.CANCELLED: _cancelled,
    Letter.REMINDER: _reminded,
    Letter.CHECKED_IN: _checked_in,
    Letter.HOW_WAS_IT: _how_was_it,
}
