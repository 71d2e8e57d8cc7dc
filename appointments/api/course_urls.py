"""Document 3's calls, under /api/v1/."""

from django.urls import path

from .views.bookings import (
    AbsentBookingView,
    BookingsView,
    BookingView,
    CancelBookingView,
    CompleteBookingView,
    ConfirmBookingView,
    MoveBookingView,
)
from .views.course_slots import CourseSlotsView, SlotView, TeacherSlotsView
from .views.courses import CoursesView, CourseView
from .views.seats import SlotLockView, SlotWishView

BOOKING = "bookings/<str:booking_id>"

urlpatterns = [
    path("courses", CoursesView.as_view()),
    path("courses/<str:course_id>", CourseView.as_view()),
    path("courses/<str:course_id>/slots", CourseSlotsView.as_view()),
    path("teachers/<str:teacher_id>/slots", TeacherSlotsView.as_view()),
    path("slots/<str:slot_id>", SlotView.as_view()),
    path("slots/<str:slot_id>/lock", SlotLockView.as_view()),
    path("slots/<str:slot_id>/wish", SlotWishView.as_view()),
    path("bookings", BookingsView.as_view()),
    path(BOOKING, BookingView.as_view()),
    path(f"{BOOKING}/confirm", ConfirmBookingView.as_view()),
    path(f"{BOOKING}/cancel", CancelBookingView.as_view()),
    path(f"{BOOKING}/reschedule", MoveBookingView.as_view()),
    path(f"{BOOKING}/complete", CompleteBookingView.as_view()),
    path(f"{BOOKING}/no-show", AbsentBookingView.as_view()),
]
