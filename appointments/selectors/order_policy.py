"""Figures of orders that staff set in the back office (SystemConfig), with the settings behind
them."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from booking_site.common.models import SystemConfig

# Row of SystemConfig: {"answer_hours": 24}
POLICY = "order-policy"
LONGEST_HOURS = 24 * 30


def answer_within() -> timedelta:
    """How long the other side has to answer before staff decide. One query."""
    value = SystemConfig.objects.filter(key=POLICY).values_list("value", flat=True).first()
    hours: Any = value.get("answer_hours") if isinstance(value, dict) else None
    if isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= LONGEST_HOURS:
        hours = settings.ORDER_ANSWER_HOURS
    return timedelta(hours=hours)
