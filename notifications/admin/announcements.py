"""What operators tell many people at once."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from booking_site.common.admin import BaseAdmin, ChoiceFilter, DateRangeFilter
from booking_site.common.backoffice.manager import Manager
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from notifications import services
from notifications.models import Announcement

DRAFT, ON_ITS_WAY, SENT = "draft", "on_its_way", "sent"
STATES = {DRAFT: _("draft"), ON_ITS_WAY: _("on its way"), SENT: _("sent")}
COLOURS = {DRAFT: "default", ON_ITS_WAY: "info", SENT: "success"}


@admin.register(Announcement)
class AnnouncementAdmin(BaseAdmin):
    """A draft is written and changed here; once published it is out of anybody's hands."""

    list_display = ("title", "audience", "state", "told", "publish_at", "sent_at")
    list_filter = (("audience", ChoiceFilter), ("created_at", DateRangeFilter))
    search_fields = ("title", "content", "title_en", "content_en")
    ordering = ("-id",)
    fields = (
        "title",
        "content",
        ("title_en", "content_en"),
        "link",
        "audience",
        "publish_at",
        ("stage", "told"),
        ("created_by", "sent_at"),
    )
    readonly_fields = ("stage", "told", "created_by", "sent_at")
    actions = ("publish",)

    @display(description=_("status"), label=COLOURS)
    def state(self, announcement: Announcement) -> tuple[str, str]:
        if announcement.published_at is None:
            state = DRAFT
        else:
            state = SENT if announcement.sent_at else ON_ITS_WAY
        return state, str(STATES[state])

    @display(description=_("status"))
    def stage(self, announcement: Announcement) -> str:
        """In words, for its form."""
        return self.state(announcement)[1]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_draft(obj)

    def save_model(
        self, request: HttpRequest, obj: Announcement, form: ModelForm, change: bool
    ) -> None:
        if not change:
            obj.created_at, obj.created_by = timezone.now(), staff_of(request).user
        super().save_model(request, obj, form, change)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Of those that were chosen, the drafts."""
        super().delete_queryset(request, queryset.filter(published_at=None))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return Manager.of(request).is_operator

    @action(description=_("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Announcement]) -> None:
        by = staff_of(request)
        for one in chosen:
            work = partial(services.publish_announcement, one, by=by, at=timezone.now())
            told = {"title": one.title}
            try:
                run_in_transaction(work)
            except Refusal as refusal:
                messages.error(request, f"{one.title}: {refusal}")
            else:
                messages.success(request, _("%(title)s: is on its way.") % told)


def _is_draft(announcement: Any) -> bool:
    return announcement is None or announcement.published_at is None
