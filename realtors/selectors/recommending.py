"""What to show first to somebody who has not said what they look for, and why. A bounded number of
listings is ranked here; those behind them follow in the order of their age, so that a list has all
there is, once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from booking_site.common.pagination import Page
from realtors.models import Interest, InterestKind, Listing, ListingQuerySet
from realtors.recommending_rules import Standing, points_of, score_of, told_of

from .listings import ListingWish, matching_listings
from .popularity import popular
from .recommending_pool import (
    MOST_ALIKE,
    MOST_NEW,
    NOBODY,
    Candidate,
    Person,
    alike,
    candidates,
    newest,
    person_of,
    shared,
)
from .recommending_words import Reason, reason_in_words

if TYPE_CHECKING:
    from accounts.models import User

HOUSES = ("house",)
ANYTHING = ListingWish()
Dressed = Callable[[ListingQuerySet], ListingQuerySet]


@dataclass(frozen=True)
class Recommendation:
    """``reason``: a code, and the sentence in the language of the request."""

    listing: Listing
    reason: Reason


@dataclass(frozen=True)
class _Pool:
    """What is known of each listing by people, and of whoever asks."""

    person: Person
    standings: dict[int, Standing]
    narrowed: bool
    at: datetime

    def standing(self, one: Candidate) -> Standing:
        known = self.standings.get(one.pk, Standing())
        days = None if one.published_at is None else (self.at - one.published_at).days
        return replace(
            known,
            known=self.person.known.get(one.pk, ""),
            days_old=days,
            rating=one.rating,
            review_count=one.review_count,
        )

    def reason(self, one: Candidate) -> Reason:
        standing, taste = self.standing(one), self.person.taste
        points = points_of(one.facts, standing, taste)
        told = told_of(points, one.facts, taste, narrowed=self.narrowed)
        return reason_in_words(told, one.facts, standing)

    def rank(self, one: Candidate) -> tuple[float, float, int]:
        """Of equals the newest first; of those the last one written down."""
        points = points_of(one.facts, self.standing(one), self.person.taste)
        age = one.published_at.timestamp() if one.published_at else 0.0
        return -score_of(points), -age, -one.pk


def recommended_houses(
    wish: ListingWish = ANYTHING,
    *,
    at: datetime,
    page: int = 1,
    page_size: int = 20,
    kinds: tuple[str, ...] = HOUSES,
    dressed: Dressed = ListingQuerySet.with_people,
) -> Page[Recommendation]:
    """For everybody: what many took an interest in lately, and what is new, of what fits the wish
    (whose order does not matter here). ``kinds`` makes it others than houses; ``dressed``: with
    what else the listings are read. Queries: six at most, and what that adds."""
    rows = _fitting(wish, kinds)
    return _ranked(rows, _pool(kinds, NOBODY, wish, at), (page, page_size), dressed)


def first_houses(
    wish: ListingWish = ANYTHING,
    *,
    at: datetime,
    most: int,
    kinds: tuple[str, ...] = HOUSES,
    dressed: Dressed = ListingQuerySet.with_people,
) -> list[Recommendation]:
    """The beginning of ``recommended_houses``, where nobody asks how many there are: a query
    less."""
    rows = _fitting(wish, kinds)
    return _shown(rows, _pool(kinds, NOBODY, wish, at), (1, most), dressed)


def recommended_for(
    user: "User",
    wish: ListingWish = ANYTHING,
    *,
    at: datetime,
    page: int = 1,
    page_size: int = 20,
    kinds: tuple[str, ...] = HOUSES,
    dressed: Dressed = ListingQuerySet.with_people,
) -> Page[Recommendation]:
    """For one person: what is like what they looked at, saved and booked, what people chose who
    chose the same, and what everybody sees; without what they have booked or passed over, and what
    they offer themselves. For newcomers it is what everybody sees. Queries: ten at most."""
    done = Interest.objects.of(user, InterestKind.BOOKED, InterestKind.PASSED_OVER)
    rows = _fitting(wish, kinds).exclude(realtor__user=user)
    rows = rows.exclude(pk__in=done.values("listing"))
    pool = _pool(kinds, person_of(user, kinds, at), wish, at)
    return _ranked(rows, pool, (page, page_size), dressed)


def _fitting(wish: ListingWish, kinds: tuple[str, ...]) -> ListingQuerySet:
    rows = Listing.objects.open_to_public().filter(kind__in=kinds)
    return matching_listings(rows, replace(wish, sort="newest"))


def _ranked(
    rows: ListingQuerySet, pool: _Pool, asked: tuple[int, int], dressed: Dressed
) -> Page[Recommendation]:
    number, size = asked
    return Page(_shown(rows, pool, asked, dressed), number, size, rows.count())


def _shown(
    rows: ListingQuerySet, pool: _Pool, asked: tuple[int, int], dressed: Dressed
) -> list[Recommendation]:
    number, size = asked
    found = _gathered(rows, pool)
    head = sorted(found.values(), key=pool.rank)
    first = (number - 1) * size
    shown = head[first : first + size]
    if first + size > len(head) >= MOST_NEW:
        behind = newest(rows).exclude(pk__in=list(found))
        start = max(0, first - len(head))
        shown += candidates(behind[start : first + size - len(head)])
    listings = dressed(Listing.objects.filter(pk__in=[one.pk for one in shown]))
    there = {one.pk: one for one in listings}
    # What went while this was read is left out.
    return [Recommendation(there[one.pk], pool.reason(one)) for one in shown if one.pk in there]


def _gathered(rows: ListingQuerySet, pool: _Pool) -> dict[int, Candidate]:
    """Whatever may stand in front: a thousand at most."""
    found = {one.pk: one for one in candidates(newest(rows)[:MOST_NEW])}
    if len(found) < MOST_NEW:
        # That is all there are.
        return found
    like = alike(rows, pool.person.taste)
    if like is not None:
        found |= {one.pk: one for one in candidates(like[:MOST_ALIKE])}
    missing = [pk for pk in pool.standings if pk not in found]
    if missing:
        found |= {one.pk: one for one in candidates(rows.filter(pk__in=missing))}
    return found


def _pool(kinds: tuple[str, ...], person: Person, wish: ListingWish, at: datetime) -> _Pool:
    standings = popular(kinds, at)
    for pk, (bookers, people) in shared(kinds, person).items():
        known = standings.get(pk, Standing())
        standings[pk] = replace(known, also_booked=bookers, also_liked=people)
    narrowed = replace(wish, sort=ANYTHING.sort, kind="") != ANYTHING
    return _Pool(person, standings, narrowed, at)
