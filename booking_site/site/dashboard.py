"""What the back office's first page says: what needs a person first, then today, then the last
days in figures and pictures, then what comes next. All of it in the stores the reader sees."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from appointments.admin.filters import overdue
from appointments.admin.showing import has_no_time, when
from appointments.models import Appointment, AppointmentQuerySet, Offer, Status
from appointments.selectors.console import away_then
from appointments.selectors.session_lists import in_conflict
from booking_site.common.backoffice.manager import Manager
from booking_site.common.models import BackupRun
from booking_site.common.periods import local_day
from chat.models import MessageReport
from notifications.models import Delivery, DeliveryStatus, WebhookDelivery, WebhookStatus
from payments.models import Payment, Refund, RefundState
from realtors.models import Realtor
from reviews.selectors import open_reports
from stores.models import Store

from .charts import charts, crowds, quantile
from .courses import course_charts, sessions_seen
from .days import PERIODS, USUAL_DAYS, Days
from .facts import Fact, facts_of, share_of, starting_in, waits_in

NEXT_MANY = 8
OVER = (Status.COMPLETED, Status.NO_SHOW)


def summary(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """By the reader's clock. Fifteen queries at most, however much there is."""
    manager = Manager.of(request)
    zone, now = manager.zone, timezone.now()
    today = now.astimezone(zone).date()
    stores = _stores(manager)
    store_id = _asked(request, "store", [pk for pk, _name in stores])
    days = Days.until(today, zone, _asked(request, "days", PERIODS) or USUAL_DAYS)
    seen, realtors = _seen(manager, store_id)
    facts = facts_of(seen, days)
    coming = seen.filter(
        live=False, status__in=[Status.PENDING, Status.CONFIRMED], starts_at__gte=now
    )
    todays = starting_in(facts, local_day(today, zone))
    context |= {
        "today": today,
        "today_total": len(todays),
        "today_cards": [_status_card(status, todays, today, store_id) for status in Status],
        "attention_cards": _attention_cards(manager, seen, now, store_id),
        "figures": _figures(facts, days),
        "days": days.count if days.step == 1 else PERIODS[-1],
        "periods": [_period(count, days, store_id) for count in PERIODS],
        "stores": stores if len(stores) > 1 else [],
        "store_id": store_id,
        "charts": [
            *charts(facts, realtors, days, at=now),
            *course_charts(facts, sessions_seen(manager, store_id), days, at=now),
        ],
        "crowds": crowds(facts, days, zone),
        "coming": [_next(one, now) for one in coming.order_by("starts_at", "pk")[:NEXT_MANY]],
        "several": len(stores) != 1 and store_id is None,
    }
    return context


def _stores(manager: Manager) -> list[tuple[int, str]]:
    if not manager.is_operator:
        return manager.stores
    return list(Store.objects.order_by("name", "pk").values_list("pk", "name"))


def _asked(request: HttpRequest, name: str, known: Sequence[int]) -> int | None:
    """A number of the address, if it is one of those there are."""
    return next((one for one in known if str(one) == request.GET.get(name)), None)


def _seen(manager: Manager, store_id: int | None) -> tuple[AppointmentQuerySet, Any]:
    seen = Appointment.objects.with_people()
    realtors = Realtor.objects.bookable()
    if store_id is not None:
        return seen.filter(store=store_id), realtors.filter(store=store_id)
    if manager.is_operator:
        return seen, realtors
    ids = manager.store_ids
    return seen.filter(store__in=ids), realtors.filter(store__in=ids)


def _period(count: int, days: Days, store_id: int | None) -> dict[str, Any]:
    query = {"days": count} | ({"store": store_id} if store_id else {})
    chosen = count == days.count or (days.step > 1 and count == PERIODS[-1])
    return {"count": count, "link": f"?{urlencode(query)}", "chosen": chosen}


def _status_card(
    status: Status, todays: Sequence[Fact], today: date, store_id: int | None
) -> dict[str, Any]:
    day = formats.localize_input(today, formats.get_format("DATE_INPUT_FORMATS")[0])
    query = {"status__exact": str(status), "starts_at_from": day, "starts_at_to": day}
    count = sum(one.status == status for one in todays)
    return {"label": status.label, "count": count, "link": _rows("appointment", query, store_id)}


