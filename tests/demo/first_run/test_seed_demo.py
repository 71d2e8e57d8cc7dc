"""`manage.py seed_demo` runs at every start of the demo, on whatever it finds."""

from collections import Counter
from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments.models import Appointment, Claim, Offer, OfferStatus, Status
from appointments.selectors.lines import queue_positions
from appointments.selectors.slots import days_of_slots
from booking_site.site.demo.seeding import seed
from booking_site.site.demo.sitters import MAOMAO
from booking_site.site.demo.stores import CHENGZHAN, HUBIN, STORES
from reviews.models import Review, ReviewPhoto
from reviews.selectors import open_reports
from stores.models import Store, StoreMembership

from .conftest import FRIDAY


def counts() -> dict[str, int]:
    models = [
        model
        for label in ("accounts", "stores", "realtors", "appointments", "reviews")
        for model in apps.get_app_config(label).get_models()
    ]
    return {model._meta.label: model._default_manager.count() for model in models}


def free_starts(at) -> dict[str, int]:
    found = {}
    for store in Store.objects.all():
        first = at.astimezone(store.zone).date()
        days = days_of_slots(store, first=first, days=7, at=at)
        found[store.slug] = sum(day.free_count for day in days)
    return found


def test_the_second_run_changes_nothing():
    before = counts()

    seed(at=FRIDAY)

    assert counts() == before


def test_the_second_run_asks_the_database_little():
    with CaptureQueriesContext(connection) as asked:
        seed(at=FRIDAY)

    assert len(asked) <= 60


def test_the_accounts_are_who_they_are_said_to_be():
    users = {user.email: user for user in User.objects.filter(email__endswith="@example.com")}
    first = Store.objects.get(slug=HUBIN.slug)

    assert users["realtor@example.com"].realtor.store == first
    assert users["staff@example.com"].is_superuser
    assert StoreMembership.objects.get(user=users["manager@example.com"]).store == first
    assert not users["customer@example.com"].is_staff
    assert first.pk == min(Store.objects.values_list("pk", flat=True))


def test_what_somebody_has_changed_stays_changed():
    customer = User.objects.get(email="customer@example.com")
    customer.set_password("quite-another-7")
    customer.save()
    Store.objects.filter(slug=HUBIN.slug).update(name="Ours")

    seed(at=FRIDAY)

    customer.refresh_from_db()
    assert customer.check_password("quite-another-7")
    assert Store.objects.get(slug=HUBIN.slug).name == "Ours"


def test_every_store_has_plenty_of_free_starts():
    found = free_starts(FRIDAY)
    assert set(found) == {plan.slug for plan in (*STORES, MAOMAO)}
    assert min(found.values()) >= 80, found


def test_one_store_never_closes():
    store = Store.objects.get(slug=CHENGZHAN.slug)
    first = FRIDAY.astimezone(store.zone).date()

    days = days_of_slots(store, first=first + timedelta(days=1), days=2, at=FRIDAY)

    assert {slot.starts_at.hour for slot in days[0].slots if slot.available} == set(range(24))
    assert min(day.free_count for day in days) >= 80


def test_there_is_something_of_every_kind_to_look_at():
    assert set(Appointment.objects.values_list("status", flat=True)) == set(Status.values)
    assert Appointment.objects.filter(needs_person=True).exists()
    assert sorted(queue_positions(Appointment.objects.queued()).values()) == [1, 1, 2]


def test_those_who_were_served_say_how_it_was_once():
    said = list(Review.objects.order_by("pk").values_list("pk", "rating"))

    # One visit is left for whoever tries the demo.
    unsaid = Appointment.objects.filter(status=Status.COMPLETED, review=None)
    assert [one.user.email for one in unsaid] == ["customer@example.com"]
    assert {rating for _pk, rating in said} == {1, 2, 3, 4, 5}
    reviewed = Store.objects.filter(slug__in=[plan.slug for plan in STORES])
    assert all(10 <= store.review_count <= 45 for store in reviewed)
    assert Review.objects.filter(user__email="customer@example.com").exists()
    assert ReviewPhoto.objects.filter(review__isnull=False).count() >= 10
    assert Review.objects.exclude(reply="").count() >= 5
    assert open_reports().count() == 1

    seed(at=FRIDAY + timedelta(days=3))

    assert list(Review.objects.order_by("pk").values_list("pk", "rating")) == said


def test_the_demo_realtor_has_something_to_accept():
    asked = Offer.objects.filter(realtor__user__email="realtor@example.com")
    assert asked.filter(status=OfferStatus.OPEN, deadline_at__gt=FRIDAY).count() >= 2


def test_the_demo_customer_has_a_future_and_a_past():
    mine = Appointment.objects.filter(user__email="customer@example.com")
    states = Counter(mine.values_list("status", flat=True).order_by())
    assert states[Status.CONFIRMED] >= 1
    assert states[Status.PENDING] >= 2
    assert states[Status.COMPLETED] >= 2


def test_day_after_day_it_stays_alive_and_does_not_grow():
    """At odd hours, after a long and after short pauses."""
    visitors = Appointment.objects.filter(status=Status.CONFIRMED, session=None).first()
    assert visitors is not None
    Appointment.objects.filter(pk=visitors.pk).update(customer_email="visitor@example.net")

    later = FRIDAY + timedelta(days=20, hours=4)
    seed(at=later)

    passed = Appointment.objects.filter(ends_at__lt=later).exclude(pk=visitors.pk)
    assert not passed.filter(status__in=[Status.PENDING, Status.CONFIRMED]).exists()
    assert not Claim.objects.filter(appointment__status=Status.CANCELLED).exists()
    visitors.refresh_from_db()
    assert visitors.status == Status.CONFIRMED

    for day in (49, 53):
        at, before = FRIDAY + timedelta(days=day, hours=5 * day), Appointment.objects.count()
        seed(at=at)

        assert Appointment.objects.upcoming().filter(starts_at__gt=at).count() >= 15
        assert min(free_starts(at).values()) >= 80

    # Only those who are served, or wait in vain, are ever new; and of them there is an end.
    assert Appointment.objects.count() - before < 60
    assert Appointment.objects.count() < 550
