"""Pictures of listings, handed out one by one to who may see the listing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from booking_site.common.callers import actor_of
from booking_site.common.handing_out import picture_answer
from realtors.models import ListingPicture
from realtors.selectors import picture_for


@require_safe
def large(request: HttpRequest, key: str) -> HttpResponse:
    return picture_answer(_picture(request, key).picture)


@require_safe
def small(request: HttpRequest, key: str) -> HttpResponse:
    return picture_answer(_picture(request, key).small)


def _picture(request: HttpRequest, key: str) -> ListingPicture:
    picture = picture_for(key, actor_of(request))
    if picture is None:
        raise Http404
    return picture