def _attention_cards(
    manager: Manager, seen: AppointmentQuerySet, now: datetime, store_id: int | None
) -> list[dict[str, Any]]:
    """What somebody has to do something about, and where; what is not nothing stands first."""
    counts = _needing(manager, seen, now, store_id)
    cards = [
        _card(_("Declined by everybody"), counts["needy"], {"line": "needs-person"}, store_id),
        _card(_("Orders that need a person"), counts["orders"], {"line": "needs-person"}, store_id),
        _card(_("Waiting without a realtor"), counts["waiting"], {"line": "waiting"}, store_id),
        {
            "label": _("Offers past their deadline"),
            "count": counts["late"],
            "link": _list("appointments_offer", {"overdue": "yes"}, "appointment__store", store_id),
        },
        _card(_("Bookings during time off"), counts["off"], {"off": "yes"}, store_id),
        {
            "label": _("Undelivered letters"),
            "count": counts["letters"],
            "link": _list(
                "notifications_delivery",
                {"status__exact": "dead"},
                "event__appointment__store",
                store_id,
            ),
        },
        {
            "label": _("Failed webhooks"),
            "count": counts["webhooks"],
            "link": _list(
                "notifications_webhookdelivery",
                {"status__exact": "dead"},
                "endpoint__store",
                store_id,
            ),
        },
        *_reports(counts, store_id),
        *_money(counts, store_id),
        *_backups(manager, counts),
        _sessions(manager, now, store_id),
        _card(_("Awaiting a realtor's answer"), counts["asked"], {"line": "asked"}, store_id)
        | {"calm": True},
    ]
    return sorted(cards, key=lambda card: (not card["count"], bool(card.get("calm"))))


def _sessions(manager: Manager, now: datetime, store_id: int | None) -> dict[str, Any]:
    """What is planned while the store is closed or the teacher away."""
    rows = sessions_seen(manager, store_id)
    return {
        "label": _("Sessions that cannot take place"),
        "count": len(in_conflict(rows, at=now)),
        "link": _rows("session", {"conflict": "yes"}, store_id),
    }


def _needing(
    manager: Manager, seen: AppointmentQuerySet, now: datetime, store_id: int | None
) -> Counter[str]:
    """How much there is of each that needs a person. One query."""
    pending, visible = seen.filter(status=Status.PENDING), seen.order_by().values("pk")
    said, payments = MessageReport.objects.open(), Payment.objects.with_problem()
    refunds = Refund.objects.filter(status=RefundState.FAILED)
    if store_id is not None or not manager.is_operator:
        ids = manager.store_ids if store_id is None else [store_id]
        said = said.filter(conversation__store__in=ids)
        payments = payments.filter(store__in=ids)
        refunds = refunds.filter(share__payment__store__in=ids)
    told, sent = Delivery.objects, WebhookDelivery.objects
    # They belong to no store: whoever does not run the whole site does not see them.
    backups = {"backups": BackupRun.objects.failed_since_good()} if manager.is_operator else {}
    return _counted(
        waiting=pending.filter(realtor=None),
        asked=pending.filter(realtor__isnull=False),
        needy=pending.filter(needs_person=True),
        # One side wants to call them off and the other does not, or nobody has begun them.
        orders=seen.filter(needs_person=True).exclude(
            status__in=[Status.PENDING, Status.CANCELLED]
        ),
        off=seen.filter(away_then(now)),
        late=overdue(Offer.objects.filter(appointment__in=visible), now),
        letters=told.filter(event__appointment__in=visible, status=DeliveryStatus.DEAD),
        webhooks=sent.filter(event__appointment__in=visible, status=WebhookStatus.DEAD),
        reviews=open_reports().filter(review__appointment__in=visible),
        messages=said,
        refunds=refunds,
        payments=payments,
        **backups,
    )


def _reports(counts: Counter[str], store_id: int | None) -> list[dict[str, Any]]:
    """Of reviews, and of what people said to each other."""
    query = {"state__exact": "open"}
    return [
        {
            "label": _("Reported reviews"),
            "count": counts["reviews"],
            "link": _list("reviews_reviewreport", query, "review__store", store_id),
        },
        {
            "label": _("Reported messages"),
            "count": counts["messages"],
            "link": _list("chat_messagereport", query, "conversation__store", store_id),
        },
    ]


