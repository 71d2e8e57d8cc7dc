from django.urls import path

from .views.hours import RealtorHoursView
from .views.presence import HeartbeatView, StatusView
from .views.realtors import RealtorsView, RealtorView
from .views.time_off import TimeOffView, TimesOffView

urlpatterns = [
    path("realtor/status", StatusView.as_view()),
    path("realtor/heartbeat", HeartbeatView.as_view()),
    path("realtors", RealtorsView.as_view()),
    path("realtors/<str:realtor_id>", RealtorView.as_view()),
    path("realtors/<str:realtor_id>/hours", RealtorHoursView.as_view()),
    path("realtors/<str:realtor_id>/time-off", TimesOffView.as_view()),
    path("realtors/<str:realtor_id>/time-off/<str:off_id>", TimeOffView.as_view()),
]
