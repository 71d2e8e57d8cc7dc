"""Money of the demo: paid at the built-in gateway, which takes none."""

from datetime import datetime
from functools import partial

from django.conf import settings

from appointments.models import Appointment
from appointments.selectors.sessions import due_together
from appointments.services import note_paid
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from payments.gateways import Way, gateway_named
from payments.gateways.sandbox import press
from payments.models import ChargeState, Payment, SandboxCharge
from payments.services import apply_state, open_payment, visit
from payments.timed import send_due_refunds

SANDBOX = "sandbox"
WAY = Way(return_url="/", notify_url="/")


def pay(appointment: Appointment, *, by: Actor, at: datetime) -> None:
    """What is due of it, with its package. Where the sandbox is not in use it is merely noted."""
    if SANDBOX not in settings.PAYMENT_GATEWAYS:
        for one in due_together(appointment):
            run_in_transaction(partial(note_paid, one, at=at))
        return
    opening = partial(open_payment, appointment, gateway=SANDBOX, by=by, at=at)
    payment, _is_new = run_in_transaction(opening)
    visit(payment, WAY, at=at)
    press(SandboxCharge.objects.get(number=payment.number), ChargeState.PAID)
    run_in_transaction(partial(_count, payment, at))


def send_back(*, at: datetime) -> None:
    send_due_refunds(at=at)


def _count(payment: Payment, at: datetime) -> None:
    apply_state(payment, gateway_named(payment.gateway).look_up(payment), at=at)
