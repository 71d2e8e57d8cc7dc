"""Who is told of a piece of news, and by which letter.

Nobody is told what they have just done themselves, except that a booking, a move and a customer's
cancellation are answered with the calendar entry, which would else stay as it was. Looked up in the
transaction of the news: the appointment and its log are as that transaction has left them so far.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from accounts.models import User
from appointments.models import (
    Action,
    Appointment,
    AppointmentEvent,
    PaymentStatus,
    Side,
    Status,
    SystemReason,
)
from appointments.models.appointment import LIVE
from appointments.presenters.life import is_of_customer
from notifications.models import Channel, Delivery, Kind, Letter, OutboxEvent, Role
from notifications.rules import ASKED_AFTER
from notifications.selectors.of_requests import deciders, letter_of_request
from notifications.selectors.together import is_told_for_the_session, is_told_with_another
from notifications.selectors.webhooks import managers_of
from realtors.models import Realtor

DEFAULT_LOCALE = "zh-hans"
# How a realtor is rid of an appointment, as the log has it.
GIVEN_BACK = (Action.DECLINED, Action.TIMED_OUT, Action.REASSIGNED)
# What the customer always hears of.
LETTERS = {
    Kind.REPLIED: Letter.REPLIED,
    Kind.PAYMENT_SUCCEEDED: Letter.RECEIPT,
    Kind.PAYMENT_FAILED: Letter.PAYMENT_FAILED,
    Kind.REFUND_DONE: Letter.REFUNDED,
}


@dataclass(frozen=True)
class Recipient:
    """``address`` is blank where there is none to write to, ``user_id`` None without an account."""

    role: Role
    letter: Letter
    address: str
    locale: str
    user_id: int | None
    recipient_id: int = 0
    # How long to wait with it.
    after: timedelta = timedelta(0)


def recipients_of(event: OutboxEvent) -> list[Recipient]:
    """Everybody who is told, by whatever way they can be reached."""
    people = ("user", "realtor__user", "listing", "store")
    appointment = Appointment.objects.select_related(*people).get(pk=event.appointment_id)
    event.appointment = appointment
    if event.kind == Kind.REFUND_STUCK:
        managers = managers_of(appointment.store)
        return [_manager(one, Letter.REFUND_STUCK) for one in managers]
    if is_told_with_another(event):
        return []
    return [
        *_customers(event, appointment),
        *_realtors(event, appointment),
        *(_manager(one, Letter.DISPUTE) for one in deciders(event)),
    ]


def recipient_again(delivery: Delivery) -> Recipient | None:
    """The same person as they are reached today by that way; None for one who is gone."""
    letter = Letter(delivery.letter)
    if delivery.role == Role.CUSTOMER:
        found: Recipient | None = _customer(delivery.event.appointment, letter)
    elif delivery.role == Role.MANAGER:
        people = User.objects.filter(pk=delivery.recipient_id, is_active=True)
        found = next((_manager(one, letter) for one in people), None)
    else:
        realtors = Realtor.objects.select_related("user").filter(pk=delivery.recipient_id)
        found = next((_realtor(one, letter) for one in realtors if one.is_active), None)
    if found is None:
        return None
    reached = found.address if delivery.channel == Channel.EMAIL else found.user_id
    return found if reached else None


def _customers(event: OutboxEvent, appointment: Appointment) -> Iterator[Recipient]:
    letter = _customer_letter(event, appointment)
    if letter is not None:
        to = _customer(appointment, letter)
        yield replace(to, after=ASKED_AFTER) if letter == Letter.HOW_WAS_IT else to


def _customer_letter(event: OutboxEvent, appointment: Appointment) -> Letter | None:
    match event.kind:
        case Kind.CREATED:
            return _letter_of_booking(appointment)
        case Kind.CONFIRMED:
            # Confirmed while it is booked: that letter says so.
            return None if _is_being_booked(event, appointment) else Letter.CONFIRMED
        case Kind.UNASSIGNED:
            return Letter.REALTOR_CHANGED if _was_announced(event, appointment) else None
        case Kind.RESCHEDULED:
            return Letter.RESCHEDULED
        case Kind.CANCELLED:
            return None if _is_no_news(event, appointment) else Letter.CANCELLED
        case Kind.REMINDER:
            return Letter.REMINDER
        case Kind.STARTED:
            return Letter.CHECKED_IN if appointment.is_stay else None
        case Kind.COMPLETED:
            return None if _goes_on(appointment) else Letter.HOW_WAS_IT
        case Kind.CANCEL_REQUESTED | Kind.CANCEL_REQUEST_CHANGED:
            return letter_of_request(event, Side.CUSTOMER, appointment.user_id)
        case _:
            return LETTERS.get(Kind(event.kind))
    return None


def _letter_of_booking(appointment: Appointment) -> Letter | None:
    """Where a seat or a stay confirms itself, that letter says that it is booked."""
    if appointment.awaits_payment:
        return Letter.TO_PAY
    listing = appointment.listing
    confirms_itself = listing is not None and not listing.needs_approval
    said_once = (appointment.is_seat or appointment.is_stay) and confirms_itself
    return None if said_once else Letter.BOOKED


def _goes_on(appointment: Appointment) -> bool:
    """Whoever has booked several sessions is asked how it was after the last."""
    if appointment.package_id is None:
        return False
    rest = Appointment.objects.filter(package=appointment.package_id, status__in=LIVE)
    return rest.exists()


def _is_being_booked(event: OutboxEvent, appointment: Appointment) -> bool:
    """The news of a booking comes last in its transaction."""
    if appointment.created_at != event.at:
        return False
    return not OutboxEvent.objects.filter(appointment=appointment, kind=Kind.CREATED).exists()


def _was_announced(event: OutboxEvent, appointment: Appointment) -> bool:
    """The customer knows that realtor's name: they had accepted, or it stayed confirmed while it
    went to somebody else."""
    if event.facts["announced"]:
        return True
    gone = appointment.realtor_id != event.facts["realtor_id"]
    return gone and appointment.status == Status.CONFIRMED


def _is_no_news(event: OutboxEvent, appointment: Appointment) -> bool:
    """Who has left a line, or has not paid, stands in no calendar, and who has erased the account
    is gone."""
    if event.facts["reason"] == SystemReason.ACCOUNT_ERASED:
        return True
    return _customer_did_it(appointment) and (appointment.live or _is_unpaid(appointment))


def _is_unpaid(appointment: Appointment) -> bool:
    """Nobody but the customer has heard of it: it was to be paid first."""
    to_pay_first = appointment.pay_before is not None
    return to_pay_first and appointment.payment_status == PaymentStatus.UNPAID


def _realtors(event: OutboxEvent, appointment: Appointment) -> Iterator[Recipient]:
    realtor = _realtor_of(event, appointment)
    if realtor is None:
        return
    letter = _realtor_letter(event, appointment, realtor)
    if letter is not None and realtor.is_active:
        yield _realtor(realtor, letter)


def _realtor_of(event: OutboxEvent, appointment: Appointment) -> Realtor | None:
    """Whom the news names, else whose appointment it is."""
    named = event.facts.get("realtor_id", appointment.realtor_id)
    if named == appointment.realtor_id:
        return appointment.realtor
    return Realtor.objects.select_related("user").get(pk=named)


def _realtor_letter(
    event: OutboxEvent, appointment: Appointment, realtor: Realtor
) -> Letter | None:
    match event.kind:
        case Kind.ASSIGNED:
            if appointment.awaits_payment:
                return None
            # What was confirmed with another stays so with this one, who is not asked.
            return Letter.CONFIRMED if appointment.status == Status.CONFIRMED else Letter.ASKED
        case Kind.UNASSIGNED:
            return None if _gave_it_back(event, appointment, realtor) else Letter.TAKEN_AWAY
        case Kind.CONFIRMED:
            return None if _did_it(appointment, realtor) else Letter.CONFIRMED
        case Kind.RESCHEDULED:
            if appointment.status != Status.CONFIRMED or _just_assigned(event):
                return None
            return Letter.RESCHEDULED
        case Kind.CANCELLED:
            knows = _did_it(appointment, realtor) or _is_unpaid(appointment)
            return None if knows or _is_told(event, appointment) else Letter.CANCELLED
        case Kind.REMINDER:
            # Whoever asks for it out of turn need not be reminded.
            asked = realtor.user_id is not None and realtor.user_id == event.facts.get("by_id")
            return None if asked or _is_told(event, appointment) else Letter.REMINDER
        case Kind.REVIEWED:
            return Letter.REVIEWED
        case Kind.VIEWING_FEEDBACK:
            return Letter.VIEWING_FEEDBACK
        case Kind.PAID:
            # What is paid first is told with its confirmation.
            known = appointment.is_order and appointment.confirmed_at is not None
            return Letter.PAID if known else None
        case Kind.CANCEL_REQUESTED | Kind.CANCEL_REQUEST_CHANGED:
            return letter_of_request(event, Side.PROVIDER, realtor.user_id)
    return None


def _is_told(event: OutboxEvent, appointment: Appointment) -> bool:
    """A seat of a session of which its teacher has heard; what customers decide, each decides."""
    if not appointment.is_seat:
        return False
    if event.kind == Kind.CANCELLED and _customer_did_it(appointment):
        return False
    return is_told_for_the_session(event)


def _gave_it_back(event: OutboxEvent, appointment: Appointment, realtor: Realtor) -> bool:
    entry = _latest(appointment)
    said = entry is not None and entry.at == event.at and entry.action in GIVEN_BACK
    return said and _did_it(appointment, realtor)


def _did_it(appointment: Appointment, realtor: Realtor) -> bool:
    entry = _latest(appointment)
    return (
        entry is not None
        and entry.actor_user_id is not None
        and (entry.actor_user_id == realtor.user_id)
    )


def _customer_did_it(appointment: Appointment) -> bool:
    entry = _latest(appointment)
    return entry is not None and is_of_customer(entry, appointment)


def _just_assigned(event: OutboxEvent) -> bool:
    """In this very move, so that they have their letter already."""
    before = OutboxEvent.objects.filter(appointment=event.appointment_id, pk__lt=event.pk)
    last = before.order_by("-pk").first()
    return last is not None and last.kind == Kind.ASSIGNED and last.at == event.at


def _latest(appointment: Appointment) -> AppointmentEvent | None:
    return AppointmentEvent.objects.filter(appointment=appointment).order_by("-pk").first()


def _customer(appointment: Appointment, letter: Letter) -> Recipient:
    """Money may go back to somebody who has left; they are told nothing on the site any more."""
    user = appointment.user
    user_id = user.pk if user is not None and user.is_active else None
    return Recipient(Role.CUSTOMER, letter, appointment.customer_email, appointment.locale, user_id)


def _realtor(realtor: Realtor, letter: Letter) -> Recipient:
    locale = realtor.user.locale if realtor.user else DEFAULT_LOCALE
    return Recipient(Role.REALTOR, letter, realtor.email, locale, realtor.user_id, realtor.pk)


def _manager(user: User, letter: Letter) -> Recipient:
    return Recipient(Role.MANAGER, letter, user.email or "", user.locale, user.pk, user.pk)
