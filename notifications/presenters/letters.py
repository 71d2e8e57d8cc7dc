"""The words of every letter, said once for its text and its HTML."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Status, SystemReason
from appointments.presenters import life
from notifications.models import Delivery, Letter, Role
from notifications.presenters.facts import Facts

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """``rows`` are facts with their names; ``code`` is set large; ``link`` has its ``label``."""

    subject: str
    headline: str
    sentences: tuple[str, ...]
    rows: Rows = ()
    code: str = ""
    link: str = ""
    label: str = ""


def words_of(delivery: Delivery, *, at: datetime) -> Words:
    """In the language that is active."""
    write = LETTERS[Role(delivery.role), Letter(delivery.letter)]
    return write(Facts(delivery, at))


# --- To the customer


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
    return _to_customer(facts, _filled(subject, facts), _standing(facts))


def _confirmed(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("It is your turn at %(store)s")
    else:
        subject = _("Confirmed: %(when)s at %(store)s")
    return _to_customer(facts, _filled(subject, facts), _standing(facts))


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
    return _to_customer(facts, subject % names, (sentence % names,), headline=subject % names)


def _rescheduled(facts: Facts) -> Words:
    headline = _("Your appointment has moved")
    moved = _("It was %(before)s and is now %(after)s.")
    sentence = moved % {"before": facts.moved_from, "after": facts.when}
    subject = _filled(_("Moved to %(when)s at %(store)s"), facts)
    return _to_customer(facts, subject, (sentence, *_standing(facts)), headline=headline)


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
        subject=_filled(subject, facts),
        headline=_("This appointment was cancelled"),
        sentences=(_filled(sentence, facts), again),
        rows=_rows(facts, _reason(facts)),
        link=facts.store_page,
        label=_("Book another time"),
    )


def _reminded(facts: Facts) -> Words:
    subject = _filled(_("Reminder: %(when)s at %(store)s"), facts)
    cannot = _(
        "If you cannot come, please say so on the page of the booking; somebody else will be glad "
        "of the time."
    )
    headline = _("We look forward to seeing you")
    return _to_customer(facts, subject, (*_standing(facts), cannot), headline=headline)


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
        subject=_filled(_("How was it at %(store)s?"), facts),
        headline=_("How was it?"),
        sentences=(_filled(sentence, facts), why),
        rows=_rows(facts, _with_realtor(facts)),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _replied(facts: Facts) -> Words:
    told = ((_("Your review"), facts.review.comment), (_("Reply"), facts.review.reply))
    return Words(
        subject=_filled(_("%(store)s has answered your review"), facts),
        headline=_("Your review was answered"),
        sentences=(_("Thank you for having said how it was. This is the answer:"),),
        rows=tuple((name, value) for name, value in told if value),
        link=facts.review_page,
        label=_("See your review"),
    )


def _standing(facts: Facts) -> tuple[str, ...]:
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
    return (_filled(sentence, facts),)


def _standing_live(facts: Facts) -> str:
    if facts.appointment.is_waiting:
        return _(
            "You are number %(position)d in line at %(store)s just now. You hear from us as soon "
            "as it is your turn; the page of your booking always shows how far you are."
        )
    if facts.appointment.status == Status.CONFIRMED:
        return _("%(realtor)s expects you now at %(store)s. Show or say the code at the desk.")
    return _("%(realtor)s has been asked to see you now. Please stay close by.")


def _to_customer(
    facts: Facts, subject: str, sentences: tuple[str, ...], *, headline: str = ""
) -> Words:
    return Words(
        subject=subject,
        headline=headline or life.headline(facts.appointment, facts.at),
        sentences=sentences,
        rows=_rows(facts, _with_realtor(facts), _reason(facts)),
        code=facts.appointment.code or "",
        link=facts.page,
        label=_("See or change the booking"),
    )


# --- To the realtor


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
    words = _to_realtor(
        facts,
        _filled(subject, facts),
        _("Will you take this appointment?"),
        (_filled(wish, facts), answer % {"answer_by": facts.answer_by}),
    )
    return replace(words, link=facts.console, label=_("Answer now"))


def _given(facts: Facts) -> Words:
    if facts.appointment.live:
        subject, sentence = _("Yours now: %(customer)s"), _("%(customer)s is coming to you now.")
    else:
        subject = _("Yours: %(customer)s, %(when)s")
        sentence = _("%(customer)s comes to you %(when)s (%(duration)s). It is confirmed.")
    headline = _("You have an appointment")
    return _to_realtor(facts, _filled(subject, facts), headline, (_filled(sentence, facts),))


def _moved(facts: Facts) -> Words:
    subject = _filled(_("Moved: %(customer)s, now %(when)s"), facts)
    moved = _("%(customer)s had %(before)s and now comes %(after)s.")
    names = {"customer": facts.customer, "before": facts.moved_from, "after": facts.when}
    return _to_realtor(facts, subject, _("An appointment of yours has moved"), (moved % names,))


def _called_off(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("Cancelled: %(customer)s is no longer waiting")
        sentence = _("%(customer)s is no longer waiting for you.")
    else:
        subject = _("Cancelled: %(customer)s, %(when)s")
        sentence = _("%(customer)s does not come %(when)s. The time is free again.")
    headline = _("An appointment of yours was cancelled")
    return _to_realtor(facts, _filled(subject, facts), headline, (_filled(sentence, facts),))


def _taken_away(facts: Facts) -> Words:
    if facts.appointment.live:
        subject = _("No longer yours: somebody in line at %(store)s")
        sentence = _("A customer of the line at %(store)s is no longer yours.")
    else:
        subject = _("No longer yours: %(when)s")
        sentence = _("The appointment %(when)s at %(store)s is no longer yours.")
    known = {"when": facts.taken_from, "store": facts.store}
    when = "" if facts.appointment.live else facts.taken_from
    rows = ((_("When"), when), (_("Where"), facts.where), _reason(facts))
    # Whoever has it no longer needs neither the customer's name nor their page.
    return Words(
        subject=subject % known,
        headline=_("An appointment is no longer yours"),
        sentences=(sentence % known,),
        rows=tuple((name, value) for name, value in rows if value),
    )


def _coming(facts: Facts) -> Words:
    subject = _filled(_("Reminder: %(customer)s, %(when)s"), facts)
    if facts.appointment.status == Status.CONFIRMED:
        sentence = _("%(customer)s comes to you %(when)s (%(duration)s).")
    else:
        sentence = _(
            "%(customer)s would like to come %(when)s (%(duration)s) and still waits for your "
            "answer."
        )
    return _to_realtor(facts, subject, _("Soon to begin"), (_filled(sentence, facts),))


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


def _to_realtor(facts: Facts, subject: str, headline: str, sentences: tuple[str, ...]) -> Words:
    person = ((_("Customer"), facts.customer), (_("Wishes"), facts.appointment.requirements))
    return Words(
        subject=subject,
        headline=headline,
        sentences=sentences,
        rows=_rows(facts, *person, _reason(facts)),
        code=facts.appointment.code or "",
        link=facts.console,
        label=_("See the appointment"),
    )


# --- Parts


def _rows(facts: Facts, *more: tuple[str, str]) -> Rows:
    """When and where first; whoever stands in the live line has no time of their own."""
    when = "" if facts.appointment.live else facts.hours
    rows = ((_("When"), when), (_("Where"), facts.where), *more)
    return tuple((name, value) for name, value in rows if value)


def _with_realtor(facts: Facts) -> tuple[str, str]:
    return _("With"), facts.realtor


def _reason(facts: Facts) -> tuple[str, str]:
    return _("Reason"), facts.reason


def _filled(sentence: str, facts: Facts) -> str:
    appointment = facts.appointment
    return sentence % {
        "when": facts.when,
        "store": facts.store,
        "realtor": facts.realtor,
        "customer": facts.customer,
        "duration": facts.duration,
        "position": facts.position if appointment.is_waiting else 0,
        "latest": facts.latest,
    }


LETTERS: dict[tuple[Role, Letter], Callable[[Facts], Words]] = {
    (Role.CUSTOMER, Letter.BOOKED): _booked,
    (Role.CUSTOMER, Letter.CONFIRMED): _confirmed,
    (Role.CUSTOMER, Letter.REALTOR_CHANGED): _realtor_changed,
    (Role.CUSTOMER, Letter.RESCHEDULED): _rescheduled,
    (Role.CUSTOMER, Letter.CANCELLED): _cancelled,
    (Role.CUSTOMER, Letter.REMINDER): _reminded,
    (Role.CUSTOMER, Letter.HOW_WAS_IT): _how_was_it,
    (Role.CUSTOMER, Letter.REPLIED): _replied,
    (Role.REALTOR, Letter.REVIEWED): _reviewed,
    (Role.REALTOR, Letter.ASKED): _asked,
    (Role.REALTOR, Letter.CONFIRMED): _given,
    (Role.REALTOR, Letter.RESCHEDULED): _moved,
    (Role.REALTOR, Letter.CANCELLED): _called_off,
    (Role.REALTOR, Letter.TAKEN_AWAY): _taken_away,
    (Role.REALTOR, Letter.REMINDER): _coming,
}
