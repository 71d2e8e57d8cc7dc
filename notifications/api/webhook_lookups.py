"""From ids in paths and bodies to what their caller may run."""

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import Invalid
from notifications.models import WebhookDelivery, WebhookEndpoint, WebhookEndpointQuerySet
from stores.models import Store


class RunsAStore(BasePermission):
    """403 for those who run none. What of others' stores is asked for is not there: 404."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return isinstance(user, User) and (
            user.is_superuser or Store.objects.managed_by(user).exists()
        )


def store_to_run(request: Request, store_id: str | None) -> Store:
    """The one that is named, or the only one there is. Raises NotFound, or Invalid for
    ``store_id``."""
    stores = Store.objects.managed_by(user_of(request))
    if store_id is not None:
        found = stores.filter(pk=row_id(store_id, field="store_id")).first()
        if found is None:
            raise not_there("store_id")
        return found
    rows = list(stores[:2])
    if len(rows) != 1:
        raise Invalid(errors={"store_id": [_("Name the store.")]})
    return rows[0]


def webhook_of(request: Request, webhook_id: str) -> WebhookEndpoint:
    found = webhooks_of(request, None).filter(pk=row_id(webhook_id)).first()
    if found is None:
        raise not_there()
    return found


def webhooks_of(request: Request, store_id: str | None) -> WebhookEndpointQuerySet:
    """Those of the store that is named, or of all that the caller runs."""
    rows = WebhookEndpoint.objects.managed_by(user_of(request)).select_related("store")
    return rows if store_id is None else rows.filter(store=store_to_run(request, store_id))


def delivery_of(endpoint: WebhookEndpoint, delivery_id: str) -> WebhookDelivery:
    rows = WebhookDelivery.objects.with_parts().filter(endpoint=endpoint)
    found = rows.filter(pk=row_id(delivery_id)).first()
    if found is None:
        raise not_there()
    return found


def user_of(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
