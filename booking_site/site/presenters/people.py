"""Realtors on public pages. Their phone and e-mail stand on none of them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from appointments.presenters.week import Week
from appointments.selectors.availability import Availability
from appointments.selectors.candidates import not_there
from booking_site.common.periods import Period
from realtors.models import Realtor
from stores.models import Category

A_MINUTE = timedelta(minutes=1)


def person(realtor: Realtor, *, skills: bool = True) -> dict[str, Any]:
    """``skills`` must have been fetched before; one query each where they have not."""
    return {
        "pk": realtor.pk,
        "name": realtor.name,
        "seed": realtor.pk,
        "picture_url": realtor.user.avatar_url if realtor.user else None,
        "detail": _skills(realtor) if skills else "",
        "bio": realtor.bio,
        "rating": realtor.rating if realtor.review_count else None,
        "review_count": realtor.review_count,
        "href": reverse("site:realtor", args=[realtor.pk]),
    }


def _skills(realtor: Realtor) -> str:
    """Without the category of what fits nowhere else: it tells nobody anything."""
    named = [one for one in realtor.skills.all() if one.slug != Category.EVERYTHING_ELSE]
    return " · ".join(one.shown_name for one in named)


def in_a_result(realtor: Realtor) -> dict[str, Any]:
    """Found by name: where they work says more than what they do."""
    return person(realtor, skills=False) | {"detail": realtor.store.name}


def to_choose(realtor: Realtor, week: Week, *, chosen: bool) -> dict[str, Any]:
    """A chip above the times of a store: only theirs, on the same day."""
    query = urlencode({"date": week.chosen.date.isoformat(), "realtor": realtor.pk})
    return person(realtor) | {"chosen": chosen, "times_href": f"?{query}#times"}


def is_on_duty(realtor: Realtor, picture: Availability, at: datetime) -> bool:
    """Whether they take customers at this moment, as the live line sees it. No query."""
    timeout = picture.policy.online_timeout_minutes
    works = picture.works(realtor, Period(at, at + A_MINUTE))
    return works and not_there(realtor, timeout, at=at) is None
