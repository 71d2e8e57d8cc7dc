"""A realtor's calendar for their own calendar application. The secret in the address is all that
such an application can give, so the address is logged nowhere and every answer is the same size of
work whether it opens something or not."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.models import CalendarFeed
from appointments.selectors.feeds import feed_file, find_feed
from appointments.services.feeds import note_read
from booking_site.common.callers import address_of
from booking_site.common.errors import NotFound, TooMany
from booking_site.common.limits import Limit, digest, network_of, use_up

log = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MISSES = (Limit("feed-miss", 20, MINUTE), Limit("feed-miss", 200, HOUR))
# Several applications of one person, each every few minutes.
READS = Limit("feed-read", 120, HOUR)


def unlogged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Django writes the path of what failed into the log; here the path is the secret. So nothing
    is let out that it would write about, and what failed is logged by its kind alone."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except Exception as error:
            log.error("a calendar feed could not be written: %s", type(error).__name__)
            response = HttpResponse(status=503, headers={"Retry-After": "300"})
        response._has_been_logged = True  # type: ignore[attr-defined]
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@unlogged
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    try:
        found = _found(request, token)
        use_up([(READS, str(found.pk))], at=at)
    except NotFound:
        return HttpResponse(status=404)
    except TooMany as refusal:
        return HttpResponse(status=429, headers={"Retry-After": str(refusal.retry_after)})
    site = request.build_absolute_uri("/").rstrip("/")
    body = feed_file(found, site=site, at=at)
    note_read(found, at=at)
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="yuejian.ics"'},
    )


def _found(request: HttpRequest, token: str) -> CalendarFeed:
    """Raises NotFound, or TooMany after many misses from one network."""
    try:
        return find_feed(token)
    except NotFound:
        network = digest(network_of(address_of(request)))
        use_up([(limit, network) for limit in MISSES], at=timezone.now())
        raise
