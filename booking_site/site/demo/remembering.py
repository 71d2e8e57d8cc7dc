"""Visits of the weeks before the demo began, so that stores have a past to be reviewed.

Written as rows, and not led through their lives like everything else here: a hundred lives would
take longer than anybody waits for a demo, and nobody is to get letters of what is long over.
"""

from datetime import datetime, time, timedelta

from appointments.models import Action, Appointment, AppointmentEvent, Status
from appointments.services.codes import draw_code
from booking_site.common.actors import ActorKind
from booking_site.common.periods import local_instant
from realtors.models import Realtor
from stores.models import Store
from stores.selectors import policy_of

from .people import GUESTS, guest_phone
from .stores import STORES
from .wishes import MAILBOX

VISITS_A_STORE = 9
FIRST_PHONE = 500
# Days before today; every store on other days.
NEWEST, APART = 7, 6
CLOCKS = (time(10, 30), time(14, 30), time(16, 0), time(11, 0), time(15, 30))
LENGTH = timedelta(hours=1)


def remember(*, at: datetime) -> None:
    """Once: where a past stands already, it is left as it is."""
    if Appointment.objects.filter(customer_email__startswith="past").exists():
        return
    rows = [
        _visit(store, place, number, at)
        for place, store in enumerate(_stores())
        for number in range(VISITS_A_STORE)
    ]
    Appointment.objects.bulk_create(rows)
    kept = Appointment.objects.filter(customer_email__startswith="past")
    AppointmentEvent.objects.bulk_create(entry for one in kept for entry in life_of(one))


def _stores() -> list[Store]:
    found = {store.slug: store for store in Store.objects.all()}
    return [found[plan.slug] for plan in STORES]


def _visit(store: Store, place: int, number: int, at: datetime) -> Appointment:
    realtors = list(Realtor.objects.filter(store=store, is_active=True).order_by("pk"))
    who = VISITS_A_STORE * place + number
    day = (at - timedelta(days=NEWEST + APART * number + place % APART)).astimezone(store.zone)
    starts_at = local_instant(day.date(), CLOCKS[who % len(CLOCKS)], store.zone)
    assert starts_at is not None
    ends_at, booked_at = starts_at + LENGTH, starts_at - timedelta(days=1)
    return Appointment(
        code=draw_code(),
        customer_name=GUESTS[who * 7 % len(GUESTS)],
        customer_phone=guest_phone(FIRST_PHONE + who),
        customer_email=f"past{who}@{MAILBOX}",
        store=store,
        realtor=realtors[number % len(realtors)],
        starts_at=starts_at,
        ends_at=ends_at,
        duration_minutes=int(LENGTH.total_seconds()) // 60,
        status=Status.COMPLETED,
        policy=policy_of(store).snapshot(),
        queued_at=booked_at,
        confirmed_at=booked_at,
        started_at=starts_at,
        completed_at=ends_at,
        created_at=booked_at,
        updated_at=ends_at,
    )


def life_of(visit: Appointment) -> list[AppointmentEvent]:
    """Its log, from being booked to being completed."""
    steps: tuple[tuple[Action, str, str, datetime | None], ...] = (
        (Action.CREATED, "", Status.PENDING, visit.created_at),
        (Action.CONFIRMED, Status.PENDING, Status.CONFIRMED, visit.confirmed_at),
        (Action.STARTED, Status.CONFIRMED, Status.IN_PROGRESS, visit.started_at),
        (Action.COMPLETED, Status.IN_PROGRESS, Status.COMPLETED, visit.completed_at),
    )
    return [
        AppointmentEvent(
            appointment=visit,
            action=action,
            from_status=before,
            to_status=after,
            actor_kind=ActorKind.SYSTEM,
            at=when,
        )
        for action, before, after, when in steps
        if when is not None
    ]
