"""What all letters have in common: their parts, said once for text and HTML."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appointments.presenters import life
from notifications.presenters.facts import Facts

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Words:
    """``rows`` are facts with their names; ``code`` is set large; ``link`` has its ``label``. On
    the site and in a push it is called ``title`` and says ``told``, where that is another than
    the letter's subject and sentences."""

    subject: str
    headline: str
    sentences: tuple[str, ...]
    rows: Rows = ()
    code: str = ""
    link: str = ""
    label: str = ""
    title: str = ""
    told: tuple[str, ...] = ()


def put(
    facts: Facts, subject: str, headline: str, sentences: tuple[str, ...], **parts: Any
) -> Words:
    """A letter whose subject and sentences name facts; ``parts`` are those of Words."""
    return Words(
        subject=said(subject, facts),
        headline=headline,
        sentences=tuple(said(one, facts) for one in sentences),
        **parts,
    )


def to_customer(
    facts: Facts, subject: str, sentences: tuple[str, ...], *, headline: str = ""
) -> Words:
    return Words(
        subject=subject,
        headline=headline or life.headline(facts.appointment, facts.at),
        sentences=sentences,
        rows=rows_of(facts, with_realtor(facts), reason_row(facts)),
        code=facts.appointment.code or "",
        link=facts.page,
        label=_("See or change the booking"),
    )


def to_realtor(facts: Facts, subject: str, headline: str, sentences: tuple[str, ...]) -> Words:
    person = ((_("Customer"), facts.customer), (_("Wishes"), facts.appointment.requirements))
    return Words(
        subject=subject,
        headline=headline,
        sentences=sentences,
        rows=rows_of(facts, *person, reason_row(facts)),
        code=facts.appointment.code or "",
        link=facts.console,
        label=_("See the appointment"),
    )


def rows_of(facts: Facts, *more: tuple[str, str]) -> Rows:
    """When and where first; whoever stands in the live line has no time of their own."""
    when = "" if facts.appointment.live else facts.hours
    rows = ((_("About"), facts.listing), (_("When"), when), (_("Where"), facts.where), *more)
    return tuple((name, value) for name, value in rows if value)


def with_realtor(facts: Facts) -> tuple[str, str]:
    return _("With"), facts.realtor


def reason_row(facts: Facts) -> tuple[str, str]:
    return _("Reason"), facts.reason


def filled(sentence: str, facts: Facts) -> str:
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


def said(sentence: str, facts: Facts) -> str:
    """``%(due)s`` is what the facts say of ``due``; only what stands in it is looked up."""
    return sentence % _Named(facts)


class _Named(dict[str, str]):
    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, name: str) -> str:
        return str(getattr(self._facts, name))
