"""A store in use on a Monday morning, and an app of everybody who calls it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Child, Pet, User
from accounts.services import issue_tokens
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from chat.services import Draft, open_direct, open_group, send
from notifications.models import Notification, OutboxEvent, Platform
from notifications.services import register_device
from payments.services import open_payment
from realtors.gateways.pictures import listing_pictures_from
from realtors.models import Realtor
from realtors.services import add_picture
from stores.models import Store
from stores.services import make_key
from tests.appointments import world
from tests.appointments.courses import paid_seat, session_at, take_seat, teach
from tests.appointments.orders import agreed, order, service
from tests.appointments.places import boarding, book_stay, house, pet_of
from tests.appointments.world import GUEST, NOW, TUESDAY, clock
from tests.factories import PASSWORD, manager_of
from tests.notifications.hooks import bare_hook
from tests.reviews.photographs import added, picture
from tests.reviews.visits import say, served

# Whoever may call anything at all.
WHO = ("guest", "customer", "realtor", "manager", "operator")
# One has begun and one should have by then.
BY_THEN = clock("11:30")


@dataclass(frozen=True)
class Scene:
    """``ids``: what there is, by the names that paths and bodies have for it. ``tokens``: access,
    by who."""

    ids: dict[str, list[Any]]
    tokens: dict[str, str]

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}


def set_scene() -> Scene:
    """One of everything that a path can name, all of it Fang's, Wei's or of Hua's store."""
    store = world.open_store(min_advance_minutes=0)
    wei = world.hire(store, "Wei")
    world.hire(store, "Ming")
    fang = world.register("Fang", phone="+8613800000009")
    people = {
        "customer": fang,
        "realtor": wei.user,
        "manager": manager_of(store),
        "operator": world.register("Operator", is_staff=True, is_superuser=True),
    }
    tokens = {
        who: issue_tokens(user, by=Actor.of(user), at=BY_THEN)
        for who, user in people.items()
        if user is not None
    }
    booked = _booked(store, wei, fang)
    shown, ordered = _shown(store, wei, fang), _ordered(wei, fang)
    return Scene(
        ids={
            "store_id": [str(store.pk)],
            "realtor_id": [str(wei.pk)],
            **_reviewed(wei, fang),
            **booked,
            **_talked(fang, wei, booked["appointment_id"][-1]),
            **_kept(store, wei),
            **_taught(store, wei, fang),
            **shown,
            **ordered,
            # At home in addresses, and of pets in bodies.
            "service_id": ordered["serviceId"][:1] + shown["place_id"],
            **_hooked(store),
            **_told(fang),
            **_dependants(fang),
            "refresh": [tokens["customer"].refresh],
            "login": [fang.email],
            "password": [PASSWORD],
        },
        tokens={who: pair.access for who, pair in tokens.items()},
    )


def _booked(store: Store, wei: Realtor, fang: User) -> dict[str, list[Any]]:
    """With Wei: one to answer, one to begin, and one to end."""
    options = {"customer": fang, "realtor": wei}
    found = [
        world.running(store, clock("09:00"), duration_minutes=120, **options),
        world.confirmed(store, clock("11:00"), **options),
        world.book(store, clock("14:00"), **options),
    ]
    held = services.hold(store, starts_at=clock("16:00"), by=GUEST, at=BY_THEN)
    return {
        "appointment_id": [str(one.pk) for one in found],
        "code": [one.code for one in found],
        "phone_last4": ["0009"],
        "token": [held.token],
        "hold_token": [held.token],
    }


def _reviewed(wei: Realtor, fang: User) -> dict[str, list[Any]]:
    """What a guest has said of Wei, and a photo for what Fang has not said yet."""
    review = say(served(wei, "12:00"), 4, "Kind.")
    photo = added(served(wei, "13:00", customer=fang))
    return {"review_id": [str(review.pk)], "key": [photo.key]}


def _kept(store: Store, wei: Realtor) -> dict[str, list[Any]]:
    return {
        "off_id": [str(world.away(wei, clock("17:00"), clock("18:00")).pk)],
        "key_id": [str(_key_of(store))],
        "day_id": [str(store.special_days.create(date=(NOW + timedelta(days=4)).date()).pk)],
    }


def _key_of(store: Store) -> int:
    made = make_key(store, name="Till", scopes=["orders:read"], by=SYSTEM, at=BY_THEN)
    return made.row.pk


