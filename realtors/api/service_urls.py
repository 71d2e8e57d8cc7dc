"""Document 4's calls on services, under /api/v1/services."""

from django.urls import path

from .views.services import NearbyView, RecommendedView, ServicesView, ServiceView

urlpatterns = [
    path("services", ServicesView.as_view()),
    path("services/nearby", NearbyView.as_view()),
    path("services/recommended", RecommendedView.as_view()),
    path("services/<str:service_id>", ServiceView.as_view()),
]
