"""Letters about seats of a course's sessions."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Status, SystemReason
from notifications.models import Letter
from notifications.presenters.dues import money_back
from notifications.presenters.seat_facts import SeatFacts
from notifications.presenters.words import Rows, Words, put, reason_row, said, with_realtor

# Reasons that the sentences of a letter say.
SAID_ALREADY = (SystemReason.NOT_PAID, SystemReason.SESSION_CANCELLED)

# --- To the customer


def _to_pay(facts: SeatFacts) -> Words:
    sentences = [
        _(
            "Please pay %(due)s by %(pay_by)s, and the place is yours. If that does not suit you, "
            "you need not do anything: then somebody else gets it, and it costs you nothing."
        )
    ]
    if facts.on_the_spot:
        sentences.append(_("The rest, %(on_the_spot)s, is paid there."))
    return Words(
        subject=said(_("Please pay by %(pay_by)s: %(what)s"), facts),
        headline=said(_("Your place is kept until %(pay_by)s"), facts),
        sentences=tuple(said(one, facts) for one in sentences),
        rows=_seat(facts, (_("To be paid now"), facts.due if facts.due != facts.cost else "")),
        link=facts.pay_page,
        label=_("Pay now"),
    )


def _booked(facts: SeatFacts) -> Words:
    subject = _("We have your request: %(what)s")
    return _to_customer(facts, subject, _("Your request is in"), _standing(facts))


def _confirmed(facts: SeatFacts) -> Words:
    subject = _("Confirmed: %(what)s")
    sentences = _standing(facts)
    if facts.on_the_spot:
        sentences += (_("%(on_the_spot)s remain to be paid there."),)
    return _to_customer(facts, subject, _("Your place is confirmed"), sentences)


def _rescheduled(facts: SeatFacts) -> Words:
    subject, headline = _("Moved: %(what)s"), _("Your place has moved to another session")
    moved = _("It was %(moved_from)s and is now %(when)s.")
    return _to_customer(facts, subject, headline, (moved, *_standing(facts)))


def _cancelled(facts: SeatFacts) -> Words:
    subject, headline = _("Cancelled: %(what)s"), _("Your place was cancelled")
    sentence = _("Your place in %(what)s was cancelled.")
    if facts.reason_code == SystemReason.NOT_PAID:
        subject, headline = _("Not kept any longer: %(what)s"), _("Your place was not kept")
        sentence = _(
            "It was not paid in time, so somebody else can have the place now. It costs you "
            "nothing. If you still would like to come, you are welcome to book again."
        )
    elif not facts.takes_place:
        subject, headline = _("Will not take place: %(what)s"), _("The session was called off")
        sentence = _("We are sorry: %(what)s, will not take place.")
    return Words(
        subject=said(subject, facts),
        headline=headline,
        sentences=tuple(said(one, facts) for one in (sentence, *money_back(facts))),
        rows=_seat(facts, *() if facts.reason_code in SAID_ALREADY else (reason_row(facts),)),
        link=facts.course_page,
        label=_("Look at the course"),
    )


def _reminded(facts: SeatFacts) -> Words:
    cannot = _(
        "If you cannot come, please say so on the page of the booking; somebody else will be glad "
        "of the place."
    )
    headline = _("We look forward to seeing you")
    subject = _("Reminder: %(what)s")
    return _to_customer(facts, subject, headline, (*_standing(facts), cannot))


def _how_was_it(facts: SeatFacts) -> Words:
    why = _(
        "A few stars and a sentence help others to choose, and those who work there to get better. "
        "It takes a minute."
    )
    return Words(
        subject=said(_("How was %(course)s?"), facts),
        headline=_("How was it?"),
        sentences=(said(_("You were in %(course)s with %(teacher)s, %(when)s."), facts), why),
        rows=_seat(facts),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _standing(facts: SeatFacts) -> tuple[str, ...]:
    """How things stand, and what happens next."""
    if facts.appointment.awaits_payment:
        return (_("Please pay %(due)s by %(pay_by)s, and the place is yours."),)
    if facts.appointment.status == Status.PENDING:
        return (
            _(
                "The place is kept for you. %(teacher)s has been asked and will confirm it; you "
                "need not do anything."
            ),
        )
    if len(facts.together) > 1:
        return (
            _("%(teacher)s looks forward to each session. Show or say its code when you come."),
        )
    if facts.child:
        return (
            _(
                "%(teacher)s expects %(child)s %(when)s at %(store)s. Show or say the code when "
                "you come."
            ),
        )
    return (_("%(teacher)s expects you %(when)s at %(store)s. Show or say the code."),)


def _to_customer(
    facts: SeatFacts, subject: str, headline: str, sentences: tuple[str, ...]
) -> Words:
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=_seat(facts, reason_row(facts)),
        code=facts.code,
        link=facts.page,
        label=_("See or change the booking"),
    )


# --- To the teacher


def _asked(facts: SeatFacts) -> Words:
    answer = _("Please accept or decline by %(answer_by)s; after that it is cancelled.")
    if facts.appointment.paid_at:
        answer = _(
            "It is paid. Please accept or decline by %(answer_by)s; after that it is cancelled, "
            "and the money goes back."
        )
    words = _to_teacher(
        facts,
        _("Please answer: %(attendee)s, %(what)s"),
        _("Will you take them in?"),
        (_("%(attendee)s would like a place in %(what)s."), answer),
    )
    return replace(words, label=_("Answer now"))


def _given(facts: SeatFacts) -> Words:
    subject, headline = _("New in %(what)s: %(attendee)s"), _("Somebody has booked a place")
    sentence = _("%(attendee)s comes to %(what)s. It is confirmed.")
    return _to_teacher(facts, subject, headline, (sentence,))


def _moved(facts: SeatFacts) -> Words:
    subject = _("Moved: %(attendee)s, now %(what)s")
    headline = _("Somebody comes to another session of yours")
    moved = _("%(attendee)s had %(moved_from)s and now comes %(when)s.")
    return _to_teacher(facts, subject, headline, (moved,))


def _called_off(facts: SeatFacts) -> Words:
    if not facts.takes_place:
        subject, headline = (
            _("Will not take place: %(what)s"),
            _("A session of yours was called off"),
        )
        sentence = _("%(what)s, will not take place. Everybody who had a place has been told.")
        words = _to_teacher(facts, subject, headline, (sentence,))
        return _of_session(words, facts, reason_row(facts))
    subject = _("Cancelled: %(attendee)s, %(what)s")
    headline = _("Somebody does not come")
    sentence = _("%(attendee)s does not come to %(what)s. The place is free again.")
    return _to_teacher(facts, subject, headline, (sentence,))


def _coming(facts: SeatFacts) -> Words:
    count = facts.booked
    expected = ngettext("%(count)d place is booked.", "%(count)d places are booked.", count)
    words = _to_teacher(
        facts,
        _("Reminder: %(what)s"),
        _("Soon to begin"),
        (_("You teach %(what)s."), expected % {"count": count}),
    )
    return _of_session(words, facts)


def _of_session(words: Words, facts: SeatFacts, *more: tuple[str, str]) -> Words:
    """Nothing of a single seat."""
    label = _("See the session")
    return replace(words, rows=_place(facts, *more), code="", link=facts.session_page, label=label)


def _to_teacher(facts: SeatFacts, subject: str, headline: str, sentences: tuple[str, ...]) -> Words:
    person = ((_("Customer"), facts.customer), (_("For"), facts.child))
    note = (_("Note"), facts.appointment.customer_note)
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=_place(facts, *person, note, reason_row(facts)),
        code=facts.code,
        link=facts.console,
        label=_("See the appointment"),
    )


# --- Parts


def _seat(facts: SeatFacts, *more: tuple[str, str]) -> Rows:
    cost = "" if facts.is_free else facts.cost
    mine = (with_realtor(facts), (_("For"), facts.child), (_("Price"), cost))
    return _place(facts, *mine, *more)


def _place(facts: SeatFacts, *more: tuple[str, str]) -> Rows:
    rows = (
        (_("Course"), facts.course),
        (_("When"), facts.all_hours),
        (_("Where"), facts.where),
        *more,
    )
    return tuple((name, value) for name, value in rows if value)


TO_CUSTOMERS: dict[Letter, Callable[[SeatFacts], Words]] = {
    Letter.TO_PAY: _to_pay,
    Letter.BOOKED: _booked,
    Letter.CONFIRMED: _confirmed,
    Letter.RESCHEDULED: _rescheduled,
    Letter.CANCELLED: _cancelled,
    Letter.REMINDER: _reminded,
    Letter.HOW_WAS_IT: _how_was_it,
}
TO_TEACHERS: dict[Letter, Callable[[SeatFacts], Words]] = {
    Letter.ASKED: _asked,
    Letter.CONFIRMED: _given,
    Letter.RESCHEDULED: _moved,
    Letter.CANCELLED: _called_off,
    Letter.REMINDER: _coming,
}
