"""The steps staff may take, each through its service, with a word on every one that was refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.enums import ActionVariant

from appointments import services
from appointments.models import Appointment, Status
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Move:
    """One step: the service that takes it, and the states it is offered in on the page of one
    appointment. Whether it may be taken, the service alone decides."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    service: Callable[..., Appointment]
    offered_in: frozenset[str]
    icon: str
    variant: ActionVariant = ActionVariant.DEFAULT
    asks_reason: bool = False

    def suits(self, appointment: Appointment) -> bool:
        if appointment.is_waiting:
            return self.service is services.cancel
        return appointment.status in self.offered_in


MOVES = (
    Move(
        "accept",
        _("Accept"),
        _("Confirm it on behalf of the realtor?"),
        services.accept,
        frozenset({Status.PENDING}),
        "check",
        ActionVariant.PRIMARY,
    ),
    Move(
        "decline",
        _("Decline"),
        _("The next suitable realtor will be asked; this one will not be asked again."),
        services.decline,
        frozenset({Status.PENDING}),
        "undo",
        asks_reason=True,
    ),
    Move(
        "start",
        _("Start"),
        _("The customer is there and it begins?"),
        services.start,
        frozenset({Status.CONFIRMED}),
        "play_arrow",
        ActionVariant.PRIMARY,
    ),
    Move(
        "complete",
        _("Complete"),
        _("It is done? What is left of the time becomes free."),
        services.complete,
        frozenset({Status.IN_PROGRESS}),
        "done_all",
        ActionVariant.PRIMARY,
    ),
    Move(
        "no_show",
        _("Mark as no-show"),
        _("The customer did not come? What is left of the time becomes free."),
        services.mark_no_show,
        frozenset({Status.CONFIRMED}),
        "person_off",
    ),
    Move(
        "cancel",
        _("Call off"),
        _("The time becomes free at once, and whoever waits for it is served."),
        services.cancel,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "event_busy",
        ActionVariant.DANGER,
        asks_reason=True,
    ),
)


def take(
    move: Move, appointments: Iterable[Appointment], request: HttpRequest, *, reason: str = ""
) -> None:
    """Take this step with each of them, a transaction each, and tell how it went."""
    extra: dict[str, Any] = {"reason": reason} if move.asks_reason else {}
    by, done = Actor.of(request.user), 0  # type: ignore[arg-type]
    for appointment in appointments:
        work = partial(move.service, appointment, by=by, at=timezone.now(), **extra)
        try:
            run_in_transaction(work)
        except Refusal as refusal:
            messages.error(request, f"{appointment}: {refusal}")
        else:
            done += 1
    if done:
        text = ngettext("%(move)s: %(count)s done.", "%(move)s: %(count)s done.", done)
        messages.success(request, text % {"move": move.label, "count": done})
