"""People and places for tests that need some, and do not care which.

``StoreFactory()`` is open round the clock, ``StoreFactory(hours=OFFICE)`` from nine to six; a
realtor works whenever their store is open, and has an account.
"""

from collections.abc import Iterable
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User, UserType
from realtors.models import Listing, ListingStatus, Realtor, WorkingInterval
from stores.models import BookingPolicy, OpeningInterval, Store, StoreMembership

PASSWORD = "correct-horse-7"
ROUND_THE_CLOCK = (("00:00", "00:00"),)
OFFICE = (("09:00", "18:00"),)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        operator = factory.Trait(is_staff=True, is_superuser=True)
        provider = factory.Trait(user_type=UserType.PROVIDER)

    email = factory.Sequence("person{}@example.com".format)
    display_name = factory.Sequence("Person {}".format)
    password = factory.django.Password(PASSWORD)


class StoreFactory(DjangoModelFactory):
    class Meta:
        model = Store
        skip_postgeneration_save = True

    name = factory.Sequence("Store {}".format)
    slug = factory.Sequence("store-{}".format)
    address = "南京东路 100 号"
    phone = "+862162000000"
    city = "上海"
    time_zone = "Asia/Shanghai"

    @factory.post_generation
    def hours(
        store: Any, create: bool, extracted: Iterable[tuple[str, str]] | None, **kwargs: Any
    ) -> None:
        """The same intervals on every day of the week: ``hours=[("22:00", "04:00")]``. In one
        statement and without a history: nearly every test has a store."""
        OpeningInterval.objects.bulk_create(
            OpeningInterval(store=store, weekday=weekday, opens=opens, closes=closes)
            for opens, closes in (ROUND_THE_CLOCK if extracted is None else extracted)
            for weekday in range(7)
        )


class PolicyFactory(DjangoModelFactory):
    """Figures of one store; without ``store`` those of the site."""

    class Meta:
        model = BookingPolicy

    store = None


class RealtorFactory(DjangoModelFactory):
    class Meta:
        model = Realtor
        skip_postgeneration_save = True

    store = factory.SubFactory(StoreFactory)
    user = factory.SubFactory(UserFactory, provider=True)
    name = factory.Sequence("Realtor {}".format)

    @factory.post_generation
    def hours(
        realtor: Any, create: bool, extracted: Iterable[tuple[str, str]] | None, **kwargs: Any
    ) -> None:
        """Working hours, the same on every day of the week; none: as the store."""
        WorkingInterval.objects.bulk_create(
            WorkingInterval(realtor=realtor, weekday=weekday, starts=starts, ends=ends)
            for starts, ends in extracted or ()
            for weekday in range(7)
        )


class ListingFactory(DjangoModelFactory):
    """A service that everybody sees; ``ListingFactory(course=True)`` is a course of an hour."""

    class Meta:
        model = Listing

    class Params:
        course = factory.Trait(kind="course", price_unit="session", duration_minutes=60, capacity=8)
        house = factory.Trait(kind="house", price_unit="month")
        boarding = factory.Trait(kind="boarding", price_unit="night")

    kind = "service"
    realtor = factory.SubFactory(RealtorFactory)
    store = factory.SelfAttribute("realtor.store")
    title = factory.Sequence("Listing {}".format)
    price = 100
    price_unit = "visit"
    status = ListingStatus.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")


def manager_of(*stores: Store, **fields: Any) -> User:
    """A member of staff who manages these stores."""
    user: Any = UserFactory(is_staff=True, **fields)
    for store in stores:
        StoreMembership.objects.create(store=store, user=user)
    return user
