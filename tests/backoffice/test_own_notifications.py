"""Staff see on every page of the back office how much they have not read."""

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Notification, Type
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("unread", "shown"), [(0, None), (3, "3"), (120, "99+")])
def test_the_menu_leads_to_one_s_own_with_their_number(unread: int, shown: str | None):
    operator = UserFactory(is_staff=True, is_superuser=True)
    Notification.objects.bulk_create(
        Notification(user=operator, u=u, type=Type.SYSTEM, title="x", created_at=timezone.now())
        for u in range(1, unread + 1)
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(operator)

    page = client.get("/admin/stores/store/").content.decode()

    entry = page[page.index('href="/notifications/"') :][:3000]
    assert "My notifications" in entry
    assert (f">{shown}<" in "".join(entry.split())) is (shown is not None)
