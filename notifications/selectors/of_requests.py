"""Who hears that an order is to be called off, and what becomes of that."""

from django.db.models import QuerySet

from accounts.models import User
from appointments.models import Action, AppointmentEvent, CancelRequest, RequestState, Side
from notifications.models import Kind, Letter, OutboxEvent

KINDS = (Kind.CANCEL_REQUESTED, Kind.CANCEL_REQUEST_CHANGED)
# The letter that it was called off says so.
SAID_BY_THE_END = (RequestState.AGREED, RequestState.CALLED_OFF)
# What people do to a request; all else comes of itself, or from staff.
ACTS = (Action.CANCEL_ASKED, Action.CANCEL_REFUSED, Action.CANCEL_TAKEN_BACK)


def request_of(event: OutboxEvent) -> CancelRequest:
    """That the news is of."""
    return CancelRequest.objects.get(pk=event.facts["request_id"])


def letter_of_request(event: OutboxEvent, side: Side, user_id: int | None) -> Letter | None:
    """What somebody of this side reads, unless they have done it themselves."""
    state = event.facts["state"]
    if state in SAID_BY_THE_END or _did_it(event, user_id):
        return None
    if state == RequestState.OPEN and request_of(event).side != side:
        return Letter.CANCEL_ASKED
    return Letter.CANCEL_CHANGED


def deciders(event: OutboxEvent) -> "QuerySet[User]":
    """Those who are to decide it now: nobody, unless it has just come before them."""
    if event.kind not in KINDS or event.facts["state"] != RequestState.DISPUTED:
        return User.objects.none()
    return User.objects.filter(is_superuser=True, is_active=True).order_by("pk")


def still_so(event: OutboxEvent) -> bool:
    """Nothing else has become of it since."""
    return CancelRequest.objects.filter(
        pk=event.facts["request_id"], state=event.facts["state"]
    ).exists()


def _did_it(event: OutboxEvent, user_id: int | None) -> bool:
    if user_id is None:
        return False
    return AppointmentEvent.objects.filter(
        appointment=event.appointment_id, at=event.at, action__in=ACTS, actor_user=user_id
    ).exists()
