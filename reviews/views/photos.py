"""Photos of reviews, handed out one by one to who may see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.views.access import actor_for
from booking_site.common.callers import actor_of
from booking_site.common.handing_out import picture_answer
from reviews.models import ReviewPhoto
from reviews.selectors import photo_for


@require_safe
def large(request: HttpRequest, key: str) -> HttpResponse:
    return picture_answer(_photo(request, key).picture)


@require_safe
def small(request: HttpRequest, key: str) -> HttpResponse:
    return picture_answer(_photo(request, key).small)


def _photo(request: HttpRequest, key: str) -> ReviewPhoto:
    by = actor_of(request)
    photo = photo_for(key, by)
    if photo is None:
        found = ReviewPhoto.objects.select_related("appointment__store").filter(key=key).first()
        # A guest who has proven that the booking is theirs.
        known = found and actor_for(request, found.appointment, timezone.now())
        photo = photo_for(key, known) if known else None
    if photo is None:
        raise Http404
    return photo
