"""The demo's realtors without an account, played by the product while it runs: they come to work,
answer, serve, and now and then somebody walks in. Who has an account plays themself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from appointments import services
from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.selectors.pictures import Window, pictures
from appointments.services import LiveRequest
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Refusal
from booking_site.common.periods import Period
from booking_site.common.transactions import run_in_transaction
from realtors.models import Presence, Realtor
from realtors.services import heartbeat, set_presence
from stores.models import Store

from .people import GUESTS, guest_phone
from .sitters import MAOMAO
from .stores import CHENGZHAN, HUBIN, STORES
from .wishes import MAILBOX

A_MOMENT = timedelta(minutes=1)
ANSWERS_AFTER = timedelta(seconds=90)
VISIT = timedelta(minutes=12)
# So many wait at the store that never closes, until so many have been served in all.
WAITING = 2
MOST_WALK_INS = 300
FIRST_WALK_IN = 400


def play(*, at: datetime) -> None:
    """One round. Bounded in what it makes; safe to run twice and at once."""
    stores = list(Store.objects.filter(slug__in=[plan.slug for plan in (*STORES, MAOMAO)]))
    _come_to_work(stores, at)
    _answer(stores, at)
    _serve(stores, at)
    _walk_in(at)


def _come_to_work(stores: list[Store], at: datetime) -> None:
    """At Hubin only those with an account take live customers: whoever tries that console is not
    beaten to it."""
    windows = [Window(one, _today(one, at), _today(one, at)) for one in stores]
    now = Period(at, at + A_MOMENT)
    for picture in pictures(windows, at=at).values():
        for realtor in picture.realtors:
            if realtor.user_id is not None or picture.store.slug == HUBIN.slug:
                continue
            wanted = Presence.ONLINE if picture.works(realtor, now) else Presence.OFFLINE
            if realtor.presence != wanted:
                _do(partial(set_presence, realtor, wanted, by=SYSTEM, at=at))
            elif wanted == Presence.ONLINE and _is_quiet(realtor, at):
                _do(partial(heartbeat, realtor, by=SYSTEM, at=at))


def _is_quiet(realtor: Realtor, at: datetime) -> bool:
    away = realtor.away_since is not None
    return away or realtor.last_seen_at is None or at - realtor.last_seen_at > A_MOMENT


def _answer(stores: list[Store], at: datetime) -> None:
    """Yes, after thinking for a moment. The seed's own stay as their wishes want them."""
    asked = Offer.objects.filter(
        status=OfferStatus.OPEN,
        realtor__user=None,
        created_at__lte=at - ANSWERS_AFTER,
        appointment__store__in=stores,
    ).exclude(appointment__customer_email__endswith=f"@{MAILBOX}", appointment__live=False)
    for offer in asked.select_related("appointment__store", "appointment__realtor"):
        _do(partial(services.accept, offer.appointment, by=SYSTEM, at=at))


def _serve(stores: list[Store], at: datetime) -> None:
    ours = Appointment.objects.with_people().filter(store__in=stores, realtor__user=None)
    begin = ours.filter(status=Status.CONFIRMED, starts_at__lte=at)
    for appointment in begin.exclude(live=True, confirmed_at__gt=at - A_MOMENT):
        _do(partial(services.start, appointment, by=SYSTEM, at=at))
    running = ours.filter(status=Status.IN_PROGRESS)
    for appointment in running.filter(live=False, ends_at__lte=at):
        _do(partial(services.complete, appointment, by=SYSTEM, at=at))
    for appointment in running.filter(live=True, started_at__lte=at - VISIT):
        _do(partial(services.complete, appointment, by=SYSTEM, at=at))


def _walk_in(at: datetime) -> None:
    """Somebody, where few wait."""
    store = Store.objects.filter(slug=CHENGZHAN.slug).first()
    if store is None:
        return
    ours = Appointment.objects.filter(
        store=store, live=True, customer_email__endswith=f"@{MAILBOX}"
    )
    number = ours.count()
    waiting = Appointment.objects.queued().filter(store=store, live=True).count()
    if number >= MOST_WALK_INS or waiting >= WAITING:
        return
    wish = LiveRequest(
        store=store,
        customer_name=GUESTS[number % len(GUESTS)],
        customer_phone=guest_phone(FIRST_WALK_IN + number),
        email=f"walkin{number}@{MAILBOX}",
    )
    _do(partial(services.join, wish, by=SYSTEM, at=at))


def _today(store: Store, at: datetime) -> date:
    return at.astimezone(store.zone).date()


def _do(work: Callable[[], object]) -> None:
    """A refusal (somebody was faster, the store has closed) is no mishap here."""
    try:
        run_in_transaction(work)
    except Refusal:
        return
