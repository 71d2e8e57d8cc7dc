"""A store with one row, at least, of everything that belongs to a store."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from appointments import services
from appointments.models import (
    Appointment,
    CalendarFeed,
    CancelRequest,
    Hold,
    Order,
    Package,
    SeatWish,
    Session,
    SessionRule,
    SkippedSession,
    StayPet,
    ViewingFeedback,
)
from booking_site.common.actors import SYSTEM, Actor
from chat.models import Block, Conversation
from notifications.keys import new_secret, sealed
from notifications.models import Notification, Reminder, ToldPlace, Turn, Type, WebhookEndpoint
from payments.models import Payment, PaymentShare, Refund
from realtors.models import ListingPicture, Presence, Realtor, TimeOff, WorkingInterval
from realtors.services import set_presence
from reviews.models import Review, ReviewAspect, ReviewLogEntry, ReviewPhoto, ReviewReport
from stores.models import SpecialDay, SpecialInterval, Store
from stores.rules import Interval
from stores.services import make_key, set_opening_hours
from tests.appointments.courses import paid_seat
from tests.factories import (
    ROUND_THE_CLOCK,
    ListingFactory,
    PolicyFactory,
    RealtorFactory,
    StoreFactory,
    UserFactory,
    manager_of,
)


@dataclass(frozen=True)
class Place:
    """``booked`` waits for the realtor's answer, ``waiting`` stands in line for the same start."""

    store: Store
    manager: User
    realtor: Realtor
    time_off: TimeOff
    special_day: SpecialDay
    booked: Appointment
    waiting: Appointment
    hold: Hold


def furnish(name: str, number: int) -> Place:
    """Whoever works here does so at any hour: it is never too late in the day for a test."""
    store = StoreFactory(name=f"{name} House", slug=f"house-{number}", hours=())
    round_the_clock = {weekday: [Interval(time(0), time(0))] for weekday in range(7)}
    set_opening_hours(store, week=round_the_clock, by=SYSTEM, at=timezone.now())
    realtor = RealtorFactory(
        store=store, name=f"{name} Realtor", email=f"{name}@example.com", hours=ROUND_THE_CLOCK
    )
    WorkingInterval.objects.create(
        realtor=realtor, kind="break", weekday=6, starts=time(12), ends=time(13)
    )
    start = start_at(store, days=2, hour=10)
    off = start + timedelta(days=30)
    day = SpecialDay.objects.create(
        store=store, date=(start + timedelta(days=60)).date(), note=f"{name} closes early"
    )
    SpecialInterval.objects.create(special_day=day, opens=time(9), closes=time(12))
    PolicyFactory(store=store)
    WebhookEndpoint.objects.create(
        store=store,
        name=f"{name} Till",
        url="https://hooks.example.com/",
        secret_sealed=sealed(new_secret()),
        created_at=timezone.now(),
    )
    make_key(store, name=f"{name} Till", scopes=["orders:read"], by=SYSTEM, at=timezone.now())
    booked = book(store, start, customer=f"{name} Booker", number=number * 10)
    Reminder.objects.create(
        appointment=booked, starts_at=booked.starts_at, turn=Turn.FIRST, at=timezone.now()
    )
    _tell(realtor, booked, name)
    review = Review.objects.create(
        appointment=booked,
        store=store,
        realtor=realtor,
        rating=4,
        comment=f"{name} was kind",
        created_at=timezone.now(),
    )
    manager = manager_of(store, display_name=f"{name} Manager")
    CalendarFeed.objects.create(
        realtor=realtor, user=manager, token_digest=name, created_at=timezone.now()
    )
    ReviewAspect.objects.create(review=review, aspect="skill", stars=5)
    ReviewReport.objects.create(review=review, reason="spam", words=name, created_at=timezone.now())
    ReviewLogEntry.objects.create(
        review=review, action="written", actor_kind="guest", reason=name, at=timezone.now()
    )
    ReviewPhoto.objects.create(
        appointment=booked,
        review=review,
        key=f"{number:032x}",
        width=4,
        height=3,
        created_at=timezone.now(),
    )
    _talk(realtor, booked, name)
    _teach(realtor, name)
    _let_in(booked, name)
    _pay(booked, name)
    return Place(
        store=store,
        manager=manager,
        realtor=realtor,
        time_off=TimeOff.objects.create(
            realtor=realtor, starts_at=off, ends_at=off + timedelta(hours=2), reason=f"{name} rests"
        ),
        special_day=day,
        booked=booked,
        waiting=book(store, start, customer=f"{name} Waiter", number=number * 10 + 1),
        hold=services.hold(
            store, starts_at=start + timedelta(hours=5), by=Actor.guest(), at=timezone.now()
        ),
    )


def _pay(booked: Appointment, name: str) -> None:
    """Paid, and a part of it given back."""
    now = timezone.now()
    payment = Payment.objects.create(
        number=f"{name.lower()}payment",
        store=booked.store,
        gateway="sandbox",
        amount=100,
        currency="CNY",
        subject=f"{name} sings",
        status="paid",
        expires_at=now,
        paid_at=now,
        opened_at=now,
        created_at=now,
    )
    share = PaymentShare.objects.create(
        payment=payment, appointment=booked, amount=100, refunded=40, counts=True
    )
    Refund.objects.create(
        share=share,
        number=f"{name.lower()}refund",
        amount=40,
        reason="staff",
        words=f"{name} was cold",
        status="failed",
        next_try_at=now,
        created_at=now,
    )


