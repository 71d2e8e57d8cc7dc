"""By which way people want to hear of what, and that they hear of it no other way."""

import pytest

from appointments import services
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from notifications.models import (
    KINDS,
    Channel,
    Delivery,
    Notification,
    NotificationPreference,
    Push,
    Type,
    UserEvent,
)
from notifications.rules import ASKED_AFTER
from notifications.selectors.wishes import matrix_of, wishes_of
from notifications.services import register_device, set_preferences
from notifications.timed import deliver_due
from tests.appointments import world
from tests.appointments.world import HOUR, MINUTE, NOW, QIANG, clock, manager
from tests.callers import caller, data_of, refusal_of

from .edge import at_the_edge
from .post import LANS, booked, confirmed, letters_to, written

pytestmark = pytest.mark.django_db
TWO = clock("14:00")
PREFERENCES = "/api/v1/notifications/preferences"


def say_no(user, kind: str, *channels: str) -> None:
    changes = {kind: dict.fromkeys(channels, False)}
    at_the_edge(set_preferences, user, changes=changes, by=Actor.of(user))


def told(user) -> list[str]:
    rows = Notification.objects.filter(user=user).order_by("u")
    return [Type(row.type).kind for row in rows]


# The matrix


def test_everything_is_wanted_until_somebody_says_otherwise(fang):
    data = data_of(caller(fang).get(PREFERENCES))

    assert list(data) == [
        "created",
        "confirmed",
        "cancelled",
        "reminder",
        "queue_moved",
        "reassigned",
        "rescheduled",
        "payment",
        "review",
        "system",
        "message",
        "seat_free",
        "viewing_feedback",
        "checked_in",
        "cancel_requested",
        "cancel_request_changed",
    ]
    assert all(ways == {"email": True, "in_app": True, "push": True} for ways in data.values())


def test_only_what_is_named_changes_and_only_that_has_a_row(fang):
    data = data_of(caller(fang).put(PREFERENCES, {"created": {"email": False, "push": True}}))

    assert data["created"] == {"email": False, "in_app": True, "push": True}
    assert data["confirmed"] == {"email": True, "in_app": True, "push": True}
    assert data == data_of(caller(fang).get(PREFERENCES))
    (row,) = NotificationPreference.objects.values_list("kind", "channel", "enabled")
    assert row == ("created", "email", False)


def test_what_is_wanted_again_leaves_no_row(fang):
    say_no(fang, "created", "email")
    say_no(fang, "created", "email")

    caller(fang).put(PREFERENCES, {"created": {"email": True}})

    assert not NotificationPreference.objects.exists()


def test_announcements_on_the_site_cannot_be_switched_off(fang):
    errors = refusal_of(
        caller(fang).put(PREFERENCES, {"system": {"in_app": False, "push": False}}), 400, "invalid"
    )

    assert set(errors) == {"system"}
    assert not NotificationPreference.objects.exists()
    kept = data_of(caller(fang).put(PREFERENCES, {"system": {"push": False}}))["system"]
    assert kept == {"email": True, "in_app": True, "push": False}
    with pytest.raises(Invalid):
        set_preferences(fang, changes={"system": {"in_app": False}}, by=Actor.of(fang))


@pytest.mark.parametrize(
    "body",
    [
        {"gossip": {"email": False}},
        {"created": {"pigeon": False}},
        {"created": {"email": "perhaps"}},
        {"created": {"email": None}},
        {"created": False},
        {"created": None},
    ],
)
def test_what_is_no_kind_no_way_and_no_answer_is_refused(fang, body):
    errors = refusal_of(caller(fang).put(PREFERENCES, body), 400, "invalid")

    assert set(errors) == set(body)


def test_an_empty_body_changes_nothing(fang):
    assert data_of(caller(fang).put(PREFERENCES, {})) == matrix_of(fang)


def test_the_wishes_of_one_are_not_another_s(fang, wei):
    say_no(fang, "created", "email")

    assert matrix_of(wei.user)["created"]["email"] is True


def test_kinds_and_channels_fit_their_columns():
    assert max(map(len, KINDS)) <= NotificationPreference._meta.get_field("kind").max_length
    assert max(map(len, Channel.values)) <= 10


# What it does


def test_no_letter_of_a_kind_that_is_not_wanted(store, wei, fang):
    say_no(fang, "created", "email")

    at_the_edge(confirmed, store, TWO, customer=fang, email="fang@example.com")

    assert written(role="customer") == ["customer confirmed"]
    assert told(fang) == ["created", "confirmed"]


def test_nothing_on_the_site_of_a_kind_that_is_not_wanted_but_pages_look_again(store, wei, fang):
    say_no(fang, "created", "in_app")

    at_the_edge(booked, store, TWO, customer=fang, email="fang@example.com")

    assert told(fang) == []
    assert written(role="customer") == ["customer booked"]
    events = UserEvent.objects.filter(user=fang).values_list("event", flat=True)
    assert list(events) == ["appointment-updated"]


def test_a_realtor_s_wishes_hold_too(store, wei):
    say_no(wei.user, "created", "email", "in_app")

    at_the_edge(booked, store, TWO)

    assert written() == ["customer booked"]
    assert told(wei.user) == []


def test_what_staff_confirm_is_a_confirmation_to_the_realtor(store, wei):
    appointment = at_the_edge(booked, store, TWO)
    say_no(wei.user, "confirmed", "email")

    at_the_edge(services.accept, appointment, by=manager(store), at=NOW + MINUTE)

    assert written(event__kind="confirmed") == ["customer confirmed"]


def test_guests_are_written_to_whatever_others_want(store, wei, fang):
    say_no(fang, "created", "email")

    at_the_edge(booked, store, TWO, phone=QIANG)

    assert len(letters_to(LANS)) == 1


def test_what_is_told_later_follows_the_wish_as_well(store, wei, fang):
    say_no(fang, "review", "in_app")
    visit = at_the_edge(world.running, store, TWO, customer=fang, email="fang@example.com")
    at_the_edge(services.complete, visit, by=manager(store), at=TWO + HOUR)

    deliver_due(at=TWO + HOUR + ASKED_AFTER)

    assert "review" not in told(fang)
    assert written(letter="how_was_it") == ["customer how_was_it"]


def test_who_is_next_in_line_hears_of_it_as_they_wish(store, wei, fang):
    register_device(fang, platform="ios", token="fang", by=Actor.of(fang), at=NOW)
    say_no(fang, "queue_moved", "in_app")
    at_ten = clock("10:00")
    first = at_the_edge(world.join, store, at=at_ten)
    at_the_edge(world.join, store, customer=fang, at=at_ten)

    at_the_edge(services.cancel, first, by=world.owner(first), at=at_ten)

    assert "queue_moved" not in told(fang)
    (push,) = Push.objects.all()
    assert store.name in push.title


def test_wishes_cost_the_same_however_many_are_told(store, wei, fang, django_assert_num_queries):
    with django_assert_num_queries(1):
        wishes_of([fang.pk, wei.user.pk, None])
    with django_assert_num_queries(0):
        wishes_of([None])


def test_no_push_of_a_kind_that_is_not_wanted(store, wei, fang):
    register_device(fang, platform="ios", token="fang", by=Actor.of(fang), at=NOW)
    say_no(fang, "created", "push")

    at_the_edge(confirmed, store, TWO, customer=fang)

    pushes = Delivery.objects.filter(channel=Channel.PUSH)
    assert list(pushes.values_list("letter", flat=True)) == ["confirmed"]
