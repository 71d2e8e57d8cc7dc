"""A page says from which number on its reader has to listen: no later than its state was read."""

import pytest
from django.utils import timezone

from notifications.models import UserStream
from notifications.services import Happening, stream

pytestmark = pytest.mark.django_db


def test_what_happens_while_a_page_is_made_is_not_taken_for_known(client, monkeypatch):
    """An event that is committed after the page's own queries began, and before its header."""
    from booking_site.site import context
    from tests.appointments import world

    fang = world.register("Fang")
    client.force_login(fang)
    stream(Happening(fang.pk, "queue-updated", {"data": {}}, timezone.now()))
    brand = context.brand

    def late(request):
        stream(Happening(fang.pk, "queue-updated", {"data": {}}, timezone.now()))
        return brand(request)

    monkeypatch.setattr("booking_site.site.context.brand", late)
    from django.template import engines

    engines["django"].engine.__dict__.pop("template_context_processors", None)
    try:
        page = client.get("/appointments/").content.decode()
    finally:
        engines["django"].engine.__dict__.pop("template_context_processors", None)

    assert UserStream.objects.get(pk=fang.pk).last_u == 2
    assert 'data-u="1"' in page
