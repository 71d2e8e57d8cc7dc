"""What members of conversations have reported, and what became of it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking_site.common.admin import (
    ChoiceFilter,
    DateRangeFilter,
    ReadOnlyInline,
    RelatedFilter,
)
from booking_site.common.admin.moves import DETAIL, MovedAdmin, on_chosen, on_one
from chat.models import MessageReport, ReportState

from .filters import of_others
from .moves import OF_REPORTS
from .reading import address_of
from .showing import called, local

COLOURS: dict[str, str] = {
    ReportState.OPEN: "warning",
    ReportState.DISMISSED: "default",
    ReportState.UPHELD: "danger",
}
PARTS = ("conversation__store", "message__sender", "reporter", "decided_by")


class ReportInline(ReadOnlyInline):
    model = MessageReport
    fields = ("when", "reason", "reporter", "state", "decided_by")
    readonly_fields = fields
    ordering = ("-id",)
    hide_title = True
    tab = True
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageReport]:
        rows = super().get_queryset(request)
        return rows.select_related("reporter", "decided_by", "conversation__store")

    @display(description=_("when"))
    def when(self, row: MessageReport) -> str:
        return local(row.created_at, row.conversation)


class MessageReportAdmin(MovedAdmin):
    """The queue. Its list says of what kind a report is; its page quotes what was said."""

    store_lookup = "conversation__store"
    personal_columns = ("author", "reporter")
    moves = OF_REPORTS
    list_display = ("when", "reason", "talk", "author", "reporter", "standing", "decided_by")
    list_display_links = ("when", "reason")
    list_filter = (
        ("state", ChoiceFilter),
        ("reason", ChoiceFilter),
        ("conversation__store", RelatedFilter),
        ("created_at", DateRangeFilter),
    )
    search_fields = (
        "conversation__appointment__code",
        "reporter__display_name",
        "message__sender__display_name",
    )
    search_help_text = _("Code of the appointment, name of author or reporter")
    ordering = ("-id",)
    actions = [on_chosen(move) for move in OF_REPORTS if move.name == "dismiss"]
    actions_detail = [f"{move.name}{DETAIL}" for move in OF_REPORTS]
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": (
                    ("when", "conversation"),
                    ("reason", "reporter"),
                    "their_words",
                    ("author", "said"),
                    "quotation",
                    "message_now",
                )
            },
        ),
        (_("Decision"), {"fields": (("state", "decided"), "decided_by")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageReport]:
        rows = of_others(super().get_queryset(request), request, "conversation")
        return rows.select_related(*PARTS)

    def told_of(self, row: MessageReport) -> dict[str, Any]:
        return {
            "pk": row.pk,
            "name": row.get_reason_display(),
            "words": row.quoted or _("the conversation as a whole"),
            "place": self.author(row),
        }

    def one_of_each(self, rows: list[MessageReport]) -> list[MessageReport]:
        """Whoever decides about one decides about all that are open of the same."""
        return list({(one.conversation_id, one.message_id): one for one in rows}.values())

    @display(description=_("when"), ordering="created_at")
    def when(self, row: MessageReport) -> str:
        return local(row.created_at, row.conversation)

    @display(description=_("conversation"), ordering="conversation")
    def talk(self, row: MessageReport) -> str:
        return called(row.conversation)

    @display(description=_("written by"), ordering="message__sender__display_name")
    def author(self, row: MessageReport) -> str:
        if row.message is None:
            return "–"
        return str(row.message.sender or _("the site"))

    @display(description=_("written on"))
    def said(self, row: MessageReport) -> str:
        return local(row.message.created_at if row.message else None, row.conversation)

    @display(description=_("what was said"))
    def quotation(self, row: MessageReport) -> SafeString | str:
        """As it was when it was reported."""
        if row.message is None:
            return str(_("It is the conversation as a whole that was reported."))
        return _as_typed(row.quoted or str(_("no longer kept")))

    @display(description=_("in their words"), empty_value="–")
    def their_words(self, row: MessageReport) -> SafeString | None:
        return _as_typed(row.words) if row.words else None

    @display(description=_("the message now"), empty_value="–")
    def message_now(self, row: MessageReport) -> str | None:
        if row.message is None:
            return None
        if row.message.deleted_at is not None:
            return str(_("taken back, or too old"))
        if row.message.hidden_at is not None:
            return str(_("hidden by staff"))
        return str(_("changed since it was sent") if row.message.edited_at else _("shown"))

    @display(description=_("state"), ordering="state", label=COLOURS)
    def standing(self, row: MessageReport) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("decided"))
    def decided(self, row: MessageReport) -> str:
        return local(row.decided_at, row.conversation)


def _as_typed(text: str) -> SafeString:
    return format_html('<span class="office-typed">{}</span>', text)


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in OF_REPORTS:
    onward = address_of if _move.name == "read" else None
    setattr(MessageReportAdmin, f"{_move.name}{DETAIL}", on_one(_move, onward))
admin.site.register(MessageReport, MessageReportAdmin)
