"""Who may open the console: whoever is signed in and works somewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User, UserType
from appointments.views.guards import counted, kind_refusals, private
from realtors.models import Realtor
from realtors.selectors import own_realtor

HOME = "appointments:console:today"
# In the session of accounts that are no provider's by their type and yet work somewhere.
KEY = "console"
RealtorView = Callable[..., HttpResponse]
View = Callable[..., HttpResponse]


def for_realtor(view: RealtorView) -> View:
    """Hands the visitor's own realtor, with the store, to ``view``. Who is not signed in is asked
    to; whoever works nowhere hears what this place is."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login(request)
        realtor = own_realtor(request.user)
        if realtor is None:
            return render(request, "console/nobody.html", status=403)
        if not has_console(request):
            request.session[KEY] = True
        return view(request, realtor, *args, **kwargs)

    return guarded


def has_console(request: HttpRequest) -> bool:
    """Whether to lead this visitor here, on every page and without a query: providers by their
    type, others whom a store has made its realtor once they have been here."""
    user = request.user
    return isinstance(user, User) and (
        user.user_type == UserType.PROVIDER or bool(request.session.get(KEY))
    )


def page(view: RealtorView) -> View:
    """A page that is only looked at."""
    return require_safe(private(kind_refusals(for_realtor(view))))


def form_page(view: RealtorView) -> View:
    """A page with a form that is sent back to it."""
    guarded = private(kind_refusals(counted(for_realtor(view))))
    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def button(view: RealtorView) -> View:
    """Where a button of the first page leads. Loaded as a page, it leads back there."""

    @wraps(view)
    def pressed(request: HttpRequest, realtor: Realtor, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect(HOME)
        return view(request, realtor, *args, **kwargs)

    return form_page(pressed)


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # Only a part was asked for, and the login page is no part: load the whole page anew.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    # Buttons lead to the page they stand on.
    after = request.get_full_path() if request.method != "POST" else reverse(HOME)
    return redirect_to_login(after)
