"""Stores: found by name and place, and one of them with its times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from appointments.presenters import hours as opening
from appointments.presenters import live, times
from appointments.presenters.policy import policy_sentences
from appointments.presenters.week import Week, week_for
from appointments.selectors.pictures import Apart, Window, pictures
from appointments.selectors.slots import Slot, first_free_start
from appointments.selectors.waits import live_lines
from appointments.views.guards import kind_refusals
from appointments.views.memory import Memory
from appointments.views.queue import line_address
from booking_site.common.api.inputs import row_id
from booking_site.common.errors import NotFound
from realtors.models import Realtor
from reviews.presenters import told
from reviews.selectors import newest_of
from stores.models import Category, Store
from stores.rules import OpeningHours
from stores.selectors import opening_hours_of

PER_PAGE = 12
# How far ahead a list looks for the next free time; further ones are found on the store's page.
DAYS_AHEAD = 2
LONGEST_SEARCH = 80
NEWEST_REVIEWS = 3
# More people than this are chosen from a list instead of a row of chips.
MOST_CHIPS = 8


@dataclass(frozen=True)
class Card:
    """A store in a list."""

    store: Store
    city: str
    href: str
    open_now: bool
    hours: str
    next_free: str
    line: str


@require_safe
@kind_refusals
def store_list(request: HttpRequest) -> HttpResponse:
    """Everything that filters is in the address, so that it can be kept and sent on."""
    at = timezone.now()
    search = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    only_open = request.GET.get("open") == "1"
    found = search_stores(search)
    hours = None
    if only_open:
        everywhere = list(found)
        hours = hours_around(everywhere, at)
        rows: list[Store] | QuerySet[Store] = [
            store for store in everywhere if hours[store.pk].is_open(at)
        ]
    else:
        rows = found
    page: Page[Store] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    kept = {"q": search, "open": "1" if only_open else ""}
    context = {
        "cards": store_cards(list(page.object_list), at, hours),
        "page": page,
        "search": search,
        "only_open": only_open,
        "query": _query(**kept),
        "toggle": "?" + _query(**{**kept, "open": "" if only_open else "1"}),
        "total": page.paginator.count,
    }
    return render(request, "site/stores.html", context)


@require_safe
@kind_refusals
def store(request: HttpRequest, store_id: int) -> HttpResponse:
    """One store: what it is, when it is open, who is there, and the times to choose from."""
    at = timezone.now()
    found = get_object_or_404(_with_staff(request), pk=store_id)
    named = request.GET.get("realtor", "")
    try:
        realtor_id = row_id(named) if named else None
    except NotFound:
        return redirect("site:store", store_id)
    week = _week(request, found, realtor_id, at)
    realtor = next((one for one in week.picture.realtors if one.pk == realtor_id), None)
    if realtor_id is not None and realtor is None:
        return redirect("site:store", store_id)
    # The picture knows who works when; what the page shows of them besides is looked up here.
    prefetch_related_objects(week.picture.realtors, "skills")
    hours = week.picture.hours
    today = week.today
    taken = _still_taken(times.read_stamp(request.GET.get("taken", "")), week)
    context = {
        "store": found,
        "city": _city(found),
        "live": _live(week),
        "runs_it": getattr(found, "runs_it", False),
        "week": week,
        "realtor": realtor,
        "people": [_person(one, week, one == realtor) for one in week.picture.realtors],
        "many_people": len(week.picture.realtors) > MOST_CHIPS,
        "reviews": [told(one, at) for one in newest_of(found, most=NEWEST_REVIEWS)],
        "anyone": _anyone(week),
        "open_now": opening.open_now(hours, at),
        "zone_note": times.zone_note(found),
        "hours_today": opening.written(hours.intervals(today)),
        "ordinary_week": opening.ordinary_week(hours, today),
        "special_days": opening.special_rows(hours, today),
        "rules": policy_sentences(week.picture.policy.snapshot()),
        "duration": times.duration(week.picture.policy.default_duration_minutes),
        "taken": taken and times.spoken(taken, found.zone, at),
        "late": "late" in request.GET,
        "kept": bool(Memory(request).details),
        "instead": week.free_from(max(taken, at)) if taken else [],
        "instead_of_waiting": [] if taken else week.next_free(limit=3),
    }
    return render(request, "site/store.html", context)


@require_safe
def realtor(request: HttpRequest, realtor_id: int) -> HttpResponse:
    found = get_object_or_404(Realtor.objects.bookable(), pk=realtor_id)
    return redirect(
        f"{reverse('site:store', args=[found.store_id])}?{_query(realtor=str(found.pk))}"
    )


def _with_staff(request: HttpRequest) -> QuerySet[Store]:
    """Stores, which say in the same query whether the visitor runs them."""
    rows = Store.objects.open_to_public()
    if not isinstance(request.user, User):
        return rows
    run = Store.objects.managed_by(request.user).filter(pk=OuterRef("pk"))
    return rows.annotate(runs_it=Exists(run))


def _live(week: Week) -> dict | None:
    """The live line, where the strip shows today; whoever looks at another week wants a time."""
    if week.today not in {day.date for day in week.days}:
        return None
    pk, painted = week.store.pk, {week.store.pk: week.picture}
    line = live_lines([week.store], at=week.at, pictures=painted)[pk]
    return live.of_store(line, week.picture.policy)


def _still_taken(start: datetime | None, week: Week) -> datetime | None:
    """The start somebody lost, unless it has become free again before the page was looked at."""
    slot = week.slot_at(start) if start else None
    return None if slot is not None and slot.available else start


def search_stores(search: str) -> QuerySet[Store]:
    """Every word must be somewhere in the name, the city or the address."""
    rows = Store.objects.open_to_public().order_by("id")
    for word in search.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(address__icontains=word)
        )
    return rows


def hours_around(stores: list[Store], at: datetime) -> dict[int, OpeningHours]:
    """Opening hours of the days that a list may speak of, in any zone. Two queries."""
    day = at.date()
    return opening_hours_of(stores, day - timedelta(days=1), day + timedelta(days=DAYS_AHEAD + 6))


def store_cards(
    stores: list[Store], at: datetime, hours: dict[int, OpeningHours] | None = None
) -> list[Card]:
    """Queries: constant, about ten."""
    hours = hours if hours is not None else hours_around(stores, at)
    windows = []
    for one in stores:
        today = at.astimezone(one.zone).date()
        windows.append(Window(one, today, today + timedelta(days=DAYS_AHEAD)))
    found = pictures(windows, at=at, hours=hours)
    lines = live_lines(stores, at=at, pictures=found)
    cards = []
    for window in windows:
        one = window.store
        start = first_free_start(found[one.pk], last=window.last, at=at)
        now = opening.open_now(hours[one.pk], at)
        cards.append(
            Card(
                store=one,
                city=_city(one),
                href=reverse("site:store", args=[one.pk]),
                open_now=now.is_open,
                hours=now.sentence,
                next_free=_next_free(start, one, at),
                line=live.in_a_card(lines[one.pk]),
            )
        )
    return cards


def _city(store: Store) -> str:
    """Unless the address says it already, as Chinese ones do."""
    return "" if store.city in store.address else store.city


def _next_free(start: datetime | None, store: Store, at: datetime) -> str:
    if start is None:
        return _("Nothing free for three days")
    return _("From %(when)s") % {"when": times.spoken(start, store.zone, at)}


def _week(request: HttpRequest, store: Store, realtor_id: int | None, at: datetime) -> Week:
    """Everybody's times, or those of the one chosen. Who has a time held already sees it as free:
    choosing again replaces it."""
    keep = {"realtor": str(realtor_id)} if realtor_id else {}
    held = Memory(request).token_in(store.pk)
    user_id = request.user.pk
    own = Q(user=user_id) if user_id else Q(token=held, user=None)
    return week_for(
        store,
        at=at,
        wanted=request.GET.get("date", ""),
        realtor_id=realtor_id,
        apart=Apart(holds=own if user_id or held else None),
        line_href=None if realtor_id else lambda slot: _line_href(store, slot),
        keep=keep,
    )


def _line_href(store: Store, slot: Slot) -> str:
    return line_address(store, slot.starts_at)


def _person(realtor: Realtor, week: Week, chosen: bool) -> dict:
    picture = realtor.user.avatar_url if realtor.user else None
    return {
        "name": realtor.name,
        "seed": realtor.pk,
        "picture_url": picture,
        "detail": " · ".join(map(_skill, realtor.skills.all())),
        "bio": realtor.bio,
        "rating": realtor.rating if realtor.review_count else None,
        "review_count": realtor.review_count,
        "chosen": chosen,
        "href": f"?{_query(date=week.chosen.date.isoformat(), realtor=str(realtor.pk))}#times",
    }


def _skill(skill: Category) -> str:
    chinese = (get_language() or "").startswith("zh")
    return skill.name if chinese else skill.name_en or skill.name


def _anyone(week: Week) -> str:
    return f"?{_query(date=week.chosen.date.isoformat())}#times"


def _query(**parts: str) -> str:
    return urlencode({name: value for name, value in parts.items() if value})
