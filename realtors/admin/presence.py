"""Who takes live customers now: shown in the list, set by an action, never typed in."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action

from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Presence, Realtor
from realtors.services import set_presence

LABELS = {
    Presence.ONLINE: gettext_lazy("Set online: takes live customers"),
    Presence.BUSY: gettext_lazy("Set busy: keeps what was offered, gets nothing new"),
    Presence.OFFLINE: gettext_lazy("Set offline: hands on what is not begun"),
}


class AwayFilter(DropdownFilter):
    """Who let an offer pass unanswered and has not been seen since."""

    title = gettext_lazy("away")
    parameter_name = "away"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Realtor]) -> QuerySet[Realtor]:
        if self.value() in ("yes", "no"):
            return queryset.filter(away_since__isnull=self.value() == "no")
        return queryset


def setting(presence: Presence) -> Any:
    """The action of the list that sets this presence, a transaction for each of the chosen."""

    def act(admin: Any, request: HttpRequest, chosen: QuerySet[Realtor]) -> None:
        by, done = Actor.of(request.user), 0  # type: ignore[arg-type]
        for realtor in chosen.select_related("store"):
            work = partial(set_presence, realtor, presence, by=by, at=timezone.now())
            try:
                run_in_transaction(work)
            except Refusal as refusal:
                messages.error(request, f"{realtor}: {refusal}")
            else:
                done += 1
        if done:
            text = ngettext(
                "%(count)s realtor is now %(presence)s.",
                "%(count)s realtors are now %(presence)s.",
                done,
            )
            messages.success(request, text % {"count": done, "presence": presence.label})

    act.__name__ = f"set_{presence}"
    return action(act, description=LABELS[presence], permissions=["run"])
