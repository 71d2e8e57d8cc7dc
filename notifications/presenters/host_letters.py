"""Letters to whoever shows a house: its landlord, or somebody of the agency."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from appointments.models import Status
from notifications.models import Letter
from notifications.presenters.viewing_facts import ViewingFacts
from notifications.presenters.words import Words, put, reason_row, said


def _asked(facts: ViewingFacts) -> Words:
    answer = _("Please accept or decline by %(answer_by)s; after that somebody else is asked.")
    if facts.appointment.realtor_named:
        answer = _("Please accept or decline by %(answer_by)s; after that it is cancelled.")
    words = _to_host(
        facts,
        _("Please answer: %(customer)s would like to see %(what)s"),
        _("Somebody would like to see a house"),
        (_("%(customer)s would like to see %(house)s, %(when)s (%(duration)s)."), answer),
    )
    return replace(_as_new(words, facts), label=_("Answer now"))


def _given(facts: ViewingFacts) -> Words:
    sentence = _("%(customer)s sees %(house)s, %(when)s (%(duration)s). It is confirmed.")
    subject = _("Viewing: %(customer)s, %(what)s")
    words = _to_host(facts, subject, _("Somebody comes to see a house"), (sentence,))
    return _as_new(words, facts)


def _as_new(words: Words, facts: ViewingFacts) -> Words:
    """As Document 1 says it to a landlord; when it is stands in the details of the push."""
    told = said(_("%(customer)s has booked a viewing of your house “%(house)s”"), facts)
    return replace(words, title=_("New viewing"), told=(told,))


def _moved(facts: ViewingFacts) -> Words:
    moved = _("%(customer)s had %(moved_from)s and now comes %(when)s.")
    subject = _("Viewing moved: %(customer)s, %(what)s")
    return _to_host(facts, subject, _("A viewing has moved"), (moved,))


def _called_off(facts: ViewingFacts) -> Words:
    sentence = _("%(customer)s does not come to see %(house)s, %(when)s. The time is free again.")
    subject = _("Viewing cancelled: %(customer)s, %(what)s")
    words = _to_host(facts, subject, _("A viewing was cancelled"), (sentence,))
    return replace(words, title=_("Viewing cancelled"))


def _coming(facts: ViewingFacts) -> Words:
    sentence = _("%(customer)s comes to see %(house)s, %(when)s (%(duration)s): %(where)s.")
    if facts.appointment.status != Status.CONFIRMED:
        sentence = _(
            "%(customer)s would like to see %(house)s, %(when)s (%(duration)s), and still waits "
            "for your answer."
        )
    subject = _("Viewing soon: %(customer)s, %(what)s")
    words = _to_host(facts, subject, _("Soon to begin"), (sentence,))
    return replace(words, title=_("Viewing reminder"))


def _thought_of_it(facts: ViewingFacts) -> Words:
    rows = (
        (_("House"), facts.house),
        (_("Customer"), facts.customer),
        (_("When"), facts.hours),
        (_("What they think"), facts.verdict),
        (_("In their words"), facts.feedback.note),
    )
    told = said(_("%(customer)s about %(house)s: %(verdict)s."), facts)
    return Words(
        subject=said(_("What %(customer)s thinks of %(house)s"), facts),
        headline=_("After the viewing"),
        sentences=(told, _("Nobody else reads this.")),
        rows=tuple((name, value) for name, value in rows if value),
        link=facts.console,
        label=_("See the viewing"),
        told=(told,),
    )


def _to_host(facts: ViewingFacts, subject: str, headline: str, sentences: tuple[str, ...]) -> Words:
    rows = (
        (_("House"), facts.house),
        (_("When"), facts.hours),
        (_("Where"), facts.where),
        (_("Customer"), facts.customer),
        (_("Wishes"), facts.appointment.requirements),
        (_("Note"), facts.appointment.customer_note),
        reason_row(facts),
    )
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=tuple((name, value) for name, value in rows if value),
        code=facts.appointment.code or "",
        link=facts.console,
        label=_("See the viewing"),
    )


TO_HOSTS: dict[Letter, Callable[[ViewingFacts], Words]] = {
    Letter.ASKED: _asked,
    Letter.CONFIRMED: _given,
    Letter.RESCHEDULED: _moved,
    Letter.CANCELLED: _called_off,
    Letter.REMINDER: _coming,
    Letter.VIEWING_FEEDBACK: _thought_of_it,
}
