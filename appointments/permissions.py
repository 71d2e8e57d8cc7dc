"""Who may do what to an appointment. Every service asks here, whatever door was used."""

from appointments.errors import ProofRequired
from appointments.models import Appointment, Side
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden
from stores.models import Store


def is_customer(by: Actor, appointment: Appointment) -> bool:
    if by.user is not None:
        return appointment.user_id is not None and appointment.user_id == by.user.pk
    return by.proven_appointment_id == appointment.pk


def is_provider(by: Actor, appointment: Appointment) -> bool:
    realtor = appointment.realtor
    return by.user is not None and realtor is not None and realtor.user_id == by.user.pk


def is_staff(by: Actor, store: Store) -> bool:
    """Manager of this store, operator, or the system itself."""
    if by.kind == ActorKind.SYSTEM:
        return True
    if by.user is None or not (by.user.is_staff or by.user.is_superuser):
        return False
    return Store.objects.managed_by(by.user).filter(pk=store.pk).exists()


def require_party(by: Actor, appointment: Appointment) -> None:
    """The customer (a guest with proof), its realtor, or staff."""
    if is_customer(by, appointment) or is_provider(by, appointment):
        return
    if not is_staff(by, appointment.store):
        raise ProofRequired if by.kind == ActorKind.GUEST else Forbidden


def require_customer_or_staff(by: Actor, appointment: Appointment) -> None:
    if not is_customer(by, appointment) and not is_staff(by, appointment.store):
        raise ProofRequired if by.kind == ActorKind.GUEST else Forbidden


def require_provider_or_staff(by: Actor, appointment: Appointment) -> None:
    if not is_provider(by, appointment) and not is_staff(by, appointment.store):
        raise Forbidden


def bound_by_cutoff(by: Actor, appointment: Appointment) -> bool:
    """Customers keep to the cutoff of the policy they booked under; staff and realtors need not."""
    return not is_provider(by, appointment) and not is_staff(by, appointment.store)


def decides(by: Actor) -> bool:
    """Whoever looks after the whole site. Who runs a store is a side of its orders."""
    return by.user is not None and by.user.is_superuser and by.user.is_active


def decides_on(by: Actor, appointment: Appointment) -> bool:
    """Nobody is a judge of what they ordered or do themselves."""
    is_party = is_customer(by, appointment) or is_provider(by, appointment)
    return decides(by) and not is_party


def side_of(by: Actor, appointment: Appointment) -> Side | None:
    """For whom they speak; None for strangers and for those who decide."""
    if is_customer(by, appointment):
        return Side.CUSTOMER
    if is_provider(by, appointment):
        return Side.PROVIDER
    if not decides(by) and is_staff(by, appointment.store):
        return Side.PROVIDER
    return None
