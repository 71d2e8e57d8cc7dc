"""Sessions with their seats. They are opened and changed by the services only, so that a teacher
is promised once, and a seat to one person."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Session
from appointments.models.session import TAKES_PLACE
from appointments.selectors.sessions import Conflict
from appointments.services import open_session
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, RelatedFilter
from booking_site.common.admin.moves import DETAIL, MovedAdmin, Told, on_chosen, on_one
from booking_site.common.callers import staff_of

from .courses import OfCourses
from .inlines import SeatInline
from .session_filters import ComingFilter, ConflictFilter, SeatsFilter
from .session_forms import OpeningForm
from .session_moves import MOVES, OF_ONE
from .session_showing import (
    CONFLICT_COLOURS,
    STATE_COLOURS,
    conflict_in_words,
    conflict_of,
    count_seats,
    given,
    price_of,
    state_of,
    when,
    when_in_full,
)
from .showing import pill

OPENED = ("listing", ("day", "clock"), ("minutes", "capacity"), "price_modifier", "override")


class SessionAdmin(OfCourses, MovedAdmin):
    store_lookup = "store"
    operators_may = frozenset({"add"})
    managers_may = frozenset({"add"})
    moves = MOVES
    form = OpeningForm
    list_display = (
        "starts",
        "listing",
        "realtor",
        "store",
        "seats",
        "state_label",
        "conflict_label",
    )
    list_display_links = ("starts", "listing")
    list_select_related = ("listing", "store", "realtor")
    list_filter = (
        ComingFilter,
        SeatsFilter,
        ConflictFilter,
        ("status", ChoiceFilter),
        ("starts_at", DateRangeFilter),
        ("listing", RelatedFilter),
        ("realtor", RelatedFilter),
        ("store", RelatedFilter),
    )
    search_fields = ("listing__title", "realtor__name", "store__name")
    search_help_text = _("Course, teacher or store")
    inlines = (SeatInline,)
    actions = [on_chosen(move) for move in MOVES if move.name not in OF_ONE]
    actions_detail = [f"{move.name}{DETAIL}" for move in MOVES]
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("state", "conflict"),
                    ("starts_in_full", "store"),
                    ("listing", "realtor"),
                    ("seats", "waiting"),
                    ("price", "price_modifier"),
                    "reason",
                    ("rule", "buffers"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        rows: QuerySet[Session] = super().get_queryset(request)
        return rows.select_related("listing", "store", "realtor", "rule")

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """What is still to come, the soonest first; then what is over, the newest first."""
        to_come = Q(ends_at__gte=timezone.now(), status__in=TAKES_PLACE)
        over = Case(When(to_come, then=Value(0)), default=Value(1))
        ahead = Case(When(to_come, then=F("starts_at")))
        return (over.asc(), ahead.asc(), F("starts_at").desc(), "-pk")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        found = super().get_changelist_instance(request)
        self.prepare_rows(found.result_list)
        return found

    def prepare_rows(self, rows: list[Any]) -> None:
        """Seats and conflicts of all rows at once."""
        count_seats(rows, timezone.now())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else ((None, {"fields": OPENED}),)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else ()

    def told_of(self, row: Session) -> Told:
        seats = _("%(seats)s seats taken") % {"seats": self.seats(row)}
        words = f"{when_in_full(row, timezone.now())} · {seats}"
        return {"pk": row.pk, "name": str(row.listing), "words": words, "place": row.store}

    def save_model(
        self, request: HttpRequest, obj: Session, form: forms.ModelForm, change: bool
    ) -> None:
        opening: Any = form
        by, at = staff_of(request), timezone.now()
        made = open_session(obj.listing, by=by, at=at, **opening.given())
        obj.__dict__.update(made.__dict__)

    @display(description=_("when"), ordering="starts_at")
    def starts(self, session: Session) -> str:
        return when(session, timezone.now())

    @display(description=_("when"))
    def starts_in_full(self, session: Session) -> str:
        return when_in_full(session, timezone.now())

    @display(description=_("seats taken"))
    def seats(self, session: Session) -> str:
        return f"{given(session, timezone.now())} / {session.capacity}"

    @display(description=_("status"), ordering="status", label=STATE_COLOURS)
    def state_label(self, session: Session) -> tuple[str, str]:
        return state_of(session, timezone.now())

    @display(description=_("status"))
    def state(self, session: Session) -> SafeString:
        key, words = state_of(session, timezone.now())
        return pill(words, STATE_COLOURS[key])

    @display(description=_("conflict"), label=CONFLICT_COLOURS)
    def conflict_label(self, session: Session) -> tuple[Conflict, str] | None:
        found = conflict_of(session, timezone.now())
        return (found, conflict_in_words(found)) if found else None

    @display(description=_("conflict"), empty_value="–")
    def conflict(self, session: Session) -> SafeString | None:
        found = conflict_of(session, timezone.now())
        return pill(conflict_in_words(found), CONFLICT_COLOURS[found]) if found else None

    @display(description=_("waiting for a seat"))
    def waiting(self, session: Session) -> int:
        return session.wishes.filter(told_at=None).count()

    @display(description=_("price"))
    def price(self, session: Session) -> str:
        return price_of(session)

    @display(description=_("buffers before and after, in minutes"))
    def buffers(self, session: Session) -> str:
        return f"{session.buffer_before_minutes} / {session.buffer_after_minutes}"


# The buttons are methods of the class by the theme's rules: one for each move.
for _move in MOVES:
    setattr(SessionAdmin, f"{_move.name}{DETAIL}", on_one(_move))
admin.site.register(Session, SessionAdmin)
