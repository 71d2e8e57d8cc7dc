"""The page on which a customer says how it was."""

from django.urls import path

# Makes the converter of booking codes known.
import appointments.urls  # noqa: F401
from reviews import views

app_name = "reviews"
urlpatterns = [
    path("appointments/<code:code>/review/", views.write, name="write"),
    path("stores/<int:store_id>/reviews/", views.of_store, name="of_store"),
    path("realtors/<int:realtor_id>/reviews/", views.of_realtor, name="of_realtor"),
    path("console/reviews/", views.in_console, name="console"),
]
