"""Two states of the whole site: an empty one, and a full one in which everybody is unkind.

The empty one has a bare store and people without a past. In the full one every name is long and
hostile (tests.faces.hostile), every status is there, people stand in line, and lists are long.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.models import Child, Pet, User
from appointments import services
from appointments.models import Appointment, Status
from appointments.presenters.times import stamp
from appointments.selectors.slots import days_of_slots
from booking_site.common.actors import SYSTEM, Actor
from chat import services as chat
from chat.gateways.uploads import upload_from
from chat.models import Conversation
from chat.selectors.reading import thread_of
from notifications.keys import new_secret, sealed
from notifications.models import (
    Announcement,
    Delivery,
    Platform,
    Push,
    Type,
    WebhookEndpoint,
)
from notifications.presenters.mail import compose
from notifications.services import publish_announcement, register_device, set_preferences
from notifications.timed_pushes import announce_due
from realtors.models import Listing, Presence, Realtor, TimeOff, WorkingInterval
from realtors.services import set_presence, settle_in
from reviews.models import Review
from stores.models import Category, SpecialDay, Store
from tests.chat import files, talk
from tests.factories import PolicyFactory, RealtorFactory, StoreFactory, UserFactory, manager_of
from tests.reviews.visits import say

from . import courses, hostile, offers, orders, seats, stays
from .tills import pay

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GUEST, CUSTOMER, REALTOR = "guest", "customer", "realtor"
# Whose store has nobody else in it.
PROVIDER, MANAGER, OPERATOR = "provider", "manager", "operator"
PEOPLE = (GUEST, CUSTOMER, REALTOR, PROVIDER, MANAGER, OPERATOR)
MANY = 200
PHONE = "+86138{:08d}"


@dataclass
class World:
    """``things`` are what addresses of pages are made of, by name."""

    name: str
    at: datetime
    store: Store
    people: dict[str, User]
    realtor: Realtor
    things: dict[str, Any] = field(default_factory=dict)

    def code(self, which: str) -> list[str]:
        return [self.things[which].code]

    def row_of(self, model: type[Model]) -> Model | None:
        """A row for the page that changes one: the one in which most is written."""
        return model._default_manager.order_by("pk").first()


def empty() -> World:
    """A store that has just opened its books; nobody has booked yet."""
    at = timezone.now()
    store = StoreFactory(name="静安寺店", slug="empty", hours=None)
    return _world("empty", at, store, "林晓")


def full() -> World:
    """Long, hostile, and busy: what the worst day looks like."""
    at = timezone.now()
    store = StoreFactory(
        name=(hostile.PICTURE + "梧桐里不动产静安寺旗舰店" * 5)[:100],
        slug="full",
        address=(hostile.SCRIPT + hostile.PICTURE + "南京西路" * 60)[:200],
        description=hostile.NOTE[:500],
        city=hostile.NAME,
    )
    PolicyFactory(store=store, max_advance_days=7, min_advance_minutes=0)
    world = _world("full", at, store, hostile.NAME)
    _furnish(world)
    _book(world)
    _announce(world)
    _talk(world)
    _look_after(world)
    courses.teach(world)
    seats.sit(world)
    offers.offer(world)
    stays.stay(world)
    orders.order(world)
    pay(world)
    _multiply(world)
    store.refresh_from_db()
    world.realtor.refresh_from_db()
    return world


def _world(name: str, at: datetime, store: Store, called: str) -> World:
    # At least one realtor: a store without anybody is no state that guests can book in.
    provider = UserFactory(provider=True, display_name=called, email="realtor@example.net")
    people = {
        CUSTOMER: UserFactory(
            display_name=called, email="customer@example.net", phone="+8613800000009"
        ),
        REALTOR: provider,
        PROVIDER: _independent(called, at),
        MANAGER: manager_of(store, display_name=called, email="manager@example.net"),
        OPERATOR: UserFactory(operator=True, display_name=called, email="operator@example.net"),
    }
    for user in people.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    realtor = RealtorFactory(store=store, user=provider, name=called)
    return World(name, at, store, people, realtor)


def _independent(called: str, at: datetime) -> User:
    """Who has just signed up to offer their time, with a store of their own."""
    user = UserFactory(provider=True, display_name=called, email="provider@example.net")
    settle_in(user, by=SYSTEM, at=at)
    return user


def _furnish(world: World) -> None:
    """Everything that is written down before anybody books."""
    store, realtor, customer = world.store, world.realtor, world.people[CUSTOMER]
    category = Category.objects.create(
        slug="hostile", name=hostile.NAME, name_en=hostile.NAME, position=99
    )
    realtor.bio = hostile.NOTE[:500]
    realtor.max_per_day = None
    realtor.save()
    realtor.skills.add(category)
    own = Realtor.objects.get(user=world.people[PROVIDER])
    Realtor.objects.filter(pk=own.pk).update(bio=hostile.NOTE[:500])
    Store.objects.filter(pk=own.store_id).update(
        city=hostile.NAME, address=store.address, description=hostile.NOTE[:500]
    )
    world.things["others"] = [
        RealtorFactory(store=store, name=f"{number}{hostile.NAME}"[:50], bio=hostile.NOTE[:500])
        for number in range(8)
    ]
    # A lunch break on a day that is not the one of the tests' bookings.
    weekday = (world.at + 5 * DAY).astimezone(store.zone).weekday()
    WorkingInterval.objects.create(
        realtor=realtor, kind="break", weekday=weekday, starts="12:00", ends="13:00"
    )
    for number in range(1, 6):
        world.things["time_off"] = TimeOff.objects.create(
            realtor=realtor,
            starts_at=world.at + (10 + number) * DAY,
            ends_at=world.at + (11 + number) * DAY,
            reason=hostile.SHORT_NOTE,
        )
    SpecialDay.objects.create(
        store=store, date=(world.at + 6 * DAY).date(), note=hostile.SHORT_NOTE
    )
    WebhookEndpoint.objects.create(
        store=store,
        name=hostile.NAME[:100],
        url="https://hooks.example.com/" + "x" * 400,
        secret_sealed=sealed(new_secret()),
        failing_since=world.at,
        created_at=world.at,
    )
    world.things["pet"] = Pet.objects.create(
        owner=customer, name=hostile.NAME, species=hostile.PICTURE[:30], notes=hostile.NOTE[:500]
    )
    Child.objects.create(parent=customer, name=hostile.NAME, notes=hostile.NOTE[:500])


def _book(world: World) -> None:
    """One appointment of every kind, each by the services everybody uses."""
    hour = world.at.replace(minute=0, second=0, microsecond=0)
    book = partial(_booked, world)
    customer = world.people[CUSTOMER]

    done = book(hour - 30 * HOUR, customer=customer, realtor=world.realtor)
    _lead(done, Status.COMPLETED)
    world.things["review"] = say(done, 5, hostile.NOTE[:500])
    world.things["completed"] = done
    second = book(hour - 27 * HOUR, customer=customer, realtor=world.realtor)
    world.things["unreviewed"] = _lead(second, Status.COMPLETED)
    world.things["no_show"] = _lead(book(hour - 24 * HOUR, number=1), Status.NO_SHOW)
    world.things["in_progress"] = _lead(
        book(hour, number=2, realtor=world.realtor, at=world.at - HOUR), Status.IN_PROGRESS
    )
    confirmed = book(hour + 26 * HOUR, customer=customer, realtor=world.realtor)
    world.things["confirmed"] = services.accept(confirmed, by=SYSTEM, at=world.at)
    world.things["offered"] = book(hour + 29 * HOUR, customer=customer)
    cancelled = book(hour + 33 * HOUR, customer=customer)
    world.things["cancelled"] = services.cancel(
        cancelled, by=Actor.of(customer), at=world.at, reason=hostile.NOTE[:200]
    )
    _fill_a_start(world, hour + 50 * HOUR)
    _form_the_live_line(world)
    world.things["hold"] = services.hold(
        world.store, starts_at=hour + 40 * HOUR, by=Actor.guest(), at=world.at
    )


def _booked(
    world: World,
    start: datetime,
    *,
    customer: User | None = None,
    number: int = 0,
    realtor: Realtor | None = None,
    at: datetime | None = None,
) -> Appointment:
    wish = services.BookingRequest(
        store=world.store,
        starts_at=start,
        customer=customer,
        customer_name=hostile.NAME,
        customer_phone=str(customer.phone) if customer else PHONE.format(number),
        requirements=hostile.NOTE,
        realtor=realtor,
        email="" if customer else f"guest{number}@example.net",
    )
    by = Actor.of(customer) if customer else SYSTEM
    return services.book(wish, by=by, at=at or min(world.at, start - DAY))


def _lead(appointment: Appointment, goal: Status) -> Appointment:
    """Through its life at the times it would have had."""
    begins = appointment.starts_at
    services.accept(appointment, by=SYSTEM, at=appointment.created_at)
    if goal == Status.NO_SHOW:
        return services.mark_no_show(appointment, by=SYSTEM, at=begins + 20 * MINUTE)
    services.start(appointment, by=SYSTEM, at=begins)
    if goal == Status.COMPLETED:
        services.complete(appointment, by=SYSTEM, at=appointment.ends_at)
    return appointment


def _announce(world: World) -> None:
    """To whom it leads, and on which telephone."""
    customer, at = world.people[CUSTOMER], world.at
    device = register_device(
        customer, platform=Platform.IOS, token="token", by=Actor.of(customer), at=at
    )
    set_preferences(customer, changes={"review": {"push": False}}, by=Actor.of(customer))
    draft = Announcement.objects.create(
        title=(hostile.PICTURE + hostile.NAME)[:100], content=hostile.NOTE[:1000], created_at=at
    )
    publish_announcement(draft, by=Actor.of(world.people[OPERATOR]), at=at)
    announce_due(at=at)
    push = {"next_try_at": at, "useful_until": at + DAY, "created_at": at}
    Push.objects.create(device=device, type=Type.SYSTEM, title=hostile.NAME[:200], **push)


def _talk(world: World) -> None:
    """Everything that can stand in a conversation, and more of them than fit on a page."""
    customer, realtor, at = world.people[CUSTOMER], world.people[REALTOR], world.at
    began = at - DAY
    talked = talk.between(customer, realtor, about=world.things["confirmed"], at=began)
    for number in range(MANY // 4):
        who = (customer, realtor)[number // 3 % 2]
        talk.say(who, talked, f"{number} {hostile.NOTE[:200]}", at=began + number * 20 * MINUTE)
    asked = talk.say(realtor, talked, "https://example.com/" + "x" * 300, at=at - 3 * MINUTE)
    talk.say(customer, talked, "x" * 400, reply_to_id=asked.pk, at=at - 3 * MINUTE)
    talk.say(customer, talked, "", kind="sticker", sticker="hello", at=at - 3 * MINUTE)
    for name, raw in (("a.jpg", files.picture()), (f"{'长' * 60}.pdf", files.pdf())):
        for who in (customer, realtor):
            kept = files.attached(who, talked, upload_from(raw, name=name), at=at - 2 * MINUTE)
            talk.say(who, talked, "", kind=kept.kind, attachment=kept.key, at=at - 2 * MINUTE)
    world.things["message"] = talk.say(customer, talked, hostile.NOTE[:300], at=at - MINUTE)
    gone = talk.say(customer, talked, "Gone", at=at - MINUTE)
    chat.take_back(gone, by=Actor.of(customer), at=at - MINUTE)
    world.things["others_message"] = talk.say(realtor, talked, hostile.NOTE[:300], at=at)
    world.things["talk"] = talked
    others = [world.people[PROVIDER], world.people[MANAGER]]
    for one in others:
        talk.between(customer, one, at=at)
    group = talk.group(customer, realtor, others[0], name=(hostile.NAME * 2)[:60], at=at)
    talk.say(realtor, group, hostile.SHORT_NOTE, at=at)
    world.things["group"] = group
    world.things["archived"] = talk.between(customer, others[1], at=at)
    chat.put_away(world.things["archived"], at=at)
    world.things["quiet"] = talk.between(customer, others[0], at=at)
    site = chat.system_conversation(customer, at=at)
    chat.write_to(site, hostile.NOTE[:500], at=at)
    world.things["site"] = site
    chat.block(world.people[OPERATOR], by=Actor.of(customer), at=at)
    for number in range(MANY):
        talk.between(customer, UserFactory(display_name=f"{number}{hostile.NAME}"[:50]), at=began)


def _look_after(world: World) -> None:
    """What was said is reported; an operator has said why they read it, and has hidden a part."""
    talked, at, by = world.things["talk"], world.at, Actor.of(world.people[OPERATOR])
    thread, said = thread_of(world.people[CUSTOMER], talked.pk), world.things["others_message"]
    told = {"reason": "fraud", "words": hostile.NOTE[:200], "by": Actor.of(world.people[CUSTOMER])}
    chat.report(thread, message=said, at=at, **told)
    chat.report(thread, message=None, at=at, **told)
    hidden = talk.say(world.people[REALTOR], talked, hostile.NOTE[:200], at=at)
    chat.hide(hidden, reason=hostile.SHORT_NOTE, by=by, at=at)
    world.things["reading"] = chat.read_thread(talked, reason=hostile.SHORT_NOTE, by=by, at=at)


def _fill_a_start(world: World, start: datetime) -> None:
    """Everybody is taken then, so that the last three wait; the customer is one of them."""
    everybody = 1 + len(world.things["others"])
    for number in range(10, 10 + everybody + 2):
        world.things["guest"] = _booked(world, start, number=number)
    world.things["full_start"] = start
    world.things["waiting"] = _booked(world, start, customer=world.people[CUSTOMER])
    alone = _booked(world, start + 6 * HOUR, number=40)
    while alone.realtor_id is not None:
        services.decline(alone, by=SYSTEM, at=world.at, reason=hostile.SHORT_NOTE)
    world.things["needs_person"] = alone


def _form_the_live_line(world: World) -> None:
    set_presence(world.realtor, Presence.ONLINE, by=SYSTEM, at=world.at)
    for number in range(60, 66):
        wish = services.LiveRequest(
            store=world.store,
            customer_name=hostile.NAME,
            customer_phone=PHONE.format(number),
            requirements=hostile.NOTE,
        )
        world.things["live"] = services.join(wish, by=SYSTEM, at=world.at)


def _multiply(world: World) -> None:
    """Long lists: past appointments and their reviews, written at once."""
    pattern = world.things["completed"]
    review = world.things["review"]
    past = []
    taken = set(Appointment.objects.values_list("code", flat=True))
    codes = (code for code in map(str, range(900_000, 999_999)) if code not in taken)
    for number in range(MANY):
        one = Appointment.objects.get(pk=pattern.pk) if number == 0 else _twin(past[0])
        one.pk = None
        one.code = next(codes)
        ago = (2 + number // 8) * DAY
        one.starts_at, one.ends_at = pattern.starts_at - ago, pattern.ends_at - ago
        one.status = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)[number % 10 // 8]
        past.append(one)
    Appointment.objects.bulk_create(past)
    reviews = []
    for one in past[:120]:
        other = Review.objects.get(pk=review.pk) if not reviews else _twin(reviews[0])
        other.pk, other.appointment, other.rating = None, one, 1 + one.pk % 5
        reviews.append(other)
    Review.objects.bulk_create(reviews)
    Store.objects.bulk_create(
        Store(
            name=f"{number} {hostile.NAME}",
            slug=f"twin-{number}",
            address=hostile.SHORT_NOTE,
            phone="+862162000000",
            city="上海",
            time_zone="Asia/Shanghai",
        )
        for number in range(MANY // 4)
    )


def _twin(row: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values)


# --- Who looks -------------------------------------------------------------------------------


def client_of(world: World, who: str, language: str = "zh-hans") -> Client:
    """A browser in which that person has just signed in; a guest's holds the kept time."""
    # A page that fails is one that is wrong, not the end of the look at the others.
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    user = world.people.get(who)
    if user is not None:
        client.force_login(user, backend="accounts.backends.PasswordBackend")
    session = client.session
    if user is not None:
        # Some pages ask for the password again when it was given too long ago.
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "email": user.email, "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
    session["booking"] = {"details": _details(world)}
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def _details(world: World) -> dict[str, str]:
    name = hostile.NAME if world.name == "full" else "林小满"
    wishes = hostile.NOTE[:900] if world.name == "full" else ""
    return {"name": name, "phone": "13800000099", "email": "", "requirements": wishes}


