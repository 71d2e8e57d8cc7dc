"""What of the API belongs to no app: its document, health, figures, the export of one's data."""

from django.urls import path

from .views.export import ExportView
from .views.health import HealthView
from .views.metrics import MetricsView
from .views.schema import DocsView, SchemaView

urlpatterns = [
    path("health", HealthView.as_view(), name="health"),
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(), name="docs"),
    path("api/v1/me/export", ExportView.as_view()),
]
