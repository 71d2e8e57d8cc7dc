"""What is due becomes a payment: one for all that is paid in one go."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.errors import HoldExpired, InvalidTransition
from appointments.models import Appointment
from appointments.permissions import require_customer_or_staff
from appointments.selectors.sessions import due_together
from appointments.services.pools import lock_pool
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, NotFound
from payments.gateways import gateway_named
from payments.models import Payment, PaymentShare, PaymentState, new_number
from payments.rules import FIRST_LOOK

LONGEST_SUBJECT = 100
# What has no time to be paid by: an order that is confirmed. Then another payment is opened.
OPEN_FOR = timedelta(minutes=30)


@transaction.atomic
def open_payment(
    appointment: Appointment, *, gateway: str, by: Actor, at: datetime
) -> tuple[Payment, bool]:
    """The open payment of what is due, and whether it is a new one. How much it is, the bookings
    say and nobody else. With another gateway than before, or after its time, the one before is
    closed.

    Raises ProofRequired, Forbidden, Invalid for a gateway that is not offered, InvalidTransition
    where nothing is due, HoldExpired.
    """
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_customer_or_staff(by, appointment)
    _require_offered(gateway, appointment.currency)
    together = due_together(appointment)
    if not together:
        raise InvalidTransition
    if any(one.awaits_payment and not _is_in_time(one, at) for one in together):
        raise HoldExpired
    key = _key_of(appointment)
    before = Payment.objects.with_parts().filter(open_key=key).first()
    if before is not None and before.gateway == gateway and before.expires_at > at:
        return before, False
    if before is not None:
        close(before, at=at)
    return _new(appointment, together, gateway=gateway, key=key, at=at), True


def close(payment: Payment, *, at: datetime) -> bool:
    """Our word for it, and the gateway is told with the next round; should it be paid there all the
    same, the money goes back. False when it was not open any more."""
    open_ones = Payment.objects.filter(pk=payment.pk, status=PaymentState.OPEN)
    there = None if payment.opened_at is None else at
    return bool(
        open_ones.update(status=PaymentState.CLOSED, open_key=None, next_look_at=there, looks=0)
    )


def _new(
    appointment: Appointment, together: list[Appointment], *, gateway: str, key: str, at: datetime
) -> Payment:
    payment = Payment.objects.create(
        number=new_number(),
        user=appointment.user,
        store_id=appointment.store_id,
        gateway=gateway,
        amount=sum((one.due_now for one in together), Decimal(0)),
        currency=appointment.currency,
        subject=_subject(appointment)[:LONGEST_SUBJECT],
        open_key=key,
        expires_at=min(one.pay_before or at + OPEN_FOR for one in together),
        next_look_at=at + FIRST_LOOK,
        created_at=at,
    )
    PaymentShare.objects.bulk_create(
        PaymentShare(payment=payment, appointment=one, amount=one.due_now) for one in together
    )
    return payment


def _subject(appointment: Appointment) -> str:
    """What stands on the gateway's page, in the language of whoever pays."""
    listing = appointment.listing
    title = listing.title if listing is not None else appointment.store.name
    if not appointment.is_stay:
        return title
    nights = appointment.nights
    text = ngettext("%(count)d night at %(place)s", "%(count)d nights at %(place)s", nights)
    return text % {"count": nights, "place": title}


def _is_in_time(appointment: Appointment, at: datetime) -> bool:
    return appointment.pay_before is not None and at < appointment.pay_before


def _key_of(appointment: Appointment) -> str:
    if appointment.package_id is not None:
        return f"p:{appointment.package_id}"
    return f"a:{appointment.pk}"


def _require_offered(name: str, currency: str) -> None:
    try:
        if gateway_named(name).takes(currency):
            return
    except NotFound:
        pass
    raise Invalid(errors={"gateway": [_("This cannot be paid that way.")]})
