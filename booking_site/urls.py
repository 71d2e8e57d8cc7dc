"""Every door of the site: pages, the API's families, the back office."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.views.language import choose_language
from booking_site.site.views.media import media_file

appointment_family = [
    path("", include("stores.api.urls")),
    path("", include("realtors.api.urls")),
    path("", include("appointments.api.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("booking_site.site.urls")),
    path("", include("appointments.urls")),
    path("", include("realtors.urls")),
    path("", include("payments.urls")),
    path("", include("reviews.urls")),
    path("chat/", include("chat.urls")),
    path("chat/files/", include("chat.file_urls")),
    path("notifications/", include("notifications.urls")),
    path("accounts/", include("accounts.urls")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("booking_site.site.api_urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("stores.api.tenant_urls")),
    path("api/v1/", include("realtors.api.listing_urls")),
    path("api/v1/", include("realtors.api.service_urls")),
    path("api/v1/", include("payments.api.urls")),
    path("api/v1/", include("appointments.api.course_urls")),
    path("api/v1/", include("appointments.api.order_urls")),
    path("api/v1/boarding/", include("appointments.api.boarding_urls")),
    path("", include("appointments.api.viewing_urls")),
    path("api/v1/", include("reviews.api.urls")),
    path("api/v1/chat/", include("chat.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    path("api/websocket/", include("notifications.api.realtime_urls")),
    path("api/reservations/", include("notifications.api.reservation_urls")),
    path("house/", include("realtors.api.house_urls")),
    path("api/v1/appointment/", include(appointment_family)),
]

if settings.DEMO or settings.DEBUG:
    # In production the proxy serves them. Django's own helper for this does nothing without DEBUG.
    media = settings.MEDIA_URL.lstrip("/")
    urlpatterns += [path(f"{media}<path:path>", media_file, name="media")]

handler400 = "booking_site.site.views.errors.bad_request"
handler403 = "booking_site.site.views.errors.forbidden"
handler404 = "booking_site.site.views.errors.not_found"
handler500 = "booking_site.site.views.errors.server_error"
