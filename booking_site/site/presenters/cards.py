"""Stores in lists: cards, and rows of those whose line moves now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.presenters import hours as opening
from appointments.presenters import live, times
from appointments.selectors.waits import LiveLine, live_lines
from booking_site.site.finding.stores import Hours, Pictures, hours_around, next_free, paint
from booking_site.site.presenters import words
from stores.models import Store


@dataclass(frozen=True)
class Card:
    """A store in a list."""

    store: Store
    href: str
    detail: str
    open_now: bool
    hours: str
    next_free: str
    line: LiveLine
    distance: str

    @property
    def address(self) -> str:
        """Of whom comes to their customers, at least the city."""
        return self.store.address or self.store.city

    @property
    def queue(self) -> str:
        return live.in_a_card(self.line)

    @property
    def rating(self) -> object:
        return self.store.rating if self.store.review_count else None

    @property
    def serves_now(self) -> bool:
        """Somebody is on duty, and will be for long enough."""
        return self.line.wait_minutes is not None

    @property
    def live(self) -> dict[str, str]:
        """The row of a store that serves now."""
        wait = self.line.wait_minutes
        return {
            "name": self.store.name,
            "href": self.href,
            "join_href": reverse("appointments:live", args=[self.store.pk]),
            "waiting": live.waiting(self.line.length),
            "wait": "" if wait is None else live.about(wait),
            "where": " · ".join(filter(None, [self.distance, self.address])),
        }


def store_cards(
    stores: list[Store],
    at: datetime,
    *,
    hours: Hours | None = None,
    painted: Pictures | None = None,
    away: Mapping[int, float] | None = None,
) -> list[Card]:
    """``hours`` and ``painted``: what is there already, of these stores or more; ``away``:
    kilometres by id. Queries: constant, ten at most."""
    hours = hours if hours is not None else hours_around(stores, at)
    if painted is None:
        painted = paint(stores, hours, at)
    found = {one.pk: painted[one.pk] for one in stores}
    lines = live_lines(stores, at=at, pictures=found)
    cards = []
    for one in stores:
        far = (away or {}).get(one.pk)
        distance = "" if far is None else words.distance(far)
        now = opening.open_now(hours[one.pk], at)
        cards.append(
            Card(
                store=one,
                href=reverse("site:store", args=[one.pk]),
                detail=" · ".join(
                    filter(None, [distance, words.city_of(one) if one.address else ""])
                ),
                open_now=now.is_open,
                hours=now.sentence,
                next_free=_next_free(next_free(one, found[one.pk], at), one, at),
                line=lines[one.pk],
                distance=distance,
            )
        )
    return cards


def _next_free(start: datetime | None, store: Store, at: datetime) -> str:
    if start is None:
        return _("Nothing free for three days")
    return _("From %(when)s") % {"when": times.spoken(start, store.zone, at)}


def first_door(stores: list[Store], hours: Hours, at: datetime) -> dict[str, Any] | None:
    """The store that opens first of those that are closed now, for the night."""
    opens = {one: hours[one.pk].opens_next(at) for one in stores if not hours[one.pk].is_open(at)}
    coming = [(instant, one) for one, instant in opens.items() if instant is not None]
    if not coming:
        return None
    instant, one = min(coming, key=lambda row: (row[0], row[1].pk))
    return {
        "name": one.name,
        "href": reverse("site:store", args=[one.pk]),
        "when": times.spoken(instant, one.zone, at),
    }
