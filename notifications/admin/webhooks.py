"""Webhooks of stores, and what is on its way there; what could not be sent waits for a person."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from booking_site.common.admin import (
    BaseAdmin,
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    RelatedFilter,
)
from booking_site.common.admin.base import EVERYTHING
from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from notifications.gateways.webhooks import Answer, post
from notifications.gateways.webhooks_guard import Place
from notifications.models import WebhookDelivery, WebhookEndpoint, WebhookStatus
from notifications.presenters.webhooks import ping_of
from notifications.services import posting, webhooks
from notifications.services.webhooks import Changes
from notifications.webhook_limits import count_test, look_up_for, one_of_few
from stores.models import Store

from .showing import local_in
from .webhook_form import WebhookForm

STANDING = {"on": "success", "failing": "warning", "off": "danger", "paused": "default"}
COLOURS: dict[str, str] = {
    WebhookStatus.PENDING: "info",
    WebhookStatus.SENT: "success",
    WebhookStatus.DROPPED: "default",
    WebhookStatus.DEAD: "danger",
}


class OnChosen(BaseAdmin):
    """Actions of those who run the store, on one row after the other."""

    def has_run_permission(self, request: HttpRequest) -> bool:
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    def _each(
        self, request: HttpRequest, chosen: QuerySet[Any], work: Callable[[Any], object]
    ) -> None:
        """``work`` returns the sentence that says what was done."""
        for row in chosen:
            try:
                messages.success(request, str(work(row)))
            except Refusal as refusal:
                messages.error(request, f"{row}: {refusal}")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(OnChosen):
    store_lookup = "store"
    managers_may = EVERYTHING
    form = WebhookForm
    list_display = ("name", "store", "host", "what_for", "standing", "failing")
    list_select_related = ("store",)
    list_filter = (
        ("store", RelatedFilter),
        "is_active",
        ("disabled_reason", ChoiceFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("name", "url", "store__name")
    ordering = ("-id",)
    autocomplete_fields = ("store",)
    actions = ("rotate", "switch_on", "send_test")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = ("store", "name", "url", "events", "is_active")
        if obj is None:
            return fields
        return (*fields, ("failing", "switched_off"), "why", ("created_at", "updated_at"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("store", "failing", "switched_off", "why", "created_at", "updated_at")
        return shown if obj else ()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """An address is looked up before the transaction of the form begins: that takes time."""
        known = Manager.of(request).rows
        if request.method == "POST" and self.has_add_permission(request):
            try:
                known[WebhookForm, "place"] = self._looked_up(request, object_id)
            except Refusal as refusal:
                known[WebhookForm, "refusal"] = refusal
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _looked_up(self, request: HttpRequest, object_id: str | None) -> Place | None:
        """None where the address stays, or there is nothing to change."""
        url = request.POST.get("url", "").strip()
        if object_id is None:
            _require_room(request)
        else:
            endpoint = self.get_object(request, unquote(object_id))
            if endpoint is None or endpoint.url == url:
                return None
        return look_up_for(request.user.pk or 0, url, timezone.now())

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form, known = super().get_form(request, obj, **kwargs), Manager.of(request).rows
        form.place = known.get((WebhookForm, "place"))
        form.refusal = known.get((WebhookForm, "refusal"))
        return form

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: ModelForm, change: bool
    ) -> None:
        by, at = staff_of(request), timezone.now()
        place = getattr(form, "place", None)
        facts: dict[str, Any] = {
            "name": obj.name,
            "place": place,
            "events": obj.events,
            "is_active": obj.is_active,
        }
        if change:
            changes = Changes(**facts | {"place": place if "url" in form.changed_data else None})
            webhooks.change_webhook(obj, changes, by=by, at=at)
            return
        made = webhooks.add_webhook(obj.store, **facts, by=by, at=at)
        obj.pk = made.pk
        _tell_secret(request, made)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with it in one figure: there may be very many messages, and that nobody may
        delete one of those by itself is no reason to keep them all."""
        messages_too = WebhookDelivery.objects.filter(endpoint__in=[one.pk for one in objs])
        counts = {
            self.opts.verbose_name_plural: len(objs),
            WebhookDelivery._meta.verbose_name_plural: messages_too.count(),
        }
        return [str(one) for one in objs], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        webhooks.remove_webhook(obj, by=staff_of(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset.select_related("store"):
            self.delete_model(request, endpoint)

    @display(description=_("host"), ordering="url")
    def host(self, endpoint: WebhookEndpoint) -> str:
        """What follows it may be long, and a secret of the receiver's."""
        return urlsplit(endpoint.url).hostname or ""

    @display(description=_("events"))
    def what_for(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.events) or str(_("all"))

    @display(description=_("standing"), label=STANDING)
    def standing(self, endpoint: WebhookEndpoint) -> tuple[str, Any]:
        if endpoint.disabled_at:
            return "off", _("switched off")
        if not endpoint.is_active:
            return "paused", _("paused")
        return ("failing", _("failing")) if endpoint.failing_since else ("on", _("on"))

    @display(description=_("failing since"), ordering="failing_since")
    def failing(self, endpoint: WebhookEndpoint) -> str:
        return local_in(endpoint.failing_since, endpoint.store.zone)

    @display(description=_("switched off"), ordering="disabled_at")
    def switched_off(self, endpoint: WebhookEndpoint) -> str:
        return local_in(endpoint.disabled_at, endpoint.store.zone)

    @display(description=_("why it was switched off"), empty_value="–")
    def why(self, endpoint: WebhookEndpoint) -> str | None:
        return endpoint.get_disabled_reason_display() or None

    @action(description=_("Give another secret"), permissions=["run"])
    def rotate(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        def work(endpoint: WebhookEndpoint) -> object:
            made = partial(
                webhooks.rotate_secret, endpoint, by=staff_of(request), at=timezone.now()
            )
            _tell_secret(request, run_in_transaction(made))
            return _("%(name)s: the old secret is valid for 24 hours more.") % {"name": endpoint}

        self._each(request, chosen.select_related("store"), work)

    @action(description=_("Switch on again"), permissions=["run"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        def work(endpoint: WebhookEndpoint) -> object:
            changed = partial(
                webhooks.change_webhook,
                endpoint,
                Changes(is_active=True),
                by=staff_of(request),
                at=timezone.now(),
            )
            run_in_transaction(changed)
            return _("%(name)s is on.") % {"name": endpoint}

        self._each(request, chosen.select_related("store"), work)

    @action(description=_("Send a test"), permissions=["run"])
    def send_test(self, request: HttpRequest, chosen: QuerySet[WebhookEndpoint]) -> None:
        """One alone: each may take all the time a receiver has."""
        rows = list(chosen.select_related("store")[:2])
        if len(rows) != 1:
            messages.error(request, _("Choose a single webhook to test: it may take its time."))
            return
        (endpoint,) = rows
        try:
            answer = _tested(request, endpoint)
        except Refusal as refusal:
            messages.error(request, f"{endpoint}: {refusal}")
            return
        if answer.error:
            messages.error(request, f"{endpoint}: {answer.error}")
        else:
            told = {"name": endpoint, "status": answer.status}
            messages.success(request, _("%(name)s has it (HTTP %(status)s).") % told)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(OnChosen, ReadOnlyAdmin):
    store_lookup = "endpoint__store"
    personal_columns = ("appointment",)
    list_display = (
        "written",
        "endpoint",
        "appointment",
        "what",
        "status_label",
        "attempts",
        "last_status_code",
        "last_error",
    )
    list_select_related = ("endpoint__store", "event__appointment__store")
    list_filter = (
        ("status", ChoiceFilter),
        ("endpoint", RelatedFilter),
        ("endpoint__store", RelatedFilter),
        ("event__kind", ChoiceFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = ("event__appointment__code", "endpoint__name")
    ordering = ("-id",)
    fields = (
        ("written", "endpoint"),
        ("what", "appointment"),
        ("status", "attempts"),
        ("sent", "next_try"),
        ("last_status_code", "last_error"),
        "message_id",
    )
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        rows = super().get_queryset(request)
        return rows.select_related("endpoint__store", "event__appointment__store")

    @display(description=_("when"), ordering="created_at")
    def written(self, delivery: WebhookDelivery) -> str:
        return local_in(delivery.created_at, delivery.endpoint.store.zone)

    @display(description=_("appointment"))
    def appointment(self, delivery: WebhookDelivery) -> str:
        return str(delivery.event.appointment)

    @display(description=_("what"), ordering="event__kind")
    def what(self, delivery: WebhookDelivery) -> str:
        return delivery.event_name

    @display(description=_("status"), ordering="status", label=COLOURS)
    def status_label(self, delivery: WebhookDelivery) -> tuple[str, str]:
        return delivery.status, delivery.get_status_display()

    @display(description=_("next try"), ordering="next_try_at")
    def next_try(self, delivery: WebhookDelivery) -> str:
        pending = delivery.status == WebhookStatus.PENDING
        return local_in(delivery.next_try_at if pending else None, delivery.endpoint.store.zone)

    @display(description=_("sent at"), ordering="sent_at")
    def sent(self, delivery: WebhookDelivery) -> str:
        return local_in(delivery.sent_at, delivery.endpoint.store.zone)

    @display(description=_("id of the message"))
    def message_id(self, delivery: WebhookDelivery) -> str:
        return delivery.message_id

    @action(description=_("Send again"), permissions=["run"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        def work(delivery: WebhookDelivery) -> object:
            again = partial(posting.replay, delivery, by=staff_of(request), at=timezone.now())
            run_in_transaction(again)
            return _("%(message)s: goes out with the next round.") % {"message": delivery}

        self._each(request, chosen.select_related("endpoint__store"), work)


def _require_room(request: HttpRequest) -> None:
    """In the store that was chosen; one that cannot be is the form's to refuse. Raises Conflict."""
    user: Any = request.user
    try:
        store = ModelChoiceField(Store.objects.managed_by(user)).clean(request.POST.get("store"))
    except ValidationError:
        return
    webhooks.require_room(store)


def _tested(request: HttpRequest, endpoint: WebhookEndpoint) -> Answer:
    """Raises TooMany, and Unavailable where too many wait already."""
    at = timezone.now()
    count_test(request.user.pk or 0, at)
    with one_of_few():
        return post(ping_of(endpoint, at=at))


def _tell_secret(request: HttpRequest, endpoint: WebhookEndpoint) -> None:
    told = {"name": endpoint, "secret": endpoint.secret}
    messages.warning(request, _("The secret of %(name)s, shown this once: %(secret)s") % told)
