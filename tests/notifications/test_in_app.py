"""Which news makes which notification, for whom, and with which of Document 1's fields."""

import pytest

from appointments import services
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import do_last
from notifications.models import Channel, Delivery, Notification, Type, UserEvent, UserStream
from notifications.rules import ASKED_AFTER
from notifications.timed import deliver_due, remind_due
from reviews.services import reply, write_review
from tests.appointments import world
from tests.appointments.world import HOUR, MINUTE, NOW, QIANG, acting, clock, manager, owner

from .edge import at_the_edge
from .post import booked

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
LATER = NOW + MINUTE


class LastMoment(Exception):
    """Something fails when all is written."""


def _booked_and_lost(store, user) -> None:
    booked(store, TWO + 2 * HOUR, customer=user)
    # After what tells people, and then after what that has left to be written.
    do_last(lambda _items: do_last(_fail, None), None)


def _fail(_items) -> None:
    assert Notification.objects.filter(type=Type.CREATED).count() == 4
    raise LastMoment


def told(user) -> list[int]:
    """The types, oldest first."""
    return list(Notification.objects.filter(user=user).order_by("u").values_list("type", flat=True))


def last_told(user) -> Notification:
    return Notification.objects.filter(user=user).latest("u")


@pytest.fixture
def fangs(store, wei, fang):
    """Fang's booking with Wei, confirmed by staff; what was told of that is out of the way."""
    appointment = at_the_edge(booked, store, TWO, customer=fang)
    at_the_edge(services.accept, appointment, by=manager(store), at=NOW)
    Notification.objects.all().delete()
    return appointment


def test_the_numbers_are_those_of_the_protocol():
    assert {type_.kind: type_.value for type_ in Type} == {
        "created": 1,
        "confirmed": 2,
        "cancelled": 3,
        "reminder": 4,
        "queue_moved": 10,
        "reassigned": 11,
        "rescheduled": 12,
        "payment": 13,
        "review": 14,
        "system": 15,
        "message": 16,
        "seat_free": 17,
        "viewing_feedback": 18,
        "checked_in": 19,
        "cancel_requested": 20,
        "cancel_request_changed": 21,
    }


def test_a_booking_is_1_to_both(store, wei, fang):
    at_the_edge(booked, store, TWO, customer=fang)

    assert (told(fang), told(wei.user)) == ([1], [1])


def test_a_confirmation_is_2_to_whoever_did_not_give_it(store, wei, fang):
    appointment = at_the_edge(booked, store, TWO, customer=fang)
    at_the_edge(services.accept, appointment, by=acting(wei), at=NOW)

    assert (told(fang), told(wei.user)) == ([1, 2], [1])


def test_a_cancellation_is_3(fangs, fang, wei):
    at_the_edge(services.cancel, fangs, by=acting(wei), at=NOW, reason="ill")

    assert (told(fang), told(wei.user)) == ([3], [])


def test_a_reminder_is_4_to_both(fangs, fang, wei):
    remind_due(at=TWO - HOUR)

    assert (told(fang), told(wei.user)) == ([4], [4])


def test_another_realtor_is_11(fangs, fang, wei, ming, store):
    Notification.objects.all().delete()

    at_the_edge(services.reassign, fangs, ming, by=manager(store, "Hong"), at=LATER, reason="ill")

    assert told(fang) == [11]
    assert told(wei.user) == [11]
    assert told(ming.user) == [11]


def test_a_move_is_12(fangs, fang, wei, store):
    at_the_edge(services.reschedule, fangs, starts_at=TWO + HOUR, by=manager(store, "Hong"), at=NOW)

    assert (told(fang), told(wei.user)) == ([12], [12])


