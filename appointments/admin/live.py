"""The live lines as a page that keeps itself up to date: who waits where, and for how long."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.selectors.lines import queue_positions
from appointments.selectors.waits import (
    Estimate,
    LiveLine,
    Paces,
    Pictures,
    estimates,
    live_lines,
    paces_of,
    pictures_of_today,
)
from booking_site.common.backoffice.manager import Manager
from stores.models import Store, StoreQuerySet

from .showing import local, minutes_in_words, wait_in_words


def live_queue(request: HttpRequest, model_admin: Any) -> TemplateResponse:
    """Of the reader's stores. Queries: constant, however many stores and people there are."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    at = timezone.now()
    stores = list(_stores_of(Manager.of(request)).order_by("name", "pk"))
    found = pictures_of_today(stores, at=at)
    paces = paces_of(found, at=at)
    lines = live_lines(stores, at=at, pictures=found, paces=paces)
    rows = _rows(stores, found, paces, at)
    told = [_told(store, lines[store.pk], rows.get(store.pk, [])) for store in stores]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Live queue"),
        "at": timezone.localtime(at),
        "busy": [one for one in told if one["rows"]],
        "quiet": [one for one in told if not one["rows"]],
    }
    return TemplateResponse(request, "admin/appointments/live.html", context)


def _stores_of(manager: Manager) -> StoreQuerySet:
    stores = Store.objects.open_to_public()
    return stores if manager.is_operator else stores.filter(pk__in=manager.store_ids)


def _rows(
    stores: list[Store], found: Pictures, paces: Paces, at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """By store: those who wait, in the order of the line, and before them those who are being
    offered to somebody."""
    live = Appointment.objects.filter(live=True, status=Status.PENDING, store__in=stores)
    people = list(live.with_people().order_by("priority", "queued_at", "pk"))
    positions = queue_positions(people)
    waits = estimates(people, at=at, positions=positions, pictures=found, paces=paces)
    answers = Offer.objects.filter(appointment__in=people, status=OfferStatus.OPEN)
    deadlines = dict(answers.values_list("appointment_id", "deadline_at"))
    rows: dict[int, list[dict[str, Any]]] = {}
    for one in sorted(people, key=lambda one: positions[one.pk]):
        rows.setdefault(one.store_id, []).append(
            {
                "appointment": one,
                "position": positions[one.pk] or "–",
                "since": local(one.queued_at, one.store),
                "age": minutes_in_words(int((at - one.queued_at).total_seconds() // 60)),
                "state": _state(one, waits[one.pk], deadlines.get(one.pk)),
            }
        )
    return rows


def _state(appointment: Appointment, wait: Estimate, deadline: datetime | None) -> str:
    if appointment.is_waiting:
        if appointment.needs_person:
            return _("everybody has declined: needs a person")
        return wait_in_words(wait.minutes, staffed=wait.staffed)
    if deadline is None:
        return str(appointment.realtor)
    until = time_format(deadline.astimezone(appointment.store.zone), "TIME_FORMAT")
    told = {"realtor": appointment.realtor, "time": until}
    return _("%(realtor)s is asked, until %(time)s") % told


def _told(store: Store, line: LiveLine, rows: list[dict[str, Any]]) -> dict[str, Any]:
    wait = wait_in_words(line.wait_minutes, staffed=line.on_duty > 0)
    if not line.serves_today:
        wait = _("nobody works today any more")
    figures = {"length": line.length, "on_duty": line.on_duty, "wait": wait}
    return {"store": store, "rows": rows, **figures}
