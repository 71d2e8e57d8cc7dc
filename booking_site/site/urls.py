"""Home, search, stores, the people in them and what they offer."""

from django.conf import settings
from django.urls import path

from booking_site.site.views import (
    home,
    listing,
    listings,
    place,
    realtor,
    recommended,
    saved,
    store,
    stores,
    styleguide,
    suggestions,
    tryout,
    viewing,
)

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/suggestions", suggestions.suggestions, name="suggestions"),
    path("stores/", stores.store_list, name="stores"),
    path("stores/<int:store_id>/", store.store, name="store"),
    path("stores/<int:store_id>/listings/", listings.of_store, name="offers"),
    path("realtors/<int:realtor_id>/", realtor.realtor, name="realtor"),
    path("houses/", listings.listing_list, {"kind": "house"}, name="houses"),
    path("houses/for-you/", recommended.for_you, {"kind": "house"}, name="for_you"),
    path("houses/for-you/part", recommended.part, name="for_you_part"),
    path("houses/<int:house_id>/viewing/", viewing.viewing, name="viewing"),
    path("courses/", listings.listing_list, {"kind": "course"}, name="courses"),
    path("boarding/", listings.listing_list, {"kind": "boarding"}, name="boarding"),
    path("services/", listings.listing_list, {"kind": "service"}, name="services"),
    path("services/for-you/", recommended.for_you, {"kind": "service"}, name="services_for_you"),
    path("place/", place.keep, name="keep_place"),
    path("saved/", saved.saved, name="saved"),
    path("listings/<int:listing_id>/save/", saved.save, name="save"),
    path("listings/<int:listing_id>/", listing.listing, name="listing"),
]

if settings.DEBUG or settings.DEMO:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("web/index.html", tryout.tryout, name="tryout"),
    ]
