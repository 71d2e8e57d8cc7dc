from django.urls import path

from .views.answering import AcceptView, CompleteView, DeclineView, NoShowView, StartView
from .views.appointments import AppointmentsView
from .views.by_code import (
    AppointmentView,
    CalendarView,
    CancelView,
    HistoryView,
    RescheduleView,
)
from .views.holds import HoldsView, HoldView
from .views.live import LiveLineView
from .views.slots import SlotsView
from .views.statistics import StatisticsView

urlpatterns = [
    path("appointments", AppointmentsView.as_view()),
    # Codes and ids may both be digits: what follows them says which it is.
    path("appointments/<str:code>.ics", CalendarView.as_view()),
    path("appointments/<str:code>", AppointmentView.as_view()),
    path("appointments/<str:code>/cancel", CancelView.as_view()),
    path("appointments/<str:code>/reschedule", RescheduleView.as_view()),
    path("appointments/<str:code>/history", HistoryView.as_view()),
    path("appointments/<str:appointment_id>/accept", AcceptView.as_view()),
    path("appointments/<str:appointment_id>/decline", DeclineView.as_view()),
    path("appointments/<str:appointment_id>/start", StartView.as_view()),
    path("appointments/<str:appointment_id>/complete", CompleteView.as_view()),
    path("appointments/<str:appointment_id>/no-show", NoShowView.as_view()),
    path("stores/<str:store_id>/queue", LiveLineView.as_view()),
    path("stores/<str:store_id>/slots", SlotsView.as_view()),
    path("stores/<str:store_id>/holds", HoldsView.as_view()),
    path("holds/<str:token>", HoldView.as_view()),
    path("statistics", StatisticsView.as_view()),
]
