"""Letters to whoever provides a service that was ordered."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from appointments.models import Status
from notifications.models import Letter
from notifications.presenters.order_facts import OrderFacts
from notifications.presenters.order_letters import ended, order_rows, proposal
from notifications.presenters.words import Words, put, reason_row


def _asked(facts: OrderFacts) -> Words:
    wish = _("%(customer)s orders %(service)s, %(when)s (%(duration)s), for %(amount)s.")
    if facts.is_free:
        wish = _("%(customer)s orders %(service)s, %(when)s (%(duration)s).")
    answer = _("Please accept or decline by %(answer_by)s; after that it is cancelled.")
    if not facts.appointment.realtor_named:
        answer = _(
            "Please accept or decline by %(answer_by)s; after that another provider is asked."
        )
    binds = _("Once you have accepted, neither side calls it off alone.")
    words = _to_provider(
        facts,
        _("Please answer: %(customer)s orders %(what)s"),
        _("Will you take this order?"),
        (wish, *_place(facts), *proposal(facts), answer, binds),
    )
    return replace(words, label=_("Answer now"))


def _given(facts: OrderFacts) -> Words:
    subject, headline = _("Order: %(customer)s, %(what)s"), _("You have an order")
    sentence = _("%(customer)s has ordered %(service)s, %(when)s (%(duration)s). It is confirmed.")
    paid = (_("%(paid)s are paid."),) if facts.paid else ()
    return _to_provider(facts, subject, headline, (sentence, *_place(facts), *paid))


def _moved(facts: OrderFacts) -> Words:
    moved = _("%(customer)s had %(moved_from)s and now has %(when)s.")
    subject = _("Order moved: %(customer)s, %(what)s")
    return _to_provider(facts, subject, _("An order has moved"), (moved, *_place(facts)))


def _called_off(facts: OrderFacts) -> Words:
    sentence = _("The order of %(customer)s, %(what)s, was cancelled. The time is free again.")
    decision = facts.decision if facts.decided is not None else ""
    words = _to_provider(
        facts,
        _("Order cancelled: %(customer)s, %(what)s"),
        _("An order was cancelled"),
        (sentence, *ended(facts)),
    )
    why = ((_("Why it was decided so"), decision),) if decision else ()
    return replace(words, rows=(*words.rows, *why))


def _coming(facts: OrderFacts) -> Words:
    sentence = _("%(customer)s expects %(service)s, %(when)s (%(duration)s).")
    if facts.appointment.status != Status.CONFIRMED:
        sentence = _(
            "%(customer)s has ordered %(service)s, %(when)s (%(duration)s), and still waits for "
            "your answer."
        )
    subject = _("Reminder: %(customer)s, %(what)s")
    return _to_provider(facts, subject, _("Soon to begin"), (sentence, *_place(facts)))


def _has_paid(facts: OrderFacts) -> Words:
    sentence = _("%(customer)s has paid %(paid)s for %(what)s.")
    subject, headline = _("Paid: %(customer)s, %(what)s"), _("An order was paid")
    return _to_provider(facts, subject, headline, (sentence,))


def _place(facts: OrderFacts) -> tuple[str, ...]:
    """Where to, where that is not at the provider's."""
    return (_("It is to be done here: %(where)s."),) if facts.comes_to_customer else ()


def _to_provider(
    facts: OrderFacts, subject: str, headline: str, sentences: tuple[str, ...]
) -> Words:
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=order_rows(facts, reason_row(facts)),
        link=facts.console,
        label=_("See the order"),
    )


TO_PROVIDERS: dict[Letter, Callable[[OrderFacts], Words]] = {
    Letter.ASKED: _asked,
    Letter.CONFIRMED: _given,
    Letter.RESCHEDULED: _moved,
    Letter.CANCELLED: _called_off,
    Letter.REMINDER: _coming,
    Letter.PAID: _has_paid,
}
