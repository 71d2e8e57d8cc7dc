"""Home, search, stores and the people in them."""

from django.conf import settings
from django.urls import path

from booking_site.site.views import home, realtor, store, stores, styleguide, suggestions, tryout

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/suggestions", suggestions.suggestions, name="suggestions"),
    path("stores/", stores.store_list, name="stores"),
    path("stores/<int:store_id>/", store.store, name="store"),
    path("realtors/<int:realtor_id>/", realtor.realtor, name="realtor"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("web/index.html", tryout.tryout, name="tryout"),
    ]
