"""Answers of last resort: the envelope under /api, a page elsewhere."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from booking_site.common.api.envelope import error_body
from booking_site.common.errors import Forbidden, Invalid, NotFound


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        refusal = NotFound()
        return JsonResponse(error_body(refusal.code, str(refusal.message)), status=404)
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        refusal = Invalid()
        return JsonResponse(error_body(refusal.code, str(refusal.message)), status=400)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        refusal = Forbidden()
        return JsonResponse(error_body(refusal.code, str(refusal.message)), status=403)
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        sentence = _("Something broke on our side. Nothing was changed; please try again.")
        return JsonResponse(error_body("internal", sentence), status=500)
    # No context: neither the session nor the database may be asked for whoever this is.
    return HttpResponse(render_to_string("500.html"), status=500)


def _is_api(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith(("/api/", "/house/"))