def _taught(store: Store, wei: Realtor, fang: User) -> dict[str, list[Any]]:
    """A course of Wei's with a picture and three sessions. In one of them Fang has a seat that she
    has paid, in another one that she is about to pay."""
    course, by = teach(store, teacher=wei, needs_approval=True), Actor.of(fang)
    first, second, third = (
        session_at(course, clock(at, TUESDAY)) for at in ("10:00", "14:00", "16:00")
    )
    seat, owed = paid_seat(first, fang), take_seat(third, fang, at=BY_THEN)
    payment, _is_new = open_payment(owed, gateway="sandbox", by=by, at=BY_THEN)
    pictures = listing_pictures_from(picture())
    shown = add_picture(course, pictures=pictures, by=SYSTEM, at=BY_THEN)
    slots = [str(first.pk), str(second.pk)]
    return {
        "course_id": [str(course.pk)],
        "courseId": [str(course.pk)],
        "listing_id": [str(course.pk), None],
        "teacher_id": [str(wei.pk)],
        "teacherId": [str(wei.pk)],
        "institutionId": [str(store.pk)],
        "slot_id": slots,
        "slotId": slots,
        "slotIds": [slots[1:]],
        "booking_id": [str(seat.pk), str(owed.pk)],
        "picture_key": [shown.key],
        "payment_id": [str(payment.pk)],
        "gateway": ["sandbox"],
    }


def _shown(store: Store, wei: Realtor, fang: User) -> dict[str, list[Any]]:
    """A house of Wei's that Fang wants to see, and a place of his where two of her pets stay."""
    flat, home = house(store, realtor=wei), boarding(store, sitter=wei)
    seen = world.book(store, clock("12:00", TUESDAY), listing=flat, customer=fang)
    pets = [pet_of(fang, "Doubao"), pet_of(fang, "Heidou")]
    stay = book_stay(home, fang, TUESDAY, TUESDAY + timedelta(days=2), pets=pets[:1], at=BY_THEN)
    return {
        "reservation_id": [str(seen.pk)],
        "house_id": [str(flat.pk)],
        "landlord_id": [str(wei.user_id), None],
        "place_id": [str(home.pk)],
        "sitter_id": [str(wei.pk)],
        "stay_id": [str(stay.pk)],
        "pet_ids": [[str(pets[1].pk)]],
    }


def _ordered(wei: Realtor, fang: User) -> dict[str, list[Any]]:
    """A service of Wei's. Fang waits for his answer to one order and he for hers, who wants to call
    off another one."""
    cleaning, wednesday = service(wei.store, provider=wei), TUESDAY + timedelta(days=1)
    made = order(cleaning, fang, clock("10:00", wednesday), at=BY_THEN)
    bound = agreed(cleaning, fang, clock("14:00", wednesday), at=BY_THEN, amount=Decimal(180))
    services.ask_to_cancel(bound, by=Actor.of(fang), at=BY_THEN, reason="Plans changed")
    return {
        "order_id": [str(made.pk), str(bound.pk)],
        "serviceId": [str(cleaning.pk), None],
    }


def _told(fang: User) -> dict[str, list[Any]]:
    """What Fang was told of her bookings, and the telephone on which she hears of it."""
    register_device(fang, platform=Platform.IOS, token="fangs", by=Actor.of(fang), at=BY_THEN)
    told = Notification.objects.filter(user=fang).values_list("u", flat=True)
    return {"notification_id": [str(u) for u in told]}


def _talked(fang: User, wei: Realtor, order_id: str) -> dict[str, list[Any]]:
    """Fang with Wei, of a booking and in a group."""
    assert wei.user is not None
    order, by = Appointment.objects.get(pk=order_id), Actor.of(fang)
    talk = open_direct(wei.user, appointment=order, by=by, at=BY_THEN).conversation
    flat = open_group([wei.user], name="Flat", by=by, at=BY_THEN)
    message = send(talk.pk, Draft(text="Hello"), by=by, at=BY_THEN)
    send(flat.pk, Draft(text="Good morning"), by=Actor.of(wei.user), at=BY_THEN)
    ids = [str(wei.user.pk), str(fang.pk)]
    return {
        "conversation_id": [str(talk.pk), str(flat.pk)],
        "conversationId": [str(talk.pk), str(flat.pk)],
        "message_id": [str(message.pk)],
        "messageId": [str(message.pk)],
        "replyToId": [str(message.pk), None],
        "orderId": [order_id, None],
        "user_id": ids,
        "userId": ids,
        "targetUserId": ids,
        "participantIds": [ids],
    }


def _hooked(store: Store) -> dict[str, list[Any]]:
    """Where nothing is sent to, because the address is nobody's; its one message was given up."""
    hook = bare_hook(store, "https://192.0.2.1/")
    message = hook.deliveries.create(
        event=OutboxEvent.objects.earliest("pk"), status="dead", next_try_at=NOW, created_at=NOW
    )
    return {"webhook_id": [str(hook.pk)], "delivery_id": [str(message.pk)]}


def _dependants(owner: User) -> dict[str, list[Any]]:
    child = Child.objects.create(parent=owner, name="Xiao Bo")
    pet = Pet.objects.create(owner=owner, name="Mimi", species="cat")
    childs = [str(child.pk)]
    return {"child_id": childs, "childId": [*childs, None], "pet_id": [str(pet.pk)]}
