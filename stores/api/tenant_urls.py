"""What other systems may do for a store, and keep here: Document 4's tenant."""

from django.urls import path

# The OpenAPI document finds the authentication scheme by this import.
from . import schema  # noqa: F401
from .views.api_keys import ApiKeysView, ApiKeyView
from .views.settings import StoreSettingsView

urlpatterns = [
    path("stores/<str:store_id>/api-keys", ApiKeysView.as_view()),
    path("stores/<str:store_id>/api-keys/<str:key_id>", ApiKeyView.as_view()),
    path("stores/<str:store_id>/settings", StoreSettingsView.as_view()),
]
