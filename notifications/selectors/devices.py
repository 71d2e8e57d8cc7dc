"""The apps that pushes reach."""

from collections.abc import Iterable

from notifications.models import Device


def devices_of(user_ids: Iterable[int | None]) -> dict[int, list[Device]]:
    """By user, those that are still there. One query for all; none for nobody."""
    ids = {pk for pk in user_ids if pk is not None}
    found: dict[int, list[Device]] = {}
    if ids:
        for device in Device.objects.reachable().filter(user__in=ids).order_by("pk"):
            found.setdefault(device.user_id, []).append(device)
    return found
