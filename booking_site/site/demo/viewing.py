"""What the demo's people looked at, saved and thought of houses, so that some can be recommended
with a reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from appointments.models import Appointment, Verdict
from appointments.services import give_feedback
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Interest, Listing
from realtors.services import note_viewed, save_listing

from .houses import COURTYARD, LAKE_VIEW, RIVERSIDE, SCHOOL, SOUTH_FACING
from .people import CUSTOMER, Account

# By minutes before now.
LOOKED_AT = {SOUTH_FACING: 4000, LAKE_VIEW: 3900, COURTYARD: 2600, SCHOOL: 90}
SAVED = (SOUTH_FACING, LAKE_VIEW)
# Of the pupils of the demo's courses: what they looked at makes it popular.
OTHERS = {0: (RIVERSIDE, COURTYARD), 1: (COURTYARD,), 2: (SOUTH_FACING, COURTYARD)}
THOUGHT = "客厅比照片亮，想带家人再看一次。"
MINUTE = timedelta(minutes=1)


def let_them_look(
    users: Mapping[Account, User],
    pupils: Mapping[int, User],
    houses: Mapping[str, Listing],
    *,
    at: datetime,
) -> None:
    """Once: what visitors have looked at since is theirs. One query where all is."""
    customer = users[CUSTOMER]
    if Interest.objects.filter(user=customer, what="saved").exists():
        return
    for title, ago in LOOKED_AT.items():
        if title in houses:
            run_in_transaction(partial(note_viewed, customer, houses[title], at=at - ago * MINUTE))
    for number, titles in OTHERS.items():
        for title in set(titles) & set(houses):
            run_in_transaction(
                partial(note_viewed, pupils[number], houses[title], at=at - 600 * MINUTE)
            )
    for title in set(SAVED) & set(houses):
        save = partial(save_listing, houses[title], by=Actor.of(customer), at=at - 80 * MINUTE)
        run_in_transaction(save)


def say_what_they_think(users: Mapping[Account, User], *, at: datetime) -> None:
    """The demo's customer, of the viewing they have behind them. One query where it is said."""
    customer = users[CUSTOMER]
    seen = Appointment.objects.filter(
        user=customer, status="completed", listing__kind="house", viewing_feedback=None
    )
    for one in seen[:1]:
        say = partial(
            give_feedback,
            one,
            verdict=Verdict.INTERESTED,
            note=THOUGHT,
            by=Actor.of(customer),
            at=at,
        )
        run_in_transaction(say)
