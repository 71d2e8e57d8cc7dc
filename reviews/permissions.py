"""Whose word it is, who may answer it, and who may take it out of sight."""

from appointments.errors import ProofRequired
from appointments.models import Appointment
from appointments.permissions import is_customer, is_staff
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden
from reviews.models import Review


def require_customer(by: Actor, appointment: Appointment) -> None:
    """The customer's alone. Not even the operator writes for them."""
    if not is_customer(by, appointment):
        raise ProofRequired if by.kind == ActorKind.GUEST else Forbidden


def may_answer(by: Actor, review: Review) -> bool:
    """Its realtor as long as they work there, whoever manages the store, the operator."""
    realtor = review.realtor
    own = by.user is not None and realtor.is_active and realtor.user_id == by.user.pk
    return own or is_staff(by, review.store)


def require_answering(by: Actor, review: Review) -> None:
    if not may_answer(by, review):
        raise Forbidden


def require_operator(by: Actor) -> None:
    """Whom a review displeases must not be who hides it: stores report, operators decide."""
    if by.kind == ActorKind.SYSTEM:
        return
    if by.user is None or not (by.user.is_active and by.user.is_superuser):
        raise Forbidden
