"""Who may set a realtor's hours and time off."""

from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden
from realtors.models import Realtor


def runs(by: Actor, realtor: Realtor) -> bool:
    """The realtor themself, managers of their store, operators, or the system itself."""
    if by.kind == ActorKind.SYSTEM:
        return True
    if by.user is None:
        return False
    return Realtor.objects.run_by(by.user).filter(pk=realtor.pk).exists()


def require_runner(by: Actor, realtor: Realtor) -> None:
    if not runs(by, realtor):
        raise Forbidden
