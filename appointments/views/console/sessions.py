"""One's sessions, week by week."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import SessionStatus
from appointments.presenters import times
from appointments.presenters.own_sessions import by_day, week_in_figures
from appointments.presenters.session_rules import rule_row
from appointments.selectors.own_sessions import (
    own_courses,
    own_rules,
    sessions_within,
    with_conflicts,
)
from appointments.views.console.access import page
from booking_site.common.periods import Period, day_start, local_day
from realtors.models import Realtor

WEEK = timedelta(days=7)


@page
def sessions(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The week that contains ``?week=``, of one ``?course=`` or of all; nonsense is this week, and
    all of them. Queries: constant."""
    at = timezone.now()
    zone = realtor.store.zone
    today = at.astimezone(zone).date()
    first = monday_of(times.read_day(request.GET.get("week", ""), today) or today)
    last = first + WEEK - timedelta(days=1)
    courses = list(own_courses(realtor))
    asked = request.GET.get("course", "")
    course = next((one for one in courses if str(one.pk) == asked), None)
    reaching = sessions_within(
        realtor,
        Period(day_start(first, zone), local_day(last, zone).end),
        at=at,
        statuses=SessionStatus.values,
        course_id=course.pk if course else None,
    )
    found = [one for one in reaching if one.session.starts_local.date() >= first]
    keep = {"course": str(course.pk)} if course else {}
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "courses": courses,
        "course": course,
        "days": by_day(with_conflicts(found, at), at),
        "figures": week_in_figures(found),
        "rules": [rule_row(one, today) for one in own_rules(realtor, at)] if courses else [],
        "title": _("%(first)s – %(last)s")
        % {"first": times.plain_day(first, today), "last": times.plain_day(last, today)},
        "zone_note": times.zone_note(realtor.store),
        "is_this_week": first == monday_of(today),
        "week": first.isoformat(),
        "before": urlencode({"week": (first - WEEK).isoformat(), **keep}),
        "this": urlencode(keep),
        "after": urlencode({"week": (first + WEEK).isoformat(), **keep}),
    }
    return render(request, "console/sessions.html", context)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
