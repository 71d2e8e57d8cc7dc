"""Every door of the site: pages, the API's families, the back office."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

appointment_family = [
    path("", include("stores.api.urls")),
    path("", include("realtors.api.urls")),
    path("", include("appointments.api.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("booking_site.site.urls")),
    path("", include("appointments.urls")),
    path("accounts/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include("booking_site.site.api_urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/appointment/", include(appointment_family)),
]

if settings.DEMO or settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

handler400 = "booking_site.site.views.errors.bad_request"
handler404 = "booking_site.site.views.errors.not_found"
handler500 = "booking_site.site.views.errors.server_error"
