"""Letters to whoever orders a service."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from appointments.models import RequestState, Status, SystemReason
from appointments.presenters import order_words
from notifications.models import Letter
from notifications.presenters.dues import money_back
from notifications.presenters.order_facts import OrderFacts
from notifications.presenters.words import Rows, Words, put, reason_row


def _to_pay(facts: OrderFacts) -> Words:
    sentence = _(
        "Please pay %(due)s by %(pay_by)s, and it is confirmed. If that does not suit you, you "
        "need not do anything: then somebody else gets the time, and it costs you nothing."
    )
    return put(
        facts,
        _("Please pay by %(pay_by)s: %(what)s"),
        _("Your order is kept until %(pay_by)s") % {"pay_by": facts.pay_by},
        (sentence, *_on_the_spot(facts)),
        rows=order_rows(facts, _due_row(facts)),
        link=facts.pay_page,
        label=_("Pay now"),
    )


def _booked(facts: OrderFacts) -> Words:
    if facts.appointment.status == Status.CONFIRMED:
        return _confirmed(facts)
    subject = _("We have your order: %(what)s")
    return _to_customer(facts, subject, _("Your order is in"), _standing(facts))


def _confirmed(facts: OrderFacts) -> Words:
    subject, headline = _("Confirmed: %(what)s"), _("Your order is confirmed")
    sentences = _standing(facts)
    if not facts.is_due:
        return _to_customer(facts, subject, headline, sentences + _on_the_spot(facts))
    pay = _(
        "Please pay %(due)s when it suits you: now, or when the work is done. The page of the "
        "order always shows how it stands."
    )
    return put(
        facts,
        subject,
        headline,
        (*sentences, pay, *_on_the_spot(facts)),
        rows=order_rows(facts, _due_row(facts)),
        link=facts.pay_page,
        label=_("Pay now"),
    )


def _other_provider(facts: OrderFacts) -> Words:
    subject, headline = _("Somebody else comes: %(what)s"), _("Another provider does it")
    if not facts.provider:
        sentence = _("%(realtor_before)s cannot do it. We are looking for somebody else.")
        return _to_customer(facts, subject, headline, (sentence,))
    sentence = _("%(realtor_before)s cannot do it. %(provider)s takes it over.")
    return _to_customer(facts, subject, headline, (sentence, *_standing(facts)))


def _rescheduled(facts: OrderFacts) -> Words:
    moved = _("It was %(moved_from)s and is now %(when)s.")
    headline = _("Your order has moved to another time")
    return _to_customer(facts, _("Moved: %(what)s"), headline, (moved, *_standing(facts)))


def _cancelled(facts: OrderFacts) -> Words:
    subject, headline = _("Cancelled: %(what)s"), _("Your order was cancelled")
    sentences = (_("Your order of %(service)s, %(when)s, was cancelled."), *ended(facts))
    reason = reason_row(facts)
    if facts.reason_code == SystemReason.NOT_PAID:
        subject, headline = _("Not kept any longer: %(what)s"), _("Your order was not kept")
        not_paid = _(
            "It was not paid in time, so somebody else can have the time now. It costs you "
            "nothing. If you still would like it, you are welcome to order again."
        )
        sentences, reason = (not_paid,), ("", "")
    return put(
        facts,
        subject,
        headline,
        (*sentences, *money_back(facts)),
        rows=order_rows(facts, reason, (_("Why it was decided so"), _decision(facts))),
        link=facts.service_page,
        label=_("Order it again"),
    )


def _reminded(facts: OrderFacts) -> Words:
    cannot = _(
        "If something has come in between, please say so on the page of the order as soon as you "
        "can."
    )
    headline = _("Soon to begin")
    return _to_customer(facts, _("Reminder: %(what)s"), headline, (*_standing(facts), cannot))


def _how_was_it(facts: OrderFacts) -> Words:
    why = _(
        "A few stars and a sentence help others to choose, and those who work there to get better. "
        "It takes a minute."
    )
    unpaid = _("It is still to be paid: %(due)s. The page of the order says how.")
    done = _("%(provider)s has finished %(service)s, %(when)s.")
    return put(
        facts,
        _("How was %(service)s?"),
        _("How was it?"),
        (done, why, unpaid) if facts.is_due else (done, why),
        rows=order_rows(facts),
        link=facts.review_page,
        label=_("Say how it was"),
    )


def _standing(facts: OrderFacts) -> tuple[str, ...]:
    """How things stand, and what happens next."""
    if facts.appointment.awaits_payment:
        return (_("Please pay %(due)s by %(pay_by)s, and it is confirmed."),)
    if facts.appointment.status == Status.PENDING:
        asked = _(
            "The time is kept for you. %(provider)s has been asked and will confirm it; you need "
            "not do anything. Until then you can call it off alone, and nothing is to be paid."
        )
        return (asked, *proposal(facts))
    if facts.comes_to_customer:
        return (_("%(provider)s comes to you %(when)s: %(where)s."),)
    return (_("%(provider)s expects you %(when)s: %(where)s."),)


def _to_customer(
    facts: OrderFacts, subject: str, headline: str, sentences: tuple[str, ...]
) -> Words:
    return put(
        facts,
        subject,
        headline,
        sentences,
        rows=order_rows(facts, reason_row(facts)),
        link=facts.page,
        label=_("See or change the order"),
    )


def _due_row(facts: OrderFacts) -> tuple[str, str]:
    return _("To be paid now"), facts.due if facts.due != facts.cost else ""


def _on_the_spot(facts: OrderFacts) -> tuple[str, ...]:
    return (_("The rest, %(on_the_spot)s, is paid there."),) if facts.on_the_spot else ()


def _decision(facts: OrderFacts) -> str:
    return facts.decision if facts.decided is not None else ""


# --- Said to both sides


def order_rows(facts: OrderFacts, *more: tuple[str, str]) -> Rows:
    note = facts.appointment.requirements or facts.appointment.customer_note
    rows = (
        (_("Order number"), facts.number),
        (_("Service"), facts.service),
        (_("When"), facts.hours),
        (_("Where"), facts.where),
        (_("Provider"), facts.provider),
        (_("Customer"), facts.customer),
        (_("Amount"), "" if facts.is_free else facts.amount),
        (_("Note"), note),
        *more,
    )
    return tuple((name, value) for name, value in rows if value)


def proposal(facts: OrderFacts) -> tuple[str, ...]:
    """To be filled in like every sentence: what it says already holds nothing to fill in."""
    sentence = order_words.proposal_sentence(facts.appointment)
    return (sentence.replace("%", "%%"),) if sentence else ()


def ended(facts: OrderFacts) -> tuple[str, ...]:
    """Who has decided that, where it was neither side alone."""
    request = facts.decided
    if request is None:
        return ()
    if request.state == RequestState.AGREED:
        return (_("Both sides agreed to call it off."),)
    return (_("It was called off by the people who look after this site."),)


TO_CUSTOMERS: dict[Letter, Callable[[OrderFacts], Words]] = {
    Letter.TO_PAY: _to_pay,
    Letter.BOOKED: _booked,
    Letter.CONFIRMED: _confirmed,
    Letter.REALTOR_CHANGED: _other_provider,
    Letter.RESCHEDULED: _rescheduled,
    Letter.CANCELLED: _cancelled,
    Letter.REMINDER: _reminded,
    Letter.HOW_WAS_IT: _how_was_it,
}
