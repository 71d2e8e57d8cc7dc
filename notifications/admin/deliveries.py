"""Letters on their way; those that were given up wait here for a person."""

from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from booking_site.common.actors import Actor
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter
from booking_site.common.backoffice.manager import Manager
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from notifications import services
from notifications.models import Delivery, DeliveryStatus, DropReason

from .showing import local

COLOURS: dict[str, str] = {
    DeliveryStatus.PENDING: "info",
    DeliveryStatus.SENT: "success",
    DeliveryStatus.DROPPED: "default",
    DeliveryStatus.DEAD: "danger",
}
APPOINTMENT = "event__appointment"
LANGUAGES = dict(settings.LANGUAGES)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    store_lookup = f"{APPOINTMENT}__store"
    personal_columns = ("appointment", "address")
    list_display = (
        "written",
        "appointment",
        "role",
        "letter",
        "channel",
        "address",
        "status_label",
        "tries",
        "what_went_wrong",
    )
    list_select_related = (f"{APPOINTMENT}__store",)
    list_filter = (
        ("status", ChoiceFilter),
        ("channel", ChoiceFilter),
        ("role", ChoiceFilter),
        ("letter", ChoiceFilter),
        (f"{APPOINTMENT}__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = (f"{APPOINTMENT}__code", f"{APPOINTMENT}__customer_name", "address")
    ordering = ("-id",)
    fields = (
        ("written", "appointment"),
        ("role", "letter"),
        ("channel", "address"),
        ("status", "tries"),
        ("sent", "next_try"),
        ("what_went_wrong", "language"),
    )
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).select_related(f"{APPOINTMENT}__store")

    @display(description=_("when"), ordering="created_at")
    def written(self, delivery: Delivery) -> str:
        return local(delivery.created_at, delivery.event.appointment)

    @display(description=_("appointment"))
    def appointment(self, delivery: Delivery) -> str:
        return str(delivery.event.appointment)

    @display(description=_("status"), ordering="status", label=COLOURS)
    def status_label(self, delivery: Delivery) -> tuple[str, str]:
        return delivery.status, delivery.get_status_display()

    @display(description=_("language"))
    def language(self, delivery: Delivery) -> str:
        return str(LANGUAGES.get(delivery.locale, delivery.locale))

    @display(description=_("tries"), ordering="attempts")
    def tries(self, delivery: Delivery) -> int:
        return delivery.attempts

    @display(description=_("next try"), ordering="next_try_at")
    def next_try(self, delivery: Delivery) -> str:
        pending = delivery.status == DeliveryStatus.PENDING
        return local(delivery.next_try_at if pending else None, delivery.event.appointment)

    @display(description=_("sent at"), ordering="sent_at")
    def sent(self, delivery: Delivery) -> str:
        return local(delivery.sent_at, delivery.event.appointment)

    @display(description=_("what went wrong"))
    def what_went_wrong(self, delivery: Delivery) -> str:
        known = delivery.last_error in DropReason.values
        return str(DropReason(delivery.last_error).label) if known else delivery.last_error

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        manager = Manager.of(request)
        return manager.is_operator or bool(manager.store_ids)

    @action(description=_("Send again what could not be sent"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        by = Actor.of(request.user)  # type: ignore[arg-type]
        for delivery in chosen.select_related(f"{APPOINTMENT}__store"):
            work = partial(services.send_again, delivery, by=by, at=timezone.now())
            told = {"letter": f"{delivery.event.appointment}: {delivery}"}
            try:
                run_in_transaction(work)
            except Refusal as refusal:
                messages.error(request, f"{told['letter']}: {refusal}")
            else:
                messages.success(request, _("%(letter)s: goes out with the next round.") % told)
