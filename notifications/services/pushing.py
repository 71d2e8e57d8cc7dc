"""Pushes that no piece of news of the outbox has caused: they carry their own words."""

from dataclasses import dataclass
from datetime import datetime

from booking_site.common.transactions import do_last
from notifications.models import Notification, Push
from notifications.selectors.devices import devices_of


@dataclass(frozen=True)
class Wish:
    words: Notification
    useful_until: datetime


def push(words: Notification, *, useful_until: datetime) -> None:
    """To every device of its reader, saying what this notification says. Whether they want it is
    asked before."""
    do_last(write_pushes, Wish(words, useful_until))


def write_pushes(wishes: list[Wish]) -> None:
    """Two statements, however many they are."""
    devices = devices_of(wish.words.user_id for wish in wishes)
    Push.objects.bulk_create(
        Push(
            device=device,
            type=wish.words.type,
            announcement=wish.words.announcement,
            title=wish.words.title,
            content=wish.words.content,
            link=wish.words.link,
            useful_until=wish.useful_until,
            next_try_at=wish.words.created_at,
            created_at=wish.words.created_at,
        )
        for wish in wishes
        for device in devices.get(wish.words.user_id, ())
    )
