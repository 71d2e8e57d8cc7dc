"""Letters about money: receipts, what failed, and what goes back."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from appointments.models import Status
from notifications.models import Letter
from notifications.presenters.money_facts import MoneyFacts
from notifications.presenters.words import Rows, Words
from payments.models import RefundReason


def _received(facts: MoneyFacts) -> Words:
    if not facts.counted:
        return _not_counted(facts)
    sentences = [_("We have received %(amount)s. Thank you.") % {"amount": facts.amount}]
    if facts.appointment.status == Status.PENDING:
        asked = _(
            "%(realtor)s has been asked and will confirm it. Should the answer be no, all of it "
            "goes back to you."
        )
        sentences.append(asked % {"realtor": facts.realtor})
    return Words(
        subject=_("Payment received: %(amount)s") % {"amount": facts.amount},
        headline=_("Payment received"),
        sentences=tuple(sentences),
        rows=_receipt(facts),
        link=facts.page,
        label=_see(facts),
    )


def _not_counted(facts: MoneyFacts) -> Words:
    why = _(
        "Your payment of %(amount)s came when the place was no longer kept. All of it goes back "
        "the way you paid; you need not do anything."
    )
    if facts.appointment.is_order:
        why = _(
            "Your payment of %(amount)s came when the order had been called off. All of it goes "
            "back the way you paid; you need not do anything."
        )
    if facts.paid_twice:
        why = _(
            "It was paid already, so this payment of %(amount)s goes back the way you paid; you "
            "need not do anything."
        )
    return Words(
        subject=_("Your payment goes back: %(amount)s") % {"amount": facts.amount},
        headline=_("Your payment goes back"),
        sentences=(why % {"amount": facts.amount},),
        rows=_receipt(facts),
        link=facts.page,
        label=_see(facts),
    )


def _see(facts: MoneyFacts) -> str:
    return _("See the order") if facts.appointment.is_order else _("See the booking")


def _receipt(facts: MoneyFacts) -> Rows:
    payment = facts.payment
    rows = (
        (_("Amount"), facts.amount),
        (_("For"), facts.payment.subject),
        (_("When"), facts.hours if facts.sessions < 2 else ""),
        (_("Sessions"), str(facts.sessions) if facts.sessions > 1 else ""),
        (_("Paid to"), facts.where),
        (_("Paid on"), facts.paid_on),
        (_("Order number"), facts.order_number),
        (_("Number of the payment"), payment.number),
    )
    return tuple((name, value) for name, value in rows if value)


def _failed(facts: MoneyFacts) -> Words:
    told = {"amount": facts.amount, "pay_by": facts.pay_by}
    again = _(
        "Your payment of %(amount)s did not go through, and nothing was taken. The place is kept "
        "until %(pay_by)s; please try again, or another way."
    )
    if not facts.pay_by:
        again = _(
            "Your payment of %(amount)s did not go through, and nothing was taken. Please try "
            "again, or another way."
        )
    return Words(
        subject=_("Your payment did not go through"),
        headline=_("Your payment did not go through"),
        sentences=(again % told,),
        rows=((_("Amount"), facts.amount), (_("For"), facts.payment.subject)),
        link=facts.pay_page,
        label=_("Pay now"),
    )


def _refunded(facts: MoneyFacts) -> Words:
    refund, is_order = facts.refund, facts.appointment.is_order
    why = {
        RefundReason.CANCELLED: _("The order was called off.")
        if is_order
        else _("The booking was called off."),
        RefundReason.TOO_LATE: _("The payment came when the order had been called off.")
        if is_order
        else _("The payment came when the place was no longer kept."),
        RefundReason.PAID_TWICE: _("It had been paid already."),
        RefundReason.STAFF: _("%(store)s has sent it back.") % {"store": facts.store},
        RefundReason.OUTSIDE: _("%(store)s has sent it back.") % {"store": facts.store},
        RefundReason.DISPUTE: _("The people who look after this site have decided so."),
    }[RefundReason(refund.reason)]
    sent = _(
        "%(amount)s are on their way to where the payment came from. It can take some days until "
        "you see them there."
    )
    payment = refund.share.payment
    rows = (
        (_("Amount"), facts.given_back),
        (_("For"), payment.subject),
        (_("Why"), why),
        (_("In their words"), refund.words),
        (_("Number of the refund"), refund.number),
        (_("Number of the payment"), payment.number),
    )
    return Words(
        subject=_("Money sent back: %(amount)s") % {"amount": facts.given_back},
        headline=_("Your money goes back"),
        sentences=(why, sent % {"amount": facts.given_back}),
        rows=tuple((name, value) for name, value in rows if value),
        link=facts.page,
        label=_see(facts),
    )


def _stuck(facts: MoneyFacts) -> Words:
    refund = facts.refund
    stuck = _(
        "%(amount)s should go back to a customer, and the payment service has not taken the order. "
        "Please look at it, and send it again or pay it back another way."
    )
    rows = (
        (_("Amount"), facts.given_back),
        (_("Store"), facts.store),
        (_("What went wrong"), refund.last_error),
        (_("Number of the refund"), refund.number),
        (_("Number of the payment"), refund.share.payment.number),
    )
    return Words(
        subject=_("A refund needs you: %(amount)s") % {"amount": facts.given_back},
        headline=_("A refund needs a person"),
        sentences=(stuck % {"amount": facts.given_back},),
        rows=tuple((name, value) for name, value in rows if value),
        link=facts.refund_in_office,
        label=_("Look at the refund"),
    )


TO_CUSTOMERS: dict[Letter, Callable[[MoneyFacts], Words]] = {
    Letter.RECEIPT: _received,
    Letter.PAYMENT_FAILED: _failed,
    Letter.REFUNDED: _refunded,
}
TO_MANAGERS: dict[Letter, Callable[[MoneyFacts], Words]] = {
    Letter.REFUND_STUCK: _stuck,
}
