"""Photos of reviews, handed out one by one to who may see them."""

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.views.access import actor_for
from booking_site.common.callers import actor_of
from reviews.models import ReviewPhoto
from reviews.selectors import photo_for

# Not for longer: what an operator hides must be gone soon from where it was seen, too.
SECONDS = 600
# Only pixels ever get here; should a browser take them for something else, it may do nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"


@require_safe
def large(request: HttpRequest, key: str) -> HttpResponse:
    return _handed_out(_photo(request, key).picture)


@require_safe
def small(request: HttpRequest, key: str) -> HttpResponse:
    return _handed_out(_photo(request, key).small)


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


def _handed_out(file: FieldFile) -> HttpResponse:
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except OSError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