def confirmation_key(world: World) -> str:
    """As it stands in the letter that asks whether an address is somebody's own."""
    address = EmailAddress.objects.filter(user=world.people[CUSTOMER]).latest("pk")
    return EmailConfirmationHMAC(address).key


def reset_key(world: World) -> dict[str, str]:
    user = world.people[CUSTOMER]
    key = default_token_generator.make_token(user)
    return {"uidb36": user_pk_to_url_str(user), "key": key}


def full_start(world: World) -> str:
    """A start for which one can only wait in line; in an empty world, one that is free."""
    return stamp(world.things.get("full_start", world.at + DAY))


def letters() -> list[str]:
    """Every letter that the world's events have caused, as a mail program shows it."""
    found = []
    for delivery in Delivery.objects.select_related(
        "event__appointment__store", "event__appointment__realtor"
    ):
        parts = compose(delivery, at=timezone.now()).alternatives
        found += [str(content) for content, kind in parts if kind == "text/html"]
    return found


def demo() -> World:
    """What `make run` shows, as a world: kind names, for pictures."""
    from booking_site.site.demo import people as cast
    from booking_site.site.demo.seeding import seed
    from booking_site.site.demo.stores import HUBIN

    at = timezone.now()
    seed(at=at)
    accounts = {
        CUSTOMER: cast.CUSTOMER,
        REALTOR: cast.REALTOR,
        MANAGER: cast.MANAGER,
        OPERATOR: cast.OPERATOR,
    }
    people = {who: User.objects.get(email=one.email) for who, one in accounts.items()}
    people[PROVIDER] = _independent("陈若溪", at)
    for user in people.values():
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    store = Store.objects.get(slug=HUBIN.slug)
    world = World("full", at, store, people, Realtor.objects.get(user=people[REALTOR]))
    world.things = dict(_found_in_the_demo(world))
    return world


