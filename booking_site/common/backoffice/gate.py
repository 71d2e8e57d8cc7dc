"""Staff who must have a second factor use none of their rights before they have given it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from booking_site.common.api.envelope import error_body

from .site import second_factor_given


class SecondFactorFirst:
    """Not only the back office asks for it (STAFF_MFA_REQUIRED): a session that knows the password
    alone would otherwise read and cancel as staff on the pages and in the API. Apps give theirs
    when they sign in (accounts.services.prove_second_factor)."""

    # Where one signs in and sets it up, and what asks for it by itself.
    OPEN = ("/accounts/", "/admin/", "/static/", "/media/", "/health", "/metrics")
    API = ("/api/", "/house/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._lacks(request):
            return self.get_response(request)
        if request.path.startswith(self.API):
            told = _("The back office needs your second factor.")
            return JsonResponse(error_body("forbidden", told, {}), status=403)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    def _lacks(self, request: HttpRequest) -> bool:
        if not settings.STAFF_MFA_REQUIRED or request.path.startswith(self.OPEN):
            return False
        if SESSION_KEY not in request.session:
            return False
        user = request.user
        has_rights = user.is_authenticated and (user.is_staff or user.is_superuser)
        return has_rights and not second_factor_given(request)
