"""What people were told on the site, and on which devices they hear of it. Only looked at here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyAdmin,
    RelatedFilter,
)
from notifications.models import (
    Device,
    DropReason,
    Leased,
    Notification,
    NotificationPreference,
    Nudge,
    Push,
    SeatHint,
    ToldPlace,
    UserStream,
)

PEOPLE = ("user__display_name", "user__email", "user__phone")


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Managers see those about appointments of their stores; operators also the rest."""

    store_lookup = "appointment__store"
    personal_columns = ("user", "title")
    list_display = ("created_at", "user", "type", "title", "read_at")
    list_display_links = ("created_at", "title")
    list_select_related = ("user",)
    list_filter = (("type", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("appointment__code", "title", *PEOPLE)
    ordering = ("-id",)
    fields = (
        ("user", "u"),
        ("type", "appointment"),
        "title",
        "content",
        "link",
        ("created_at", "read_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        return super().get_queryset(request).select_related("user", "appointment__store")


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """For operators. Never the token: whoever has it can write to that telephone."""

    personal_columns = ("user",)
    list_display = ("user", "platform", "created_at", "last_used_at", "disabled_at")
    list_select_related = ("user",)
    list_filter = (("platform", ChoiceFilter), ("last_used_at", DateRangeFilter))
    search_fields = PEOPLE
    ordering = ("-id",)
    fields = ("user", "platform", ("created_at", "last_used_at"), "disabled_at")


@admin.register(Push)
class PushAdmin(ReadOnlyAdmin):
    """For operators: those that announcements and lines have caused. They are of no use soon, so
    that none is sent again."""

    personal_columns = ("whose", "title")
    list_display = ("created_at", "whose", "title", "status", "attempts", "what_went_wrong")
    list_select_related = ("device__user",)
    list_filter = (("status", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("title", *(f"device__{name}" for name in PEOPLE))
    ordering = ("-id",)
    fields = ("title", "content", "link", ("status", "attempts"), "what_went_wrong", "sent_at")

    @display(description=_("to"))
    def whose(self, push: Push) -> str:
        return str(push.device.user)

    @display(description=_("what went wrong"))
    def what_went_wrong(self, push: Push) -> str:
        return _error_of(push)


@admin.register(Nudge)
class NudgeAdmin(ReadOnlyAdmin):
    """For operators: who was told that messages wait, and by which way. Nothing of what these say.
    None is sent again: every page tells how much is unread."""

    personal_columns = ("whose",)
    list_display = ("created_at", "whose", "channel", "status", "attempts", "what_went_wrong")
    list_select_related = ("participant__user",)
    list_filter = (
        ("status", ChoiceFilter),
        ("channel", ChoiceFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = tuple(f"participant__{name}" for name in PEOPLE)
    ordering = ("-id",)
    fields = ("whose", "channel", ("status", "attempts"), "what_went_wrong", "sent_at")

    @display(description=_("to"))
    def whose(self, nudge: Nudge) -> str:
        return str(nudge.participant.user)

    @display(description=_("what went wrong"))
    def what_went_wrong(self, nudge: Nudge) -> str:
        return _error_of(nudge)


@admin.register(SeatHint)
class SeatHintAdmin(ReadOnlyAdmin):
    """For operators: which letters about a free seat went out, and to whom."""

    personal_columns = ("user",)
    list_display = ("created_at", "user", "session", "status", "attempts", "what_went_wrong")
    list_select_related = ("user", "session__listing", "session__store")
    list_filter = (("status", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("session__listing__title", *PEOPLE)
    ordering = ("-id",)
    fields = ("user", "session", ("status", "attempts"), "what_went_wrong", "sent_at")

    @display(description=_("what went wrong"))
    def what_went_wrong(self, hint: SeatHint) -> str:
        return _error_of(hint)


def _error_of(taken: Leased) -> str:
    known = taken.last_error in DropReason.values
    return str(DropReason(taken.last_error).label) if known else taken.last_error


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(ReadOnlyAdmin):
    """For operators who are asked why somebody hears nothing."""

    personal_columns = ("user",)
    list_display = ("user", "kind", "channel", "enabled")
    list_select_related = ("user",)
    list_filter = (("kind", ChoiceFilter), ("channel", ChoiceFilter))
    search_fields = PEOPLE
    ordering = ("-id",)
    fields = ("user", "kind", "channel", "enabled")


@admin.register(UserStream)
class UserStreamAdmin(ReadOnlyAdmin):
    """For operators: how far each person's stream has come, and from where it is kept."""

    personal_columns = ("user",)
    list_display = ("user", "last_u", "floor_u")
    list_select_related = ("user",)
    list_filter = (("user__user_type", ChoiceFilter),)
    search_fields = PEOPLE
    ordering = ("-last_u", "pk")
    fields = ("user", ("last_u", "floor_u"))


@admin.register(ToldPlace)
class ToldPlaceAdmin(ReadOnlyAdmin):
    store_lookup = "appointment__store"
    personal_columns = ("appointment",)
    list_display = ("appointment", "position")
    list_select_related = ("appointment__store",)
    list_filter = (("appointment__store", RelatedFilter),)
    search_fields = ("appointment__code", "appointment__customer_name")
    ordering = ("-appointment",)
    fields = ("appointment", "position")
