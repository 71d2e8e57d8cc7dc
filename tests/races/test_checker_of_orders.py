"""The checker of the races reports what is wrong with orders, too."""

import pytest

from appointments import services
from appointments.models import CancelRequest
from booking_site.common.actors import Actor
from tests.appointments.orders import agreed, service
from tests.appointments.world import HOUR, NOW, acting, clock, open_store, register
from tests.support.sharing import rolled_back_at_last

from .checker import faults
from .lies import change

pytestmark = pytest.mark.django_db
TEN = clock("10:00")


class Work:
    """Lin has said no to calling one order off, was not asked about another, and has agreed to end
    what was begun."""

    def __init__(self) -> None:
        cleaning = service(open_store())
        fang, lin = Actor.of(register("Fang")), acting(cleaning.realtor)
        self.disputed = agreed(cleaning, fang.user, TEN)
        self.request = services.ask_to_cancel(self.disputed, by=fang, at=NOW)
        services.answer_cancel_request(self.disputed, agree=False, by=lin, at=NOW)
        self.quiet = agreed(cleaning, fang.user, TEN + 3 * HOUR)
        self.ended = agreed(cleaning, fang.user, TEN + 24 * HOUR)
        services.start(self.ended, by=lin, at=TEN + 24 * HOUR)
        services.ask_to_cancel(self.ended, by=lin, at=TEN + 24 * HOUR)
        services.answer_cancel_request(self.ended, agree=True, by=fang, at=TEN + 24 * HOUR)

    def of(self, one):
        return CancelRequest.objects.filter(appointment=one)

    def ask_again(self) -> None:
        rows = self.of(self.disputed)
        rows.update(open_key=None, state="taken_back")
        CancelRequest.objects.create(
            appointment=self.disputed,
            open_key=self.quiet.pk,
            side="customer",
            asked_at=NOW,
            answer_before=NOW,
        )


@pytest.fixture(scope="module")
def work_once(django_db_setup, django_db_blocker):
    with rolled_back_at_last(django_db_blocker):
        yield Work()


@pytest.fixture
def work(work_once, db):
    return work_once


def said(at=NOW) -> str:
    return "\n".join(faults(at, swept=False))


def test_of_orders_with_all_that_may_become_of_them_it_says_nothing(work):
    assert said() == ""


LIES = {
    "has no order": lambda work: work.quiet.order.delete(),
    "is of no service and has an order": lambda work: change(work.quiet, listing=None),
    "its key says": lambda work: work.ask_again(),
    "is put before nobody": lambda work: change(work.disputed, needs_person=False),
    "is disputed, and that is cancelled": lambda work: change(work.disputed, status="cancelled"),
    "waits for an answer, and that is completed": lambda work: (
        work.of(work.disputed).update(state="open"),
        change(work.disputed, status="completed"),
    ),
    "is agreed, and that is confirmed": lambda work: change(work.ended, status="confirmed"),
}


@pytest.mark.parametrize("words", LIES)
def test_every_lie_is_found(work, words):
    LIES[words](work)

    assert words in said()
