"""The steps staff may take, each through its service, with a word on every one that was refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from appointments import services
from appointments.errors import SlotTaken
from appointments.models import Appointment, Status
from appointments.rules import START_EARLY
from appointments.services.cancelling import BINDING
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

from .asking import Asked, RealtorForm, ReasonForm, StartForm
from .asking_seats import SeatForm
from .showing import local, why_not
from .stays import StayForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Move:
    """One step: the service that takes it, what it asks first, and when it is offered on the page
    of one appointment. Whether it may be taken, the service alone decides."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    service: Callable[..., Any]
    offered_in: frozenset[str]
    icon: str
    variant: ActionVariant = ActionVariant.DEFAULT
    asks: type[Asked] = Asked
    # Offered too while nobody has it; and to those whose turn comes without a fixed start.
    while_waiting: bool = False
    while_live: bool = True
    # A seat stays with its session's teacher and time: it has steps of its own.
    of_times: bool = True
    of_seats: bool = True
    # Nor does a stay leave its sitter's place.
    of_stays: bool = True
    # Nobody says yes to what is not paid.
    while_unpaid: bool = True
    # Of an order that its provider has confirmed, alone; the other way round: of nothing else.
    of_agreed: bool = True
    only_agreed: bool = False
    # Of one that has a time: so long before its start, and not earlier.
    from_before_start: timedelta | None = None
    # On many rows at once; on the page of one.
    in_list: bool = True
    on_page: bool = True

    def suits(self, appointment: Appointment, at: datetime) -> bool:
        if appointment.live and not self.while_live:
            return False
        if not self._is_of(appointment):
            return False
        if not (self.of_agreed if _is_agreed(appointment) else not self.only_agreed):
            return False
        if appointment.awaits_payment and not self.while_unpaid:
            return False
        if self._is_too_early(appointment, at):
            return False
        if appointment.is_waiting:
            return self.while_waiting
        return appointment.status in self.offered_in

    def _is_of(self, appointment: Appointment) -> bool:
        if appointment.is_stay:
            return self.of_stays
        return self.of_seats if appointment.is_seat else self.of_times

    def _is_too_early(self, appointment: Appointment, at: datetime) -> bool:
        if self.from_before_start is None or appointment.live:
            return False
        if appointment.check_in is not None and self.from_before_start:
            # Pets may be brought at any hour of their day.
            return at.astimezone(appointment.store.zone).date() < appointment.check_in
        return at < appointment.starts_at - self.from_before_start


def _is_agreed(appointment: Appointment) -> bool:
    return appointment.status in BINDING and appointment.is_order


MOVES = (
    Move(
        "accept",
        _("Confirm"),
        _("Confirm it on behalf of the realtor?"),
        services.accept,
        frozenset({Status.PENDING}),
        "check",
        ActionVariant.PRIMARY,
        while_unpaid=False,
    ),
    Move(
        "decline",
        _("Decline"),
        _("The next suitable realtor will be asked; this one will not be asked again."),
        services.decline,
        frozenset({Status.PENDING}),
        "undo",
        asks=ReasonForm,
        while_unpaid=False,
    ),
    Move(
        "start",
        _("Start"),
        _("The customer is there and it begins?"),
        services.start,
        frozenset({Status.CONFIRMED}),
        "play_arrow",
        ActionVariant.PRIMARY,
        from_before_start=START_EARLY,
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
        from_before_start=timedelta(0),
    ),
    Move(
        "reassign",
        _("Give to another realtor"),
        _("What was confirmed stays so, with the new one; what was not is put before them."),
        services.reassign,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "swap_horiz",
        asks=RealtorForm,
        while_waiting=True,
        of_seats=False,
        of_stays=False,
    ),
    Move(
        "reassign_best",
        _("Give to whoever suits best"),
        _("Each goes to the colleague whom the allocation would ask first. The customer is told."),
        services.reassign_to_best,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "auto_awesome",
        asks=ReasonForm,
        while_waiting=True,
        of_seats=False,
        of_stays=False,
        on_page=False,
    ),
    Move(
        "reschedule",
        _("Move to another time"),
        _("It keeps its code and, if they are free then, its realtor. The customer is told."),
        services.reschedule,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "edit_calendar",
        asks=StartForm,
        while_waiting=True,
        while_live=False,
        of_seats=False,
        of_stays=False,
        in_list=False,
    ),
    Move(
        "move_seat",
        _("Move to another session"),
        _("It keeps its code, and what was paid stays paid. The customer is told."),
        services.move_seat,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "edit_calendar",
        asks=SeatForm,
        of_times=False,
        of_stays=False,
        in_list=False,
    ),
    Move(
        "move_stay",
        _("Move to other dates"),
        _("It keeps its code and its number of nights, and what was paid stays paid."),
        services.move_stay,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "edit_calendar",
        asks=StayForm,
        of_times=False,
        of_seats=False,
        in_list=False,
    ),
    Move(
        "cancel",
        _("Call off"),
        _("The time becomes free at once, and whoever waits for it is served."),
        services.cancel,
        frozenset({Status.PENDING, Status.CONFIRMED}),
        "event_busy",
        ActionVariant.DANGER,
        asks=ReasonForm,
        while_waiting=True,
        of_agreed=False,
    ),
    Move(
        "ask_to_cancel",
        _("Ask to call it off"),
        _("On behalf of the provider: the customer answers, and all they paid goes back."),
        services.ask_to_cancel,
        frozenset({Status.CONFIRMED, Status.IN_PROGRESS}),
        "event_busy",
        ActionVariant.DANGER,
        asks=ReasonForm,
        only_agreed=True,
        in_list=False,
    ),
)