def _money(counts: Counter[str], store_id: int | None) -> list[dict[str, Any]]:
    """What no gateway sends back, and what one says of a payment that we do not."""
    return [
        {
            "label": _("Refunds that need a person"),
            "count": counts["refunds"],
            "link": _list(
                "payments_refund",
                {"status__exact": str(RefundState.FAILED)},
                "share__payment__store",
                store_id,
            ),
        },
        {
            "label": _("Payments with a problem"),
            "count": counts["payments"],
            "link": _list("payments_payment", {"problem": "yes"}, "store", store_id),
        },
    ]


def _backups(manager: Manager, counts: Counter[str]) -> list[dict[str, Any]]:
    """For whoever may open their list, whichever store was chosen: they are of the whole site."""
    if not manager.is_operator:
        return []
    link = f"{reverse('admin:common_backuprun_changelist')}?{urlencode({'since': 'good'})}"
    label = _("Backups that failed since the last good one")
    return [{"label": label, "count": counts["backups"], "link": link}]


def _counted(**rows: QuerySet[Any]) -> Counter[str]:
    """How many of each, in one query."""
    first, *others = (
        some.order_by()
        .annotate(kind=Value(kind))
        .values("kind")
        .annotate(count=Count("pk"))
        .values_list("kind", "count")
        for kind, some in rows.items()
    )
    return Counter(dict(first.union(*others, all=True)))


def _card(label: str, count: int, query: dict[str, str], store_id: int | None) -> dict[str, Any]:
    return {"label": label, "count": count, "link": _rows("appointment", query, store_id)}


def _rows(model: str, query: dict[str, str], store_id: int | None) -> str:
    return _list(f"appointments_{model}", query, "store", store_id)


def _list(name: str, query: dict[str, str], store: str, store_id: int | None) -> str:
    if store_id is not None:
        query = query | {f"{store}__id__exact": str(store_id)}
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(query)}"


def _figures(facts: Sequence[Fact], days: Days) -> list[dict[str, str]]:
    """The last days beside as many before them."""
    now, before = starting_in(facts, days.span), starting_in(facts, days.before)
    waits, waits_before = (
        [minutes for _at, minutes in waits_in(facts, period)] for period in (days.span, days.before)
    )
    return [
        {
            "label": _("Appointments"),
            "value": formats.number_format(len(now)),
            "note": _("%(count)s in the %(days)s days before")
            % {"count": formats.number_format(len(before)), "days": days.count},
        },
        _rate(_("Cancelled"), now, before, Status.CANCELLED, Status),
        _rate(_("Did not come"), now, before, Status.NO_SHOW, OVER),
        _wait(_("Usual wait"), waits, waits_before, 0.5),
        _wait(_("Long wait (95 of 100)"), waits, waits_before, 0.95),
    ]


def _rate(
    label: str, now: Sequence[Fact], before: Sequence[Fact], status: Status, among: Any
) -> dict[str, str]:
    rate, earlier = share_of(now, status, among), share_of(before, status, among)
    value = "–" if rate is None else f"{formats.number_format(round(100 * rate, 1), 1)} %"
    if rate is None or earlier is None:
        return {"label": label, "value": value, "note": _("nothing to compare with")}
    points = round(100 * (rate - earlier), 1)
    told = {"points": formats.number_format(abs(points), 1)}
    if not points:
        note = _("as before")
    elif points > 0:
        note = _("%(points)s points more than before") % told
    else:
        note = _("%(points)s points less than before") % told
    return {"label": label, "value": value, "note": note}


def _wait(
    label: str, waits: Sequence[float], before: Sequence[float], share: float
) -> dict[str, str]:
    if not waits:
        return {"label": label, "value": "–", "note": _("nobody was served from a live line")}
    value = _("%(minutes)s min") % {"minutes": formats.number_format(round(quantile(waits, share)))}
    if not before:
        return {"label": label, "value": value, "note": _("nothing to compare with")}
    earlier = formats.number_format(round(quantile(before, share)))
    return {
        "label": label,
        "value": value,
        "note": _("%(minutes)s min before") % {"minutes": earlier},
    }


def _next(appointment: Appointment, at: datetime) -> dict[str, Any]:
    return {
        "row": appointment,
        "when": _("as soon as possible") if has_no_time(appointment) else when(appointment, at),
    }
