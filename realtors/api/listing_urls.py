from django.urls import path

from .views.listing_pictures import ListingPicturesView, ListingPictureView
from .views.listings import (
    CategoriesView,
    ListingsView,
    ListingView,
    PublishView,
    WithdrawView,
)
from .views.saved import SavedListingsView, SavedListingView

urlpatterns = [
    path("categories", CategoriesView.as_view()),
    path("listings", ListingsView.as_view()),
    path("listings/<str:listing_id>", ListingView.as_view()),
    path("listings/<str:listing_id>/saved", SavedListingView.as_view()),
    path("listings/<str:listing_id>/publish", PublishView.as_view()),
    path("listings/<str:listing_id>/withdraw", WithdrawView.as_view()),
    path("listings/<str:listing_id>/pictures", ListingPicturesView.as_view()),
    path("listings/<str:listing_id>/pictures/<str:picture_key>", ListingPictureView.as_view()),
    path("me/saved", SavedListingsView.as_view()),
]