def take(
    move: Move,
    appointments: Iterable[Appointment],
    request: HttpRequest,
    given: Mapping[str, Any],
) -> None:
    """Take this step with each of them, a transaction each, and tell how it went: how many, and
    every refusal once with those it befell."""
    done = 0
    refused: dict[str, list[str]] = {}
    for appointment in appointments:
        sentence = attempt(move, appointment, request, given)
        if sentence is None:
            done += 1
        else:
            refused.setdefault(sentence, []).append(str(appointment))
    if done and not refused:
        tell(move, request, done)
    elif done:
        count = sum(len(some) for some in refused.values())
        text = gettext("%(move)s: %(count)s done, %(refused)s refused.")
        messages.warning(request, text % {"move": move.label, "count": done, "refused": count})
    for sentence, some in refused.items():
        messages.error(request, f"{', '.join(some)}: {sentence}")


def tell(move: Move, request: HttpRequest, done: int) -> None:
    text = ngettext("%(move)s: %(count)s done.", "%(move)s: %(count)s done.", done)
    messages.success(request, text % {"move": move.label, "count": done})


def attempt(
    move: Move, appointment: Appointment, request: HttpRequest, given: Mapping[str, Any]
) -> str | None:
    """Take the step; what the service said no with, in words, or None."""
    by = Actor.of(request.user)  # type: ignore[arg-type]
    try:
        run_in_transaction(partial(move.service, appointment, by=by, at=timezone.now(), **given))
    except Refusal as refusal:
        return _in_words(refusal, appointment)
    return None


def _in_words(refusal: Refusal, appointment: Appointment) -> str:
    """The sentence, with the rules that stand against it, or the times that are free instead."""
    errors = refusal.errors
    if "rejected" in errors:
        rules = "、".join(why_not(code) for code in errors["rejected"])
        # The box by its own label, so that one is looked for under the name it bears.
        box = RealtorForm.base_fields["override"].label
        text = gettext("The rules speak against it (%(rules)s). Tick “%(box)s” if you know better.")
        return text % {"rules": rules, "box": box}
    if appointment.is_seat or appointment.is_stay:
        # What speaks against giving it away, or moving it, is said by the services.
        return str(refusal)
    if "realtor_id" in errors:
        return gettext("This realtor has it already, or does not work in this store.")
    if isinstance(refusal, SlotTaken):
        return _taken(errors.get("next_free_starts"), appointment)
    return str(refusal)


def _taken(free: list[str] | None, appointment: Appointment) -> str:
    if free is None:
        return gettext("The realtor has something else then, and nobody can be promised twice.")
    if not free:
        return gettext("Nobody is free then.")
    starts = [local(datetime.fromisoformat(one), appointment.store) for one in free]
    return gettext("Nobody is free then. Free instead: %(starts)s.") % {"starts": ", ".join(starts)}