def test_reviews_are_14_one_way_and_the_other(fangs, fang, wei):
    at_the_edge(services.start, fangs, by=SYSTEM, at=TWO)
    at_the_edge(services.complete, fangs, by=SYSTEM, at=TWO + HOUR)
    assert (told(fang), told(wei.user)) == ([], [])

    deliver_due(at=TWO + HOUR + ASKED_AFTER)
    assert told(fang) == [14]
    review = at_the_edge(
        write_review, fangs, rating=5, comment="Kind.", by=owner(fangs), at=TWO + 3 * HOUR
    )
    assert told(wei.user) == [14]
    at_the_edge(reply, review, text="Thank you.", by=acting(wei), at=TWO + 4 * HOUR)
    assert told(fang) == [14, 14]


def test_how_was_it_is_written_once_together_with_its_mark(fangs, fang):
    at_the_edge(services.start, fangs, by=SYSTEM, at=TWO)
    at_the_edge(services.complete, fangs, by=SYSTEM, at=TWO + HOUR)
    later = TWO + HOUR + ASKED_AFTER
    (waiting,) = Delivery.objects.filter(channel=Channel.IN_APP)

    deliver_due(at=later)
    deliver_due(at=later + HOUR)

    waiting.refresh_from_db()
    assert waiting.status == "sent"
    assert waiting.address == ""
    assert told(fang) == [14]
    assert last_told(fang).link == f"/appointments/{fangs.code}/review/"


def test_how_was_it_is_not_asked_of_who_has_said_so_already(fangs, fang):
    at_the_edge(services.start, fangs, by=SYSTEM, at=TWO)
    at_the_edge(services.complete, fangs, by=SYSTEM, at=TWO + HOUR)
    at_the_edge(write_review, fangs, rating=5, comment="", by=owner(fangs), at=TWO + HOUR)

    deliver_due(at=TWO + HOUR + ASKED_AFTER)

    assert told(fang) == []
    assert Delivery.objects.get(channel=Channel.IN_APP).status == "dropped"


def test_a_late_notification_that_cannot_be_written_keeps_no_letter_waiting(fangs, fang, store):
    at_the_edge(services.start, fangs, by=SYSTEM, at=TWO)
    at_the_edge(services.complete, fangs, by=SYSTEM, at=TWO + HOUR)
    late = Delivery.objects.get(channel=Channel.IN_APP)
    Delivery.objects.filter(pk=late.pk).update(letter="rescheduled")
    tomorrow = {"starts_at": TWO + 24 * HOUR, "ends_at": TWO + 25 * HOUR}
    type(fangs).objects.update(status="confirmed", **tomorrow)

    deliver_due(at=TWO + HOUR + ASKED_AFTER)

    late.refresh_from_db()
    assert late.last_error.startswith("KeyError")
    assert late.status == "pending"


def test_seed_1_reads_its_own_fields(store, wei, fang):
    day = world.TUESDAY
    appointment = at_the_edge(booked, store, clock("14:00", day), customer=fang)

    event = UserEvent.objects.get(user=wei.user, event="notification")
    row = last_told(wei.user)

    assert event.u == row.u
    assert event.payload == {
        "type": 1,
        "kind": "created",
        "user_id": wei.user_id,
        "reservation_id": appointment.pk,
        "title": row.title,
        "content": row.content,
        "link": row.link,
        "timestamp": int(NOW.timestamp()),
        "detail": {
            "reservation_id": appointment.pk,
            "house_id": None,
            "house_title": None,
            "landlord_id": wei.user_id,
            "user_id": fang.pk,
            "user_name": "Fang",
            "reserve_time": "2026-03-03 14:00:00",
            "status": "pending",
            "created_at": int(NOW.timestamp()),
            "appointment_code": appointment.code,
            "store_id": store.pk,
            "store_name": store.name,
        },
    }
    assert row.detail == event.payload["detail"]
    assert "Fang" in row.title


def test_times_are_by_the_clock_of_the_store(fang):
    store = world.open_store("broadway", zone="America/New_York")
    world.hire(store, "Jo")
    noon = clock("12:00", world.TUESDAY, store.zone)

    at_the_edge(booked, store, noon, customer=fang)

    assert last_told(fang).detail["reserve_time"] == "2026-03-03 12:00:00"


