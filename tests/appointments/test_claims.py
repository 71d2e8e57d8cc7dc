"""The rows that make a promise exclusive: all or none, and the database has the last word."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from appointments import claims, services
from appointments.models import Claim
from appointments.rules import cell_of
from booking_site.common.periods import Period
from stores.models import BookingPolicy
from tests.factories import PolicyFactory

from .world import GUEST, HOUR, LAN, MINUTE, NOW, QIANG, book, claimed, clock

pytestmark = pytest.mark.django_db


def some(start: str, end: str, *resources: str) -> list[claims.Wanted]:
    during = Period(clock(start), clock(end))
    return claims.for_customer(resources, during)


@pytest.fixture
def lan(store, wei):
    """Lan's appointment at two with Wei."""
    return book(store, clock("14:00"))


@pytest.fixture
def qiang(store, wei):
    """Qiang's at four."""
    return book(store, clock("16:00"), phone=QIANG)


def test_all_is_taken_or_nothing(lan, qiang, wei):
    before = claimed(qiang)

    with pytest.raises(claims.Refused):
        claims.take(qiang, some("13:00", "14:05", "a:1", f"r:{wei.pk}"), at=NOW)

    assert claimed(qiang) == before
    assert not Claim.objects.filter(resource="a:1").exists()


def test_after_a_refusal_the_transaction_goes_on(lan, qiang, wei):
    with transaction.atomic():
        with pytest.raises(claims.Refused):
            claims.take(qiang, some("14:00", "15:00", f"r:{wei.pk}"), at=NOW)
        claims.take(qiang, some("15:00", "16:00", f"r:{wei.pk}"), at=NOW)

    assert claimed(qiang)[f"r:{wei.pk}"] == ["15:00-17:00"]


def test_the_database_itself_refuses_a_second_claim_of_a_cell(lan, qiang, wei):
    taken = Claim.objects.of(lan).filter(resource=f"r:{wei.pk}").first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(resource=taken.resource, cell=taken.cell, appointment=qiang)
    Claim.objects.create(resource=taken.resource, cell=taken.cell, unit=1, appointment=qiang)


def test_a_claim_belongs_to_an_appointment_or_a_hold_and_never_to_both_or_none(store, lan):
    held = services.hold(store, starts_at=clock("16:00"), by=GUEST, at=NOW)

    for owners in ({}, {"appointment": lan, "hold": held}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(resource="r:9", cell=1, **owners)


def test_giving_back_is_for_ones_own(lan, qiang, wei):
    claims.release_realtor(lan, wei.pk)
    assert claimed(lan) == {f"p:{LAN}": ["14:00-15:00"]}

    claims.release(lan)
    assert (claimed(lan), len(claimed(qiang))) == ({}, 2)


def test_what_ended_early_gives_back_from_the_running_cell_on(lan, wei):
    claims.release_from(lan, cell_of(clock("14:33")))

    assert claimed(lan)[f"r:{wei.pk}"] == ["14:00-14:30"]


def test_an_expired_hold_gives_way_only_where_somebody_wants_its_time(store, wei, qiang):
    held = services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    over = held.expires_at

    with pytest.raises(claims.Refused):
        claims.take(qiang, some("14:30", "15:00", f"r:{wei.pk}"), at=over - MINUTE)
    claims.take(qiang, some("14:30", "15:00", f"r:{wei.pk}"), at=over)

    assert claimed(held) == {f"r:{wei.pk}": ["14:00-14:30"]}
    assert claims.kept_for(held) is None


def test_a_hold_keeps_its_time_and_buffers(wei, store):
    PolicyFactory(store=store, buffer_before_minutes=15, buffer_after_minutes=30)
    held = services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)

    kept = claims.kept_for(held)

    assert (kept.start, kept.stop) == (cell_of(clock("13:45")), cell_of(clock("15:30")))


@pytest.mark.parametrize(
    "figure",
    [
        "default_duration_minutes",
        "grid_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
    ],
)
def test_sizes_that_are_cut_into_cells_are_multiples_of_five_minutes(store, figure):
    with pytest.raises(ValidationError) as refused:
        BookingPolicy(store=store, **{figure: 12}).full_clean()

    assert set(refused.value.message_dict) == {figure}
    BookingPolicy(store=store, **{figure: 15}).full_clean()


def test_a_day_is_claimed_whole(store, wei):
    """More rows than SQLite takes in one statement."""
    appointment = book(store, clock("14:00"))
    claims.release(appointment)
    during = Period(NOW, NOW + timedelta(days=1) + 8 * HOUR)

    claims.take(appointment, claims.for_customer(["a:1", "b:1", "c:1"], during), at=NOW)

    assert Claim.objects.of(appointment).count() == 3 * 32 * 12
