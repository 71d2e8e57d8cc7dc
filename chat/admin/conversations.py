"""Who talks to whom, about what and how much: the list never says what."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from booking_site.common.admin import ChoiceFilter, DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MovedAdmin, on_one
from booking_site.common.backoffice.manager import Manager
from chat.models import Conversation, MessageReport, Participant

from .filters import OpenReportsFilter, StandingFilter, of_others
from .log import LogInline
from .moves import OF_CONVERSATIONS
from .reading import READING_URLS, address_of
from .reports import ReportInline
from .showing import called, local, names_of, standing_of
from .writing import WRITING

COLOURS = {"open": "success", "away": "default", "closed": "danger"}
WRITE = "write_to_somebody"


class ConversationAdmin(MovedAdmin):
    store_lookup = "store"
    personal_columns = ("people",)
    moves = OF_CONVERSATIONS
    list_display = (
        "kind",
        "people",
        "appointment",
        "last_seq",
        "last_message",
        "waiting",
        "standing",
    )
    list_display_links = ("kind",)
    list_filter = (
        ("type", ChoiceFilter),
        OpenReportsFilter,
        StandingFilter,
        ("store", RelatedFilter),
        ("updated_at", DateRangeFilter),
    )
    search_fields = ("participants__user__display_name", "appointment__code", "name")
    search_help_text = _("Names of people and groups, code of the appointment")
    ordering = ("-updated_at", "-id")
    inlines = (ReportInline, LogInline)
    actions_list = (WRITE,)
    actions_detail = [f"{move.name}{DETAIL}" for move in OF_CONVERSATIONS]
    custom_urls = (*READING_URLS, WRITING)
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": (
                    ("kind", "standing_in_words"),
                    ("appointment", "store"),
                    "people",
                    ("last_seq", "last_message"),
                    ("began", "put_away"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows = of_others(super().get_queryset(request), request, "pk")
        present = Participant.objects.select_related("user").order_by("joined_at", "id")
        counted = MessageReport.objects.open().filter(conversation=OuterRef("pk")).order_by()
        counts = counted.values("conversation").annotate(n=Count("pk")).values("n")
        people = Prefetch("participants", queryset=present)
        return (
            rows.select_related("store", "appointment")
            .prefetch_related(people)
            .annotate(open_reports=Coalesce(Subquery(counts), 0))
        )

    def told_of(self, row: Conversation) -> dict[str, Any]:
        told = {"name": called(row), "words": self.people(row), "place": row.store or ""}
        return told | {"pk": row.pk}

    def has_write_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Manager.of(request).is_operator

    @action(
        description=_("Write to somebody"),
        permissions=["write"],
        url_path="write-to",
        icon="edit",
    )
    def write_to_somebody(self, request: HttpRequest) -> HttpResponse:
        return redirect(reverse(f"admin:{WRITING[1]}"))

    @display(description=_("kind"), ordering="type")
    def kind(self, row: Conversation) -> str:
        return called(row)

    @display(description=_("people"))
    def people(self, row: Conversation) -> str:
        """Also those who have left."""
        return names_of(one.user for one in row.participants.all())

    @display(description=_("last message"), ordering="updated_at")
    def last_message(self, row: Conversation) -> str:
        return local(row.updated_at, row)

    @display(description=_("open reports"), ordering="open_reports")
    def waiting(self, row: Any) -> int:
        return int(row.open_reports)

    @display(description=_("standing"), label=COLOURS)
    def standing(self, row: Conversation) -> tuple[str, Any]:
        return standing_of(row)

    @display(description=_("standing"))
    def standing_in_words(self, row: Conversation) -> str:
        return str(standing_of(row)[1])

    @display(description=_("began"))
    def began(self, row: Conversation) -> str:
        return local(row.created_at, row)

    @display(description=_("put away"))
    def put_away(self, row: Conversation) -> str:
        return local(row.archived_at, row)


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in OF_CONVERSATIONS:
    onward = address_of if _move.name == "read" else None
    setattr(ConversationAdmin, f"{_move.name}{DETAIL}", on_one(_move, onward))
admin.site.register(Conversation, ConversationAdmin)
