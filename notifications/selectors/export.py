"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from notifications.models import Delivery, DeliveryQuerySet, Role
from realtors.models import Realtor

if TYPE_CHECKING:
    from accounts.models import User


def deliveries_to(user: "User") -> DeliveryQuerySet:
    """As a customer and as a realtor."""
    as_customer = Delivery.objects.filter(role=Role.CUSTOMER, event__appointment__user=user)
    own = Realtor.objects.filter(user=user).values_list("pk", flat=True)
    as_realtor = Delivery.objects.filter(role=Role.REALTOR, recipient_id__in=list(own))
    ids = {*as_customer.values_list("pk", flat=True), *as_realtor.values_list("pk", flat=True)}
    return Delivery.objects.filter(pk__in=ids)


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder."""
    rows = deliveries_to(user).order_by("pk")
    columns = ("channel", "letter", "address", "locale", "status", "created_at", "sent_at")
    return {"letters": list(rows.values(*columns, "event__appointment_id"))}