def _found_in_the_demo(world: World) -> Iterator[tuple[str, Any]]:
    """Whatever the seed has of each kind; a page whose thing is missing is left out."""
    mine = Appointment.objects.filter(user=world.people[CUSTOMER])
    everybody = Appointment.objects.filter(code__isnull=False)
    wanted = {
        "confirmed": mine.filter(status=Status.CONFIRMED),
        "offered": mine.filter(status=Status.PENDING, realtor__isnull=False),
        "waiting": mine.filter(status=Status.PENDING, realtor=None),
        "cancelled": mine.filter(status=Status.CANCELLED),
        "completed": mine.filter(status=Status.COMPLETED, review__isnull=False),
        "unreviewed": mine.filter(status=Status.COMPLETED, review=None),
        "guest": everybody.filter(user=None, status=Status.CONFIRMED),
        "time_off": TimeOff.objects.filter(realtor=world.realtor),
        "review": Review.objects.filter(store=world.store),
        "talk": Conversation.objects.visible_to(world.people[CUSTOMER]),
        "shown_house": Listing.objects.open_to_public().filter(kind="house"),
        "boarding": Listing.objects.open_to_public().filter(kind="boarding", capacity__gt=1),
    }
    for name, rows in wanted.items():
        if row := rows.order_by("-pk").first():
            yield name, row
    for day in days_of_slots(
        world.store, first=(world.at + DAY).astimezone(world.store.zone).date(), days=3, at=world.at
    ):
        free = [slot for slot in day.slots if slot.available]
        if free:
            start = free[len(free) // 2].starts_at
            hold = services.hold(world.store, starts_at=start, by=Actor.guest(), at=world.at)
            yield "hold", hold
            return
