"""Document 2's calls on boarding, under /api/v1/boarding/."""

from django.urls import path

from .views.boarding_bookings import (
    AbsentStayView,
    CancelStayView,
    CheckInView,
    CheckOutView,
    ConfirmStayView,
    DeclineStayView,
    MoveStayView,
    StaysView,
    StayView,
)
from .views.boarding_services import BoardingServicesView, BoardingServiceView

STAY = "bookings/<str:stay_id>"

urlpatterns = [
    path("services", BoardingServicesView.as_view()),
    path("services/<str:place_id>", BoardingServiceView.as_view()),
    path("bookings", StaysView.as_view()),
    path(STAY, StayView.as_view()),
    path(f"{STAY}/confirm", ConfirmStayView.as_view()),
    path(f"{STAY}/decline", DeclineStayView.as_view()),
    path(f"{STAY}/cancel", CancelStayView.as_view()),
    path(f"{STAY}/check-in", CheckInView.as_view()),
    path(f"{STAY}/check-out", CheckOutView.as_view()),
    path(f"{STAY}/no-show", AbsentStayView.as_view()),
    path(f"{STAY}/reschedule", MoveStayView.as_view()),
]
