"""Whose word it is: the customer's alone. Not even the operator writes for them."""

from appointments.errors import ProofRequired
from appointments.models import Appointment
from appointments.permissions import is_customer
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden


def require_customer(by: Actor, appointment: Appointment) -> None:
    if not is_customer(by, appointment):
        raise ProofRequired if by.kind == ActorKind.GUEST else Forbidden
