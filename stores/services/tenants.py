"""What a store's own systems keep here."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.history import signed
from stores.models import Store
from stores.permissions import require_manager
from stores.tenants import check_settings


@transaction.atomic
def set_settings(store: Store, settings: Any, *, by: Actor, at: datetime) -> Store:
    """In place of those before. Raises Forbidden, and Invalid for ``settings``."""
    require_manager(by, store)
    try:
        check_settings(settings)
    except ValidationError as wrong:
        raise Invalid(errors={"settings": wrong.messages}) from wrong
    row = Store.objects.select_for_update().get(pk=store.pk)
    row.settings = settings
    signed(row, by=by, at=at).save()
    return row
