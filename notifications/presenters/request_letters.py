"""Letters about a wish to call an order off: to the side that is to answer, to both where something
has become of it, and to those who decide."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from appointments.models import RequestState, Side
from appointments.models.appointment import OVER
from notifications.models import Letter
from notifications.presenters.order_facts import OrderFacts
from notifications.presenters.order_letters import order_rows
from notifications.presenters.words import Rows, Words, put


def _asked(facts: OrderFacts) -> Words:
    wish = _("%(asker)s would like to call off %(what)s. Please answer by %(answer_before)s.")
    silence = _(
        "If you say no, or nothing until then, the people who look after this site decide. Until "
        "that is settled the order stands."
    )
    return put(
        facts,
        _("Please answer: to be called off, %(what)s"),
        _("Should this order be called off?"),
        (wish, *_if_agreed(facts), silence),
        rows=order_rows(facts, *_request_rows(facts)),
        link=facts.own_page,
        label=_("Answer now"),
    )


def _changed(facts: OrderFacts) -> Words:
    subject, headline, sentences = _what_became(facts)
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=order_rows(facts, *_request_rows(facts)),
        link=facts.own_page,
        label=_("See the order"),
    )


def _what_became(facts: OrderFacts) -> tuple[str, str, tuple[str, ...]]:
    state = facts.delivery.event.facts["state"]
    if state == RequestState.DISPUTED:
        later = _("Until then the order stands. You hear from us when it is decided.")
        headline = _("We decide whether it is called off")
        if facts.appointment.status in OVER:
            later = _("You hear from us when it is decided.")
            headline = _("We decide what goes back")
        return _("With us now: %(what)s"), headline, (_plain(facts.how_it_stands), later)
    if state == RequestState.TAKEN_BACK:
        sentence = _("%(asker)s no longer wants to call it off. The order stands as it was.")
        headline = _("It is not called off after all")
        return _("Not called off: %(what)s"), headline, (sentence,)
    if state == RequestState.STANDS:
        stands = _("The people who look after this site have decided that the order stands.")
        return _("Decided: %(what)s"), _("The order stands"), (stands, *_refund(facts))
    # Whoever runs the store has asked in the provider's name.
    sentence = _(
        "Your store has asked %(customer)s whether %(what)s can be called off. They answer by "
        "%(answer_before)s."
    )
    return _("Asked to be called off: %(what)s"), _("An order may be called off"), (sentence,)


def _refund(facts: OrderFacts) -> tuple[str, ...]:
    amount = Decimal(facts.delivery.event.facts["refund"])
    if not amount:
        return ()
    told = {"amount": facts.money(amount)}
    sentence = _("%(amount)s go back to the customer.")
    if facts.side == Side.CUSTOMER:
        sentence = _("%(amount)s go back the way you paid. You need not do anything.")
    return (_plain(sentence % told),)


def _dispute(facts: OrderFacts) -> Words:
    decide = _(
        "Both sides wait for a decision: whether it is called off, and how much of what was paid "
        "goes back."
    )
    paid = (_("Paid"), facts.paid)
    return put(
        facts,
        _("Please decide: %(number)s, %(what)s"),
        _("Two sides do not agree"),
        (_plain(facts.how_it_stands), *_if_agreed(facts), decide),
        rows=order_rows(facts, paid, (_("Asked by"), facts.asker), *_request_rows(facts)),
        link=facts.office,
        label=_("Look at the order"),
    )


def _if_agreed(facts: OrderFacts) -> tuple[str, ...]:
    if not facts.if_agreed:
        return ()
    told = _("If both agree: %(money)s") % {"money": facts.if_agreed}
    return (_plain(told),)


def _request_rows(facts: OrderFacts) -> Rows:
    return (
        (_("Why it should be called off"), facts.why),
        (_("Answer"), facts.answer),
        (_("Why it was decided so"), facts.decision),
    )


def _plain(sentence: str) -> str:
    """Filled in already."""
    return sentence.replace("%", "%%")


TO_SIDES: dict[Letter, Callable[[OrderFacts], Words]] = {
    Letter.CANCEL_ASKED: _asked,
    Letter.CANCEL_CHANGED: _changed,
}
TO_DECIDERS: dict[Letter, Callable[[OrderFacts], Words]] = {
    Letter.DISPUTE: _dispute,
}