def test_everybody_reads_it_in_their_own_language(store, wei, ming, fang):
    at_the_edge(booked, store, TWO, customer=fang, realtor=wei, locale="zh-hans")

    assert last_told(wei.user).title.startswith("Please answer")
    assert not last_told(fang).title.isascii()


def test_guests_have_no_stream(store, wei):
    at_the_edge(booked, store, TWO, phone=QIANG)

    assert set(UserStream.objects.values_list("user_id", flat=True)) == {wei.user_id}


def test_what_is_rolled_back_leaves_nothing_and_gives_its_numbers_back(store, wei, fang):
    at_the_edge(booked, store, TWO, customer=fang)
    before = list(UserStream.objects.order_by("pk").values_list("pk", "last_u"))

    with pytest.raises(LastMoment):
        at_the_edge(_booked_and_lost, store, fang)

    assert list(UserStream.objects.order_by("pk").values_list("pk", "last_u")) == before
    assert Notification.objects.filter(user=fang).count() == 1
    numbers = UserEvent.objects.filter(user=fang).order_by("u").values_list("u", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_numbers_have_no_holes_and_notifications_are_events(fangs, fang, wei, store):
    at_the_edge(services.reschedule, fangs, starts_at=TWO + HOUR, by=manager(store, "Hong"), at=NOW)
    at_the_edge(services.cancel, fangs, by=owner(fangs), at=NOW)

    for user in (fang, wei.user):
        numbers = list(UserEvent.objects.filter(user=user).values_list("u", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert UserStream.objects.get(pk=user.pk).last_u == len(numbers)
        told_by_event = UserEvent.objects.filter(user=user, event="notification")
        own = Notification.objects.filter(user=user).values_list("u", flat=True)
        assert set(own) <= set(told_by_event.values_list("u", flat=True))


def test_others_of_the_store_hear_nothing(fangs, ming, store):
    hua = world.register("Passer-by")

    at_the_edge(services.cancel, fangs, by=owner(fangs), at=NOW)

    assert (told(ming.user), told(hua)) == ([], [])


def test_whoever_has_come_to_be_both_sides_is_told_once(fangs, fang, wei, store):
    type(wei).objects.filter(pk=wei.pk).update(user=fang)

    at_the_edge(services.cancel, fangs, by=manager(store, "Hong"), at=LATER)

    assert told(fang) == [3]
    assert last_told(fang).link == f"/appointments/{fangs.code}/"


def test_whoever_loses_it_does_not_hear_where_it_went(fangs, fang, wei, ming, store):
    """Neither who comes, nor when now, nor to whom."""
    loser = fangs.realtor
    winner = ming if loser == wei else wei
    at_the_edge(
        services.reassign, fangs, realtor=winner, by=manager(store, "Hong"), at=NOW, reason="x"
    )

    assert told(loser.user)[-1] == 11
    detail = last_told(loser.user).detail
    assert (detail["landlord_id"], detail["user_id"], detail["user_name"]) == (None, None, "")
    update = UserEvent.objects.filter(user=loser.user, event="appointment-updated").last()
    assert update.payload["data"]["realtor_id"] is None
    assert update.payload["data"]["starts_at"] is None


# In whose words


def test_it_is_said_in_the_language_in_which_the_pages_are_read_now(fangs, fang):
    """And not in that of the day on which it was booked."""
    type(fangs).objects.filter(pk=fangs.pk).update(locale="zh-hans")
    type(fang).objects.filter(pk=fang.pk).update(locale="en")

    at_the_edge(services.cancel, fangs, by=acting(fangs.realtor), at=NOW)

    assert last_told(fang).title.startswith("Cancelled: ")


def test_the_reason_of_a_cancellation_is_told_with_it(fangs, fang):
    by = acting(fangs.realtor)

    at_the_edge(services.cancel, fangs, by=by, at=NOW, reason="The roof leaks.")

    assert last_told(fang).content.endswith("The roof leaks.")
