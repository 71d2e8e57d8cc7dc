"""Home, stores, health."""

from django.conf import settings
from django.urls import path

from booking_site.site.views import home, stores, styleguide

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("stores/", stores.store_list, name="stores"),
    path("stores/<int:store_id>/", stores.store, name="store"),
    path("realtors/<int:realtor_id>/", stores.realtor, name="realtor"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [path("styleguide/", styleguide.styleguide, name="styleguide")]
