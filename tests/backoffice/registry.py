"""What is listed in the back office, for tests that hold for all of it."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import CompositePrimaryKey, Model

from booking_site.common.admin import ALL_STORES
from booking_site.settings.apps import LOCAL_APPS
from chat.models import Attachment, Message, OrderLink, Participant
from notifications.models import LastSeen

LISTED: dict[type[Model], Any] = dict(admin.site._registry)
MODELS = sorted(LISTED, key=lambda model: model._meta.label)
OF_STORES = [
    model
    for model in MODELS
    if getattr(LISTED[model], "store_lookup", None) not in (None, ALL_STORES)
]
OPERATORS_ONLY = [model for model in MODELS if getattr(LISTED[model], "store_lookup", None) is None]
# What people say to each other is in no list: it is read on one page, by whoever says why
# (tests/chat/test_moderation_reading.py). Who is in a conversation stands on its page.
# When somebody was last connected is for those they talk to. In which conversation an order was
# made is said by its card there.
UNLISTED = (Attachment, LastSeen, Message, OrderLink, Participant)
OWN_MODELS = [
    model
    for config in apps.get_app_configs()
    if config.name in LOCAL_APPS
    for model in config.get_models()
    # What a version held of many to many is shown with the version.
    if not hasattr(model, "m2m_history_id")
    and model not in UNLISTED
    # Django lists nothing that has a key of two columns.
    and not isinstance(model._meta.pk, CompositePrimaryKey)
]


def label(model: Any) -> str:
    return model._meta.label_lower if hasattr(model, "_meta") else str(model)
