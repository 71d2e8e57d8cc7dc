"""Document 1's calls on houses that people see, at its own paths."""

from django.urls import path

from .views.reservations import (
    CancelReservationView,
    ConfirmReservationView,
    RejectReservationView,
    ReservationFeedbackView,
    ReservationsView,
    ReservationView,
    ReserveView,
)

RESERVATION = "api/reservations/<str:reservation_id>"

urlpatterns = [
    path("house/reserve", ReserveView.as_view()),
    path("api/reservations", ReservationsView.as_view()),
    path(RESERVATION, ReservationView.as_view()),
    path(f"{RESERVATION}/confirm", ConfirmReservationView.as_view()),
    path(f"{RESERVATION}/reject", RejectReservationView.as_view()),
    path(f"{RESERVATION}/cancel", CancelReservationView.as_view()),
    path(f"{RESERVATION}/feedback", ReservationFeedbackView.as_view()),
]
