"""What sessions cost the database, however many there are and however full they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Claim, Session
from appointments.rules import cell_of, session_key
from appointments.selectors.sessions import between, conflicts_of, seats_taken, with_seats
from tests.appointments.courses import session_at, take_seat, teach
from tests.appointments.world import MONDAY, NOW, clock, open_store, register

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def piano():
    return teach(open_store(), capacity=500)


def fill(session, seats):
    """So many seats are taken, by the session itself for want of so many people."""
    Claim.objects.bulk_create(
        Claim(
            resource=session_key(session.pk),
            cell=cell_of(session.starts_at),
            unit=unit,
            session=session,
        )
        for unit in range(seats)
    )


def test_a_seat_costs_the_same_in_an_empty_session_and_beside_two_hundred(piano):
    spent = []
    for hour, seats in enumerate((0, 0, 200)):
        session, who = session_at(piano, TEN + timedelta(hours=hour)), register(f"C{hour}")
        fill(session, seats)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            take_seat(session, who)
        spent.append(len(queries))

    # The first one warms what is remembered.
    assert spent[1] == spent[2]


def test_a_list_of_a_thousand_sessions_costs_as_many_queries_as_one(
    piano, django_assert_max_num_queries
):
    one = session_at(piano, TEN)
    copies = [
        Session(
            listing=piano,
            store=piano.store,
            realtor=piano.realtor,
            starts_at=TEN + n * timedelta(minutes=5),
            ends_at=TEN + n * timedelta(minutes=5) + timedelta(hours=1),
            capacity=2,
            created_at=NOW,
            updated_at=NOW,
        )
        for n in range(1000)
    ]
    Session.objects.bulk_create(copies)
    take_seat(one, register("Fang"))

    rows = between(Session.objects.all(), piano.store, MONDAY, MONDAY + timedelta(days=7))
    with django_assert_max_num_queries(6):
        found = with_seats(list(rows), at=NOW)
        conflicts_of([seats.session for seats in found])
    assert len(found) == 1001
    assert found[0].taken + found[1].taken == 1


def test_nothing_is_asked_twice_where_seats_are_counted(piano, django_assert_num_queries):
    sessions = [session_at(piano, TEN + timedelta(hours=n)) for n in range(3)]

    with django_assert_num_queries(1):
        seats_taken([one.pk for one in sessions], at=NOW)
