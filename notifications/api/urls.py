from django.urls import path

from .views.devices import DevicesView
from .views.preferences import PreferencesView
from .views.reading import NotificationsView, ReadAllView, ReadView
from .views.realtime import TicketView
from .views.webhooks import (
    ReplayView,
    RotateView,
    WebhookDeliveriesView,
    WebhooksView,
    WebhookTestView,
    WebhookView,
)

urlpatterns = [
    path("notifications", NotificationsView.as_view()),
    path("notifications/read-all", ReadAllView.as_view()),
    path("notifications/preferences", PreferencesView.as_view()),
    path("notifications/<str:notification_id>/read", ReadView.as_view()),
    path("me/devices", DevicesView.as_view()),
    path("realtime/ticket", TicketView.as_view()),
    path("webhooks", WebhooksView.as_view()),
    path("webhooks/<str:webhook_id>", WebhookView.as_view()),
    path("webhooks/<str:webhook_id>/rotate", RotateView.as_view()),
    path("webhooks/<str:webhook_id>/test", WebhookTestView.as_view()),
    path("webhooks/<str:webhook_id>/deliveries", WebhookDeliveriesView.as_view()),
    path("webhooks/<str:webhook_id>/deliveries/<str:delivery_id>/replay", ReplayView.as_view()),
]