def _tell(realtor: Realtor, booked: Appointment, name: str) -> None:
    assert realtor.user_id is not None
    Notification.objects.create(
        user_id=realtor.user_id,
        # Further than any number that its stream gives here.
        u=1_000_000,
        type=Type.CREATED,
        appointment=booked,
        title=f"{name} Booker comes",
        created_at=timezone.now(),
    )
    ToldPlace.objects.create(appointment=booked, position=1)


def _teach(realtor: Realtor, name: str) -> None:
    """A course with a session next month, in which nobody has a seat yet."""
    now, store = timezone.now(), realtor.store
    course = ListingFactory(course=True, realtor=realtor, title=f"{name} sings")
    starts = start_at(store, days=40, hour=15)
    ListingPicture.objects.create(
        listing=course,
        key=f"{name:x>32}"[-32:],
        caption=f"{name} at the piano",
        width=4,
        height=3,
        created_at=now,
    )
    rule = SessionRule.objects.create(
        listing=course,
        weekdays=[starts.weekday()],
        starts=time(15),
        first_date=starts.date(),
        created_at=now,
    )
    SkippedSession.objects.create(rule=rule, date=starts.date(), reason="away")
    session = Session.objects.create(
        listing=course,
        store=store,
        realtor=realtor,
        rule=rule,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        capacity=course.capacity,
        created_at=now,
        updated_at=now,
    )
    pupil = UserFactory(display_name=f"{name} Pupil")
    SeatWish.objects.create(session=session, user=pupil, created_at=now)
    Package.objects.create(listing=course, user=pupil, created_at=now)


def _let_in(booked: Appointment, name: str) -> None:
    """Rows of stays, viewings and orders, as they stand in the books."""
    now = timezone.now()
    Order.objects.create(appointment=booked, number=f"{name}-1", address=f"{name} Road 1")
    CancelRequest.objects.create(
        appointment=booked,
        open_key=booked.pk,
        side="customer",
        reason=f"{name} is ill",
        asked_at=now,
        answer_before=now,
    )
    StayPet.objects.create(appointment=booked, name=f"{name} Pet", species="cat")
    ViewingFeedback.objects.create(
        appointment=booked, verdict="interested", note=name, created_at=now, updated_at=now
    )


def _talk(realtor: Realtor, booked: Appointment, name: str) -> None:
    """As it stands in the books: nobody is told of it here."""
    now = timezone.now()
    talk = Conversation.objects.create(
        appointment=booked, store=realtor.store, last_seq=1, created_at=now, updated_at=now
    )
    chatter = UserFactory(display_name=f"{name} Chatter")
    for user in (chatter, realtor.user):
        talk.participants.create(user=user, role="customer", joined_at=now)
    said = talk.messages.create(seq=1, sender=chatter, body=f"{name} said this", created_at=now)
    talk.reports.create(
        message=said, reporter=realtor.user, reason="spam", quoted=said.body, created_at=now
    )
    talk.log.create(action="reported", actor_kind="guest", reason=name, at=now)
    Block.objects.create(blocker=chatter, blocked=realtor.user, created_at=now)


def start_at(store: Store, *, days: int, hour: int) -> datetime:
    """That hour by the store's clock, so many days from now."""
    today = timezone.now().astimezone(store.zone)
    return (today + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def book(store: Store, start: datetime, *, customer: str, number: int = 0) -> Appointment:
    wish = services.BookingRequest(
        store=store,
        starts_at=start,
        customer_name=customer,
        customer_phone=f"+86138001{number:05d}",
    )
    return services.book(wish, by=SYSTEM, at=timezone.now())


def seated(session: Session, user: User) -> Appointment:
    """Booked and paid."""
    return paid_seat(session, user, at=timezone.now())


def put(realtor: Realtor, starts_at: datetime, status: str = "completed", **more) -> Appointment:
    """As it stands in the books; how it got there does not matter here."""
    times = {"created_at": starts_at, "updated_at": starts_at, "queued_at": starts_at}
    ends_at = starts_at + timedelta(minutes=60)
    facts = {"starts_at": starts_at, "ends_at": ends_at, "duration_minutes": 60, **times, **more}
    return Appointment.objects.create(
        code=None,
        customer_name="Lan",
        customer_phone="+8613800000001",
        store=realtor.store,
        realtor=realtor,
        status=status,
        **facts,
    )


def join(store: Store, *, customer: str, number: int = 0, minutes_ago: int = 0) -> Appointment:
    """Stands in the store's live line."""
    wish = services.LiveRequest(
        store=store, customer_name=customer, customer_phone=f"+86138002{number:05d}"
    )
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return services.join(wish, by=SYSTEM, at=at)


def online(store: Store, name: str) -> Realtor:
    """Somebody who takes live customers whenever the store is open."""
    realtor = RealtorFactory(store=store, name=name)
    return set_presence(realtor, Presence.ONLINE, by=SYSTEM, at=timezone.now())


def page_of(row: Model) -> str:
    return f"{list_of(type(row))}{row.pk}/change/"


def list_of(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
