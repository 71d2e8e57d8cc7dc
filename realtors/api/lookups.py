"""From ids in paths, queries and bodies to realtors the caller may see."""

from rest_framework.request import Request

from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.callers import actor_of
from realtors.models import Realtor, TimeOff
from realtors.permissions import require_runner
from realtors.selectors import realtors_visible_to


def realtor_of(request: Request, realtor_id: str) -> Realtor:
    """Raises NotFound, also for what is no id."""
    rows = realtors_visible_to(request.user).select_related("store")
    realtor = rows.filter(pk=row_id(realtor_id)).first()
    if realtor is None:
        raise not_there()
    return realtor


def own_realtor_of(request: Request, realtor_id: str) -> Realtor:
    """One whose private affairs the caller may see. Raises NotFound, Forbidden."""
    realtor = realtor_of(request, realtor_id)
    require_runner(actor_of(request), realtor)
    return realtor


def time_off_of(realtor: Realtor, off_id: str) -> TimeOff:
    """Raises NotFound, also for another realtor's."""
    off = TimeOff.objects.filter(realtor=realtor, pk=row_id(off_id)).first()
    if off is None:
        raise not_there()
    off.realtor = realtor
    return off
