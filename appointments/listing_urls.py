"""The part of the console in which somebody writes what they offer."""

from django.urls import path

from appointments.views.console import listings

urlpatterns = [
    path("", listings.listings, name="listings"),
    path("new/<slug:kind>/", listings.new_listing, name="new_listing"),
    path("<int:listing_id>/", listings.listing, name="listing"),
    path("<int:listing_id>/publish/", listings.publish, name="publish_listing"),
    path("<int:listing_id>/withdraw/", listings.withdraw, name="withdraw_listing"),
    path("<int:listing_id>/pictures/", listings.add_picture, name="add_picture"),
    path("<int:listing_id>/pictures/<slug:key>/", listings.change_picture, name="change_picture"),
]
