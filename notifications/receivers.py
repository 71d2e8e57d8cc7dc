"""What the news of the apps below means here: rows in the outbox, and in the streams of those whom
it concerns, in the same transaction."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from accounts.events import AppSignedOut, UserErased
from accounts.models import User
from appointments.events import (
    AppointmentAssigned,
    AppointmentCancelled,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentNews,
    AppointmentNoShow,
    AppointmentPaid,
    AppointmentRescheduled,
    AppointmentStarted,
    AppointmentUnassigned,
    CancelRequestChanged,
    SeatFreed,
    ViewingFeedbackGiven,
)
from appointments.models import RequestState
from booking_site.common.events import subscribe
from chat.events import (
    CardChanged,
    ConversationUpdated,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    WordsForgotten,
)
from notifications.frames import Close
from notifications.gateways.hints import publish_end, session_name
from notifications.models import Kind
from notifications.services import forget, forget_words, record, tell_seat_free, telling_chat
from payments.events import (
    PaymentFailed,
    PaymentNews,
    PaymentSucceeded,
    RefundDone,
    RefundNews,
    RefundStuck,
)
from payments.models import Payment, Refund
from reviews.events import ReviewNews, ReviewReplied, ReviewWritten

KINDS: dict[type[AppointmentNews], Kind] = {
    AppointmentCreated: Kind.CREATED,
    AppointmentAssigned: Kind.ASSIGNED,
    AppointmentUnassigned: Kind.UNASSIGNED,
    AppointmentConfirmed: Kind.CONFIRMED,
    AppointmentRescheduled: Kind.RESCHEDULED,
    AppointmentStarted: Kind.STARTED,
    AppointmentCompleted: Kind.COMPLETED,
    AppointmentCancelled: Kind.CANCELLED,
    AppointmentNoShow: Kind.NO_SHOW,
    AppointmentPaid: Kind.PAID,
    ViewingFeedbackGiven: Kind.VIEWING_FEEDBACK,
}
KINDS_OF_REVIEWS: dict[type[ReviewNews], Kind] = {
    ReviewWritten: Kind.REVIEWED,
    ReviewReplied: Kind.REPLIED,
}


KINDS_OF_PAYMENTS: dict[type[PaymentNews], Kind] = {
    PaymentSucceeded: Kind.PAYMENT_SUCCEEDED,
    PaymentFailed: Kind.PAYMENT_FAILED,
}
KINDS_OF_REFUNDS: dict[type[RefundNews], Kind] = {
    RefundDone: Kind.REFUND_DONE,
    RefundStuck: Kind.REFUND_STUCK,
}


def put_in_the_outbox(news: AppointmentNews | ReviewNews) -> None:
    facts = {name: _as_json(value) for name, value in asdict(news).items()}
    appointment_id = facts.pop("appointment_id")
    del facts["at"]
    record(ALL_KINDS[type(news)], appointment_id=appointment_id, at=news.at, facts=facts)


ALL_KINDS: dict[type, Kind] = {**KINDS, **KINDS_OF_REVIEWS}
for kind_of_news in ALL_KINDS:
    subscribe(kind_of_news)(put_in_the_outbox)


@subscribe(CancelRequestChanged)
def put_request_in_the_outbox(news: CancelRequestChanged) -> None:
    asked = news.state == RequestState.OPEN
    record(
        Kind.CANCEL_REQUESTED if asked else Kind.CANCEL_REQUEST_CHANGED,
        appointment_id=news.appointment_id,
        at=news.at,
        facts={
            "request_id": news.request_id,
            "state": news.state,
            "refund": str(news.refund),
        },
    )


def put_payment_in_the_outbox(news: PaymentNews) -> None:
    """With the first booking that it is for: people read of all of them in one letter."""
    share = Payment.objects.get(pk=news.payment_id).shares.order_by("pk").first()
    if share is not None:
        facts = {"payment_id": news.payment_id}
        kind = KINDS_OF_PAYMENTS[type(news)]
        record(kind, appointment_id=share.appointment_id, at=news.at, facts=facts)


for kind_of_payment in KINDS_OF_PAYMENTS:
    subscribe(kind_of_payment)(put_payment_in_the_outbox)


def put_refund_in_the_outbox(news: RefundNews) -> None:
    share = Refund.objects.select_related("share").get(pk=news.refund_id).share
    facts = {"refund_id": news.refund_id, "payment_id": share.payment_id}
    kind = KINDS_OF_REFUNDS[type(news)]
    record(kind, appointment_id=share.appointment_id, at=news.at, facts=facts)


for kind_of_refund in KINDS_OF_REFUNDS:
    subscribe(kind_of_refund)(put_refund_in_the_outbox)

subscribe(SeatFreed)(tell_seat_free)


@subscribe(UserErased)
def take_a_person_out_of_the_letters(news: UserErased) -> None:
    forget(User.objects.get(pk=news.user_id), at=news.at)


@subscribe(AppSignedOut)
def end_the_sockets_of_an_app(news: AppSignedOut) -> None:
    session = session_name(family=news.family.hex)
    end = partial(publish_end, news.user_id, code=Close.SIGNED_OUT, session=session)
    transaction.on_commit(end, robust=True)


subscribe(MessageSent)(telling_chat.tell_message)
subscribe(MessageEdited)(telling_chat.tell_edited)
subscribe(MessagesRead)(telling_chat.tell_read)
subscribe(MessagesDelivered)(telling_chat.tell_delivered)
subscribe(ConversationUpdated)(telling_chat.tell_conversation)
subscribe(MemberLeft)(telling_chat.tell_left)
subscribe(CardChanged)(telling_chat.tell_card)


@subscribe(MessageDeleted)
def take_its_words_out_of_the_streams(news: MessageDeleted) -> None:
    telling_chat.tell_deleted(news)
    forget_words([news.message.pk])


@subscribe(WordsForgotten)
def take_their_words_out_of_the_streams(news: WordsForgotten) -> None:
    forget_words(news.message_ids)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
