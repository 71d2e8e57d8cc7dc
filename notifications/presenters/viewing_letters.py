"""Letters to whoever sees a house."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from appointments.models import Status, SystemReason
from notifications.models import Letter
from notifications.presenters.customer_letters import standing
from notifications.presenters.viewing_facts import ViewingFacts
from notifications.presenters.words import Rows, Words, put, reason_row, said


def _booked(facts: ViewingFacts) -> Words:
    if facts.appointment.is_waiting:
        subject = _("In line to see %(house)s, %(when)s")
    elif facts.appointment.status == Status.CONFIRMED:
        subject = _("Viewing confirmed: %(what)s")
    else:
        subject = _("We have your request to see %(what)s")
    headline = _("You are going to see a house")
    return _to_customer(facts, subject, headline, _standing(facts))


def _confirmed(facts: ViewingFacts) -> Words:
    subject, headline = _("Viewing confirmed: %(what)s"), _("The viewing is confirmed")
    return _to_customer(facts, subject, headline, _standing(facts), title=_("Viewing confirmed"))


def _rescheduled(facts: ViewingFacts) -> Words:
    subject, headline = _("Viewing moved: %(what)s"), _("The viewing has moved")
    moved = _("It was %(moved_from)s and is now %(when)s.")
    return _to_customer(facts, subject, headline, (moved, *_standing(facts)))


def _cancelled(facts: ViewingFacts) -> Words:
    sentence = _("Your viewing of %(house)s, %(when)s, was cancelled.")
    if facts.reason_code == SystemReason.QUEUE_TIMEOUT:
        sentence = _(
            "We are sorry: nobody became free in time to show you %(house)s, %(when)s, so your "
            "wait has ended. It costs you nothing."
        )
    again = _("You can see it at another time, or look at others like it.")
    return Words(
        subject=said(_("Viewing cancelled: %(what)s"), facts),
        headline=_("The viewing was cancelled"),
        sentences=tuple(said(one, facts) for one in (sentence, again)),
        rows=_house(facts, reason_row(facts)),
        link=facts.house_page,
        label=_("Look at the house"),
        title=_("Viewing cancelled"),
    )


def _reminded(facts: ViewingFacts) -> Words:
    cannot = _(
        "If you cannot come, please say so on the page of the booking; somebody else will be glad "
        "of the time."
    )
    subject, headline = _("Viewing soon: %(what)s"), _("You are going to see a house")
    sentences = (*_standing(facts), cannot)
    return _to_customer(facts, subject, headline, sentences, title=_("Viewing reminder"))


def _how_was_it(facts: ViewingFacts) -> Words:
    seen = _("You saw %(house)s with %(host)s, %(when)s.")
    for_the_host = _(
        "On the page of the viewing you can tell %(host)s whether it is something for you; only "
        "they and the store read that. What you say here everybody can read, and it helps them to "
        "choose."
    )
    return Words(
        subject=said(_("What do you think of %(house)s?"), facts),
        headline=_("How was the viewing?"),
        sentences=tuple(said(one, facts) for one in (seen, for_the_host)),
        rows=_house(facts),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _standing(facts: ViewingFacts) -> tuple[str, ...]:
    """How things stand, and what happens next."""
    if facts.appointment.is_waiting:
        # Filled in already; a name may hold what would be filled in again.
        return tuple(one.replace("%", "%%") for one in standing(facts))
    if facts.appointment.status == Status.PENDING:
        return (
            _(
                "The time is kept for you. %(host)s has been asked and will confirm it; you need "
                "not do anything."
            ),
        )
    return (
        _("%(host)s expects you %(when)s at the house: %(where)s. Show or say the code there."),
    )


def _to_customer(
    facts: ViewingFacts,
    subject: str,
    headline: str,
    sentences: tuple[str, ...],
    *,
    title: str = "",
) -> Words:
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=_house(facts, reason_row(facts)),
        code=facts.appointment.code or "",
        link=facts.page,
        label=_("See or change the viewing"),
        title=title,
    )


def _house(facts: ViewingFacts, *more: tuple[str, str]) -> Rows:
    rows = (
        (_("House"), facts.house),
        (_("When"), facts.hours),
        (_("Where"), facts.where),
        (_("Map"), facts.house_page),
        (_("Shown by"), facts.host),
        *more,
    )
    return tuple((name, value) for name, value in rows if value)


TO_CUSTOMERS: dict[Letter, Callable[[ViewingFacts], Words]] = {
    Letter.BOOKED: _booked,
    Letter.CONFIRMED: _confirmed,
    Letter.RESCHEDULED: _rescheduled,
    Letter.CANCELLED: _cancelled,
    Letter.REMINDER: _reminded,
    Letter.HOW_WAS_IT: _how_was_it,
}
