from django.urls import path

from .views.hours import StoreHoursView
from .views.special_days import SpecialDaysView, SpecialDayView
from .views.stores import StoresView, StoreView

urlpatterns = [
    path("stores", StoresView.as_view()),
    path("stores/<str:store_id>", StoreView.as_view()),
    path("stores/<str:store_id>/hours", StoreHoursView.as_view()),
    path("stores/<str:store_id>/special-days", SpecialDaysView.as_view()),
    path("stores/<str:store_id>/special-days/<str:day_id>", SpecialDayView.as_view()),
]
