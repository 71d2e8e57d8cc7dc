"""Django's own record of what staff did in the back office."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def forget_names(model: type[Model], ids: Iterable[Any]) -> None:
    """What these rows were called goes from the record; that somebody edited them stays. For rows
    that are called after a person who has left."""
    kind = ContentType.objects.get_for_model(model)
    told = LogEntry.objects.filter(content_type=kind, object_id__in=[str(one) for one in ids])
    told.update(object_repr="")
