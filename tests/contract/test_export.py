"""GET /api/v1/me/export."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from appointments import services
from appointments.services import BookingRequest
from booking_site.common.actors import Actor
from tests.callers import caller, data_of, refusal_of
from tests.factories import RealtorFactory, UserFactory

pytestmark = pytest.mark.django_db


def book(user, realtor, days, wish):
    """Around noon in Shanghai, so many days ahead."""
    now = timezone.now()
    noon = (now + timedelta(days=days)).replace(hour=4, minute=0, second=0, microsecond=0)
    request = BookingRequest(
        store=realtor.store,
        starts_at=noon,
        customer=user,
        customer_name=user.display_name,
        customer_phone="+8613800000001",
        requirements=wish,
    )
    return services.book(request, by=Actor.of(user), at=now)


def test_everything_on_oneself_and_nothing_on_others():
    realtor = RealtorFactory()
    me, other = UserFactory(display_name="Mei"), UserFactory(display_name="Somebody Else")
    mine = book(me, realtor, 2, "a quiet room")
    book(other, realtor, 3, "their own affair")
    services.cancel(mine, by=Actor.of(me), at=timezone.now(), reason="moving away")

    answer = caller(me).get("/api/v1/me/export")

    data = data_of(answer)
    assert data["profile"]["email"] == me.email
    (booked,) = data["appointments"]
    assert (booked["code"], booked["requirements"]) == (mine.code, "a quiet room")
    assert [act["action"] for act in data["acts"]] == ["created", "cancelled"]
    assert datetime.fromisoformat(booked["starts_at"]) == mine.starts_at
    assert "Somebody" not in answer.content.decode()
    assert "their own affair" not in answer.content.decode()
    assert "password" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]


def test_guests_have_none():
    refusal_of(caller().get("/api/v1/me/export"), 401, "unauthenticated")
