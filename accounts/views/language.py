"""The language of the pages, and of what somebody signed in is told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.i18n import set_language

from accounts import services
from accounts.models import User
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction


def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's own view, which remembers it in this browser. An account remembers it, too:
    notifications, pushes and letters come in the language in which one reads the pages."""
    answer = set_language(request)
    code, user = request.POST.get("language"), request.user
    if isinstance(user, User) and code in dict(settings.LANGUAGES) and code != user.locale:
        by, at = actor_of(request), timezone.now()
        run_in_transaction(
            lambda: services.change_profile(user, changes={"locale": code}, by=by, at=at)
        )
    return answer
