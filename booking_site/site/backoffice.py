"""The frame of the back office: its navigation, and what its first page says of today."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Appointment, Offer, OfferStatus, Status
from booking_site.common.backoffice.manager import Manager
from booking_site.common.periods import local_day
from notifications.models import Delivery, DeliveryStatus
from realtors.models import Realtor

from .charts import charts

# (group, its models in the order of daily use, with an icon each).
GROUPS: tuple[tuple[Any, tuple[tuple[str, str], ...]], ...] = (
    (
        gettext_lazy("Appointments"),
        (
            ("appointments.Appointment", "event"),
            ("appointments.Offer", "forward_to_inbox"),
            ("appointments.Hold", "hourglass_top"),
            ("appointments.AppointmentEvent", "history"),
            ("reviews.Review", "star"),
        ),
    ),
    (
        gettext_lazy("Stores"),
        (
            ("stores.Store", "storefront"),
            ("stores.SpecialDay", "celebration"),
            ("stores.BookingPolicy", "rule"),
            ("stores.StoreMembership", "badge"),
            ("stores.Category", "category"),
        ),
    ),
    (
        gettext_lazy("Realtors"),
        (
            ("realtors.Realtor", "person_pin"),
            ("realtors.TimeOff", "beach_access"),
            ("realtors.WorkingInterval", "schedule"),
        ),
    ),
    (
        gettext_lazy("Notifications"),
        (
            ("notifications.Delivery", "mail"),
            ("notifications.OutboxEvent", "campaign"),
            ("notifications.Reminder", "alarm"),
        ),
    ),
    (
        gettext_lazy("People"),
        (
            ("accounts.User", "group"),
            ("accounts.Child", "child_care"),
            ("accounts.Pet", "pets"),
        ),
    ),
)
# Pages that stand below the list of a model: (name of the address, title, icon).
PAGES = {
    "appointments.Appointment": (
        "appointments_appointment_live",
        gettext_lazy("Live queue"),
        "bolt",
    )
}
REST = gettext_lazy("Behind the scenes")
REST_ICON = "database"
NEXT_MANY = 8


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups in the words of the domain; what they do not name stands, folded, at the end."""
    listed = {
        model._meta.label: model_admin
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_view_permission(request) and getattr(model_admin, "in_navigation", True)
    }
    today = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"title": "", "items": [today]}]
    for title, models in GROUPS:
        items: list[dict[str, Any]] = []
        for label, icon in models:
            if label in listed:
                items += _entries(request, label, listed.pop(label), icon)
        groups.append({"title": title, "separator": True, "items": items})
    rest = [_entry(model_admin, REST_ICON) for _label, model_admin in sorted(listed.items())]
    groups.append({"title": REST, "separator": True, "collapsible": True, "items": rest})
    return [group for group in groups if group["items"]]


def _entry(model_admin: Any, icon: str) -> dict[str, Any]:
    meta = model_admin.opts
    link = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    title = meta.verbose_name_plural
    return {"title": title[:1].upper() + title[1:], "icon": icon, "link": link}


def _entries(request: HttpRequest, label: str, model_admin: Any, icon: str) -> list[dict[str, Any]]:
    """The list of a model, and the page beside it if there is one."""
    entry = _entry(model_admin, icon)
    if label not in PAGES:
        return [entry]
    name, title, page_icon = PAGES[label]
    page = {"title": title, "icon": page_icon, "link": reverse(f"admin:{name}")}
    # The theme would take the page, whose address goes on from the list's, for the list itself.
    is_there = request.path == page["link"]
    listed = request.path.startswith(entry["link"]) and not is_there
    return [entry | {"active": listed}, page | {"active": is_there}]


def summary(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Today by the reader's clock, in the stores the reader sees."""
    zone = Manager.of(request).zone
    now = timezone.now()
    today = now.astimezone(zone).date()
    day = local_day(today, zone)
    seen = Appointment.objects.with_people()
    realtors = Realtor.objects.bookable()
    manager = Manager.of(request)
    if not manager.is_operator:
        seen = seen.filter(store__in=manager.store_ids)
        realtors = realtors.filter(store__in=manager.store_ids)
    during = seen.filter(starts_at__gte=day.start, starts_at__lt=day.end)
    rows = during.order_by().values_list("status").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    booked = seen.filter(live=False, status__in=[Status.PENDING, Status.CONFIRMED])
    coming = booked.filter(starts_at__gte=now)
    context |= {
        "today": today,
        "today_total": sum(counts.values()),
        "today_cards": [_status_card(status, counts, today) for status in Status],
        "attention_cards": _attention_cards(seen, now),
        "charts": charts(seen, realtors, today=today, zone=zone, at=now),
        "coming": coming.order_by("starts_at", "pk")[:NEXT_MANY],
    }
    return context


def _status_card(status: Status, counts: dict[str, int], today: Any) -> dict[str, Any]:
    day = formats.localize_input(today, formats.get_format("DATE_INPUT_FORMATS")[0])
    query = f"status__exact={status}&starts_at_from={day}&starts_at_to={day}"
    return {"label": status.label, "count": counts.get(status, 0), "link": _appointments(query)}


def _attention_cards(seen: Any, now: Any) -> list[dict[str, Any]]:
    pending = seen.filter(status=Status.PENDING)
    nobody = Q(realtor=None)
    counts = pending.order_by().aggregate(
        waiting=Count("pk", filter=nobody),
        asked=Count("pk", filter=~nobody),
        needy=Count("pk", filter=Q(needs_person=True)),
    )
    open_offers = Offer.objects.filter(appointment__in=pending.order_by().values("pk"))
    letters = Delivery.objects.filter(event__appointment__in=seen.order_by().values("pk"))
    unanswered = open_offers.filter(status=OfferStatus.OPEN, deadline_at__lt=now)
    return [
        {
            "label": _("in line, waiting for somebody to be free"),
            "count": counts["waiting"],
            "link": _appointments("line=waiting"),
        },
        {
            "label": _("need a person: everybody has declined"),
            "count": counts["needy"],
            "link": _appointments("line=needs-person"),
        },
        {
            "label": _("wait for a realtor's answer"),
            "count": counts["asked"],
            "link": _appointments("line=asked"),
        },
        {
            "label": _("offers past their time to answer"),
            "count": unanswered.count(),
            "link": reverse("admin:appointments_offer_changelist") + "?status__exact=open",
        },
        {
            "label": _("letters that could not be sent"),
            "count": letters.filter(status=DeliveryStatus.DEAD).count(),
            "link": reverse("admin:notifications_delivery_changelist") + "?status__exact=dead",
        },
    ]


def _appointments(query: str) -> str:
    return reverse("admin:appointments_appointment_changelist") + f"?{query}"
