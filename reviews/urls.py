"""The pages on which customers say how it was, others read it, and realtors answer."""

from django.urls import path

# Makes the converter of booking codes known.
import appointments.urls  # noqa: F401
from reviews.views import console, photos, reading, reporting, writing

app_name = "reviews"
urlpatterns = [
    path("appointments/<code:code>/review/", writing.write, name="write"),
    path("stores/<int:store_id>/reviews/", reading.of_store, name="of_store"),
    path("realtors/<int:realtor_id>/reviews/", reading.of_realtor, name="of_realtor"),
    path("listings/<int:listing_id>/reviews/", reading.of_listing, name="of_listing"),
    path("reviews/<int:review_id>/report/", reporting.report, name="report"),
    path("reviews/photos/<slug:key>.jpg", photos.large, name="photo"),
    path("reviews/photos/<slug:key>/small.jpg", photos.small, name="photo_small"),
    path("console/reviews/", console.reviews, name="console"),
    path("console/reviews/<int:review_id>/reply/", console.reply, name="reply"),
]
