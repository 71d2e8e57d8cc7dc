"""Letters to the customer of a realtor's time."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from appointments.models import Status, SystemReason
from notifications.models import Letter
from notifications.presenters.facts import Facts
from notifications.presenters.words import (
    Words,
    filled,
    reason_row,
    rows_of,
    to_customer,
    with_realtor,
)


def _booked(facts: Facts) -> Words:
    appointment = facts.appointment
    if appointment.live and appointment.status == Status.CONFIRMED:
        subject = _("It is your turn at %(store)s")
    elif appointment.live:
        subject = _("Your place in line at %(store)s")
    elif appointment.is_waiting:
        subject = _("In line for %(when)s at %(store)s")
    elif appointment.status == Status.CONFIRMED:
        subject = _("Confirmed: %(when)s at %(store)s")
    else:
        subject = _("We have your request: %(when)s at %(store)s")
    return to_customer(facts, filled(subject, facts), standing(facts))


def _confirmed(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("It is your turn at %(store)s")
    else:
        subject = _("Confirmed: %(when)s at %(store)s")
    return to_customer(facts, filled(subject, facts), standing(facts))


def _realtor_changed(facts: Facts) -> Words:
    names = {"before": facts.realtor_before, "realtor": facts.realtor}
    if facts.appointment.is_waiting:
        subject = _("We are looking for another realtor for you")
        sentence = _(
            "%(before)s does not take care of it any more. We are looking for somebody else; you "
            "keep your place in line and need not do anything."
        )
    elif facts.appointment.status == Status.CONFIRMED:
        subject = _("%(realtor)s takes care of you instead")
        sentence = _(
            "%(realtor)s takes care of you instead of %(before)s. You need not do anything."
        )
    else:
        subject = _("Another realtor for you")
        sentence = _(
            "%(realtor)s has been asked instead of %(before)s and will confirm it; you need not do "
            "anything."
        )
    return to_customer(facts, subject % names, (sentence % names,), headline=subject % names)


def _rescheduled(facts: Facts) -> Words:
    headline = _("Your appointment has moved")
    moved = _("It was %(before)s and is now %(after)s.")
    sentence = moved % {"before": facts.moved_from, "after": facts.when}
    subject = filled(_("Moved to %(when)s at %(store)s"), facts)
    return to_customer(facts, subject, (sentence, *standing(facts)), headline=headline)


def _cancelled(facts: Facts) -> Words:
    live = facts.appointment.live
    if facts.delivery.event.facts["reason"] == SystemReason.QUEUE_TIMEOUT:
        sentence = (
            _(
                "We are sorry: nobody became free in time, so your place in line at %(store)s has "
                "ended. It costs you nothing."
            )
            if live
            else _(
                "We are sorry: nobody became free in time for %(when)s at %(store)s, so your wait "
                "has ended. It costs you nothing."
            )
        )
    elif live:
        sentence = _("Your place in line at %(store)s was cancelled.")
    else:
        sentence = _("Your appointment %(when)s at %(store)s was cancelled.")
    subject = (
        _("Your place in line at %(store)s has ended")
        if live
        else _("Cancelled: %(when)s at %(store)s")
    )
    again = _("We would be glad to find you another time.")
    return Words(
        subject=filled(subject, facts),
        headline=_("This appointment was cancelled"),
        sentences=(filled(sentence, facts), again),
        rows=rows_of(facts, reason_row(facts)),
        link=facts.store_page,
        label=_("Book another time"),
    )


def _reminded(facts: Facts) -> Words:
    subject = filled(_("Reminder: %(when)s at %(store)s"), facts)
    cannot = _(
        "If you cannot come, please say so on the page of the booking; somebody else will be glad "
        "of the time."
    )
    headline = _("We look forward to seeing you")
    return to_customer(facts, subject, (*standing(facts), cannot), headline=headline)


def _how_was_it(facts: Facts) -> Words:
    if facts.appointment.live:
        sentence = _("%(realtor)s took care of you at %(store)s.")
    else:
        sentence = _("You were with %(realtor)s at %(store)s, %(when)s.")
    why = _(
        "A few stars and a sentence help others to choose, and those who work there to get better. "
        "It takes a minute."
    )
    return Words(
        subject=filled(_("How was it at %(store)s?"), facts),
        headline=_("How was it?"),
        sentences=(filled(sentence, facts), why),
        rows=rows_of(facts, with_realtor(facts)),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _replied(facts: Facts) -> Words:
    told = ((_("Your review"), facts.review.comment), (_("Reply"), facts.review.reply))
    return Words(
        subject=filled(_("%(store)s has answered your review"), facts),
        headline=_("Your review was answered"),
        sentences=(_("Thank you for having said how it was. This is the answer:"),),
        rows=tuple((name, value) for name, value in told if value),
        link=facts.review_page,
        label=_("See your review"),
    )


def standing(facts: Facts) -> tuple[str, ...]:
    """How things stand, and what happens next."""
    appointment = facts.appointment
    if appointment.needs_person and appointment.is_waiting:
        sentence = _("The store is looking for somebody for you and will get in touch with you.")
    elif appointment.live:
        sentence = _standing_live(facts)
    elif appointment.is_waiting:
        sentence = _(
            "You are number %(position)d in line for %(when)s. As soon as somebody becomes free, "
            "the time is yours; the place in line is kept. If nobody is free by %(latest)s, we "
            "cancel it and it costs you nothing."
        )
    elif appointment.status == Status.CONFIRMED:
        sentence = _(
            "%(realtor)s expects you %(when)s at %(store)s. Show or say the code at the desk."
        )
    else:
        sentence = _(
            "The time is kept for you. %(realtor)s has been asked and will confirm it; you need "
            "not do anything."
        )
    return (filled(sentence, facts),)


def _standing_live(facts: Facts) -> str:
    if facts.appointment.is_waiting:
        return _(
            "You are number %(position)d in line at %(store)s just now. You hear from us as soon "
            "as it is your turn; the page of your booking always shows how far you are."
        )
    if facts.appointment.status == Status.CONFIRMED:
        return _("%(realtor)s expects you now at %(store)s. Show or say the code at the desk.")
    return _("%(realtor)s has been asked to see you now. Please stay close by.")


LETTERS: dict[Letter, Callable[[Facts], Words]] = {
    Letter.BOOKED: _booked,
    Letter.CONFIRMED: _confirmed,
    Letter.REALTOR_CHANGED: _realtor_changed,
    Letter.RESCHEDULED: _rescheduled,
    Letter.CANCELLED: _cancelled,
    Letter.REMINDER: _reminded,
    Letter.HOW_WAS_IT: _how_was_it,
    Letter.REPLIED: _replied,
}
