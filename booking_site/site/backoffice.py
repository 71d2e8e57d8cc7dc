"""The frame of the back office: its navigation and its tabs."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from notifications.presenters.lists import bell_of
from notifications.selectors.reading import loaded_standing

# (group, its models in the order of daily use, with an icon each).
GROUPS: tuple[tuple[Any, tuple[tuple[str, str], ...]], ...] = (
    (
        gettext_lazy("Appointments"),
        (
            ("appointments.Appointment", "event"),
            ("appointments.Order", "inbox"),
            ("appointments.CancelRequest", "rule"),
            ("appointments.Offer", "forward_to_inbox"),
            ("appointments.Hold", "hourglass_top"),
            ("appointments.AppointmentEvent", "history"),
            ("reviews.Review", "star"),
            ("reviews.ReviewReport", "flag"),
        ),
    ),
    (
        gettext_lazy("Listings and courses"),
        (
            ("realtors.Listing", "apps"),
            ("appointments.Session", "calendar_today"),
            ("appointments.SessionRule", "event_repeat"),
            ("appointments.SeatWish", "favorite"),
            ("appointments.Package", "inbox"),
            ("appointments.StayPet", "pets"),
            ("appointments.ViewingFeedback", "reply"),
        ),
    ),
    (
        gettext_lazy("Payments"),
        (
            ("payments.Payment", "tag"),
            ("payments.PaymentShare", "event_available"),
            ("payments.Refund", "undo"),
            ("payments.GatewayNotice", "inbox"),
        ),
    ),
    (
        gettext_lazy("Conversations"),
        (
            ("chat.MessageReport", "flag"),
            ("chat.Conversation", "forum"),
            ("chat.ChatLogEntry", "history"),
            ("chat.Block", "cancel"),
        ),
    ),
    (
        gettext_lazy("Stores"),
        (
            ("stores.Store", "storefront"),
            ("stores.SpecialDay", "celebration"),
            ("stores.BookingPolicy", "rule"),
            ("stores.StoreMembership", "badge"),
            ("stores.ApiKey", "data_object"),
            ("stores.Category", "category"),
        ),
    ),
    (
        gettext_lazy("Realtors"),
        (
            ("realtors.Realtor", "person_pin"),
            ("realtors.Listing", "tag"),
            ("realtors.Interest", "favorite"),
            ("realtors.TimeOff", "beach_access"),
            ("realtors.WorkingInterval", "schedule"),
            ("appointments.CalendarFeed", "event_repeat"),
        ),
    ),
    (
        gettext_lazy("Notifications"),
        (
            ("notifications.Delivery", "mail"),
            ("notifications.Announcement", "campaign"),
            ("notifications.Notification", "visibility"),
            ("notifications.OutboxEvent", "history"),
            ("notifications.Reminder", "alarm"),
            ("notifications.WebhookEndpoint", "data_object"),
            ("notifications.WebhookDelivery", "upload"),
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
    "payments.Payment": ("payments_payment_report", gettext_lazy("Money report"), "database"),
    "chat.Block": ("chat_block_policy", gettext_lazy("Policy and words"), "rule"),
    "appointments.Appointment": (
        "appointments_appointment_live",
        gettext_lazy("Live queue"),
        "bolt",
    ),
    "stores.StoreMembership": (
        "stores_storemembership_roles",
        gettext_lazy("Who may what"),
        "admin_panel_settings",
    ),
}
REST = gettext_lazy("Behind the scenes")
REST_ICON = "database"


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups in the words of the domain; what they do not name stands, folded, at the end."""
    listed = {
        model._meta.label: model_admin
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_view_permission(request) and getattr(model_admin, "in_navigation", True)
    }
    today = {"title": _("Today"), "icon": "today", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"title": "", "items": [today, _bell(request)]}]
    for title, models in GROUPS:
        items: list[dict[str, Any]] = []
        for label, icon in models:
            if label in listed:
                items += _entries(request, label, listed.pop(label), icon)
        groups.append({"title": title, "separator": True, "items": items})
    rest = [_entry(model_admin, REST_ICON) for _label, model_admin in sorted(listed.items())]
    groups.append({"title": REST, "separator": True, "collapsible": True, "items": rest})
    return [group for group in groups if group["items"]]


def _bell(request: HttpRequest) -> dict[str, Any]:
    """One's own notifications, and how many are unread: what the bell is on other pages. No query:
    it was loaded with the user."""
    unread = loaded_standing(request.user).unread  # type: ignore[arg-type]
    entry = {"title": _("My notifications"), "icon": "inbox", "link": reverse("notifications:list")}
    return entry | ({"badge": bell_of(u=0, unread=unread)["shown"]} if unread else {})


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


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Above the lists in which staff look for a part most often. The theme marks a list in its menu
    wherever its tabs are known: elsewhere there are none."""
    for model, parameters, wanted in _tabs():
        page = reverse(f"admin:{model.replace('.', '_')}_changelist")
        if request.path != page:
            continue
        asked = {name: request.GET[name] for name in parameters if request.GET.get(name)}
        items = [
            {
                "title": title,
                "link": f"{page}?{urlencode(query)}" if query else page,
                "active": asked == query,
            }
            for title, query in wanted
        ]
        return [{"models": [model], "items": items}]
    return []


Tabs = tuple[str, tuple[str, ...], tuple[tuple[Any, dict[str, str]], ...]]


def _tabs() -> tuple[Tabs, ...]:
    return (
        (
            "appointments.appointment",
            ("when", "line"),
            (
                (pgettext("appointments", "All"), {}),
                (pgettext("appointments", "Today"), {"when": "today"}),
                (pgettext("appointments", "Tomorrow"), {"when": "tomorrow"}),
                (pgettext("appointments", "Waiting"), {"line": "waiting"}),
                (pgettext("appointments", "Needs a person"), {"line": "needs-person"}),
            ),
        ),
        (
            "appointments.cancelrequest",
            ("state__exact",),
            (
                (pgettext("requests", "All"), {}),
                (pgettext("requests", "To decide"), {"state__exact": "disputed"}),
                (pgettext("requests", "To be answered"), {"state__exact": "open"}),
            ),
        ),
        (
            "appointments.session",
            ("when", "seats", "conflict"),
            (
                (pgettext("sessions", "All"), {}),
                (pgettext("sessions", "To come"), {"when": "upcoming"}),
                (pgettext("sessions", "Full"), {"seats": "full"}),
                (pgettext("sessions", "In conflict"), {"conflict": "yes"}),
            ),
        ),
        (
            "chat.messagereport",
            ("state__exact",),
            (
                (pgettext("reports", "All"), {}),
                (pgettext("reports", "To decide"), {"state__exact": "open"}),
                (pgettext("reports", "Upheld"), {"state__exact": "upheld"}),
                (pgettext("reports", "Dismissed"), {"state__exact": "dismissed"}),
            ),
        ),
    )
