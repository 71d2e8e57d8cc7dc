"""Document 1's call that reminds of a reservation, beside those of appointments."""

from django.urls import path

from .views.reminding import RemindView

urlpatterns = [
    path("<str:reservation_id>/remind", RemindView.as_view()),
]
