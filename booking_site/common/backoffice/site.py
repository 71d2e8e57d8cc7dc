"""Who may enter the back office, by what clock it speaks, and what its pages may run."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from .manager import Manager
from .recent import ask_again, note_presence, session_is_fresh

# The theme's scripts (Alpine) compile expressions, and its colours stand in a style element.
# Nothing else is loosened: no inline script, no other host.
LOOSENED = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
View = Callable[..., HttpResponseBase]


class BackOffice(UnfoldAdminSite):
    index_title = gettext_lazy("Today")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, and with STAFF_MFA_REQUIRED only after a second factor in this session."""
        return super().has_permission(request) and second_factor_given(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Every model with its rights and addresses, put together only when somebody reads it: each
        page is given this list, and our menu, which stands on all of them, is another."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_urls(self) -> list[Any]:
        """Without the shortcut from a row to its page on the site: ours have none."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                if not session_is_fresh(request):
                    return ask_again(request)
                note_presence(request)
            # Rendered here, because templates show and forms read times by this clock too.
            with timezone.override(Manager.of(request).zone):
                try:
                    response = inner(request, *args, **kwargs)
                    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                        response.render()
                except OverflowError as error:
                    return _without_filters(request, error)
            response._csp_replace = LOOSENED
            return response

        return wrapper

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The site's own sign-in page does it; from there staff go on to their second factor."""
        user = request.user
        if user.is_authenticated and user.is_staff and not second_factor_given(request):
            messages.warning(request, _("The back office needs your second factor."))
            enabled = is_mfa_enabled(user)
            return redirect("mfa_reauthenticate" if enabled else "mfa_activate_totp")
        return secure_admin_login(super().login)(request, extra_context=extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The account's own page does it, where wrong passwords are counted."""
        return redirect("account_change_password")


def _without_filters(request: HttpRequest, error: OverflowError) -> HttpResponse:
    """An id in the address that no database could hold is a bad filter like any other; Django says
    so on the list that it shows for ``e``."""
    if set(request.GET) <= {ERROR_FLAG}:
        raise Http404 from error
    return redirect(f"{request.path}?{ERROR_FLAG}=1")


def second_factor_given(request: HttpRequest) -> bool:
    """Whether a second factor is not asked for, or was given in this session."""
    if not settings.STAFF_MFA_REQUIRED:
        return True
    records = get_authentication_records(request, user=request.user)
    return any(record.get("method") == "mfa" for record in records)
