from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept
from booking_site.common.places import Point
from booking_site.common.ratings import by_weighed_rating
from realtors.listing_rules import check_listing
from stores.models import Category, Store

from .realtor import Realtor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ListingKind(models.TextChoices):
    """What is booked of it: a house is viewed, a course has sessions, boarding has nights, a
    service is somebody's time."""

    HOUSE = "house", _("house")
    COURSE = "course", _("course")
    BOARDING = "boarding", _("boarding")
    SERVICE = "service", _("service")


class PriceUnit(models.TextChoices):
    VISIT = "visit", _("a visit")
    HOUR = "hour", _("an hour")
    SESSION = "session", _("a session")
    NIGHT = "night", _("a night")
    MONTH = "month", _("a month")


class ListingStatus(models.TextChoices):
    """``HIDDEN``: taken down by staff, with a reason; its owner cannot put it back."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    HIDDEN = "hidden", _("taken down")


# What decides where a listing is found.
PLACED = frozenset({"latitude", "longitude", "store", "store_id"})


class ListingQuerySet(models.QuerySet["Listing"]):
    def open_to_public(self) -> "ListingQuerySet":
        """Published, in a store that is open, by somebody who works there. Nobody can leave pets
        where no sitter is."""
        anybody = Q(realtor=None) & ~Q(kind=ListingKind.BOARDING)
        there = anybody | Q(realtor__in=Realtor.objects.bookable().values("pk"))
        return self.filter(there, status=ListingStatus.PUBLISHED, store__is_active=True)

    def run_by(self, user: "User | AnonymousUser") -> "ListingQuerySet":
        """What this user may edit: their own as a provider, and those of the stores they manage."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        own = Q(realtor__in=Realtor.objects.filter(user=user, is_active=True).values("pk"))
        if user.is_staff:
            own |= Q(store__in=Store.objects.managed_by(user).values("pk"))
        return self.filter(own)

    def visible_to(self, user: "User | AnonymousUser") -> "ListingQuerySet":
        """What the public sees, and what the caller may edit."""
        public = self.open_to_public()
        if not user.is_authenticated:
            return public
        return self.filter(Q(pk__in=public.values("pk")) | Q(pk__in=self.run_by(user).values("pk")))

    def saved_by(self, user: "User") -> "ListingQuerySet":
        """What they put aside, whether it can be had any more or not."""
        return self.filter(interests__user=user, interests__what="saved")

    def with_people(self) -> "ListingQuerySet":
        return self.select_related("store", "realtor", "category")

    def best_first(self) -> "ListingQuerySet":
        """By what customers say, weighed by how many say it; ``score`` is what it comes to."""
        return by_weighed_rating(self)

    def find_spots(self) -> int:
        """Writes down where they are found, by what stands in the database now: their own place,
        else their store's; never the one of one and the other of the other. One statement."""
        stores = Store.objects.filter(pk=OuterRef("store"))
        no_own = Q(latitude=None) | Q(longitude=None)
        return super().update(
            **{
                f"spot_{name}": Case(
                    When(no_own, then=Subquery(stores.values(name))), default=F(name)
                )
                for name in ("latitude", "longitude")
            }
        )

    def update(self, **facts: Any) -> int:
        """Also of where they are found. ``bulk_update`` comes here too."""
        if not PLACED & set(facts):
            return super().update(**facts)
        with transaction.atomic(savepoint=False):
            # What they are filtered by may be what changes.
            ids = list(self.values_list("pk", flat=True))
            changed = super().update(**facts)
            self.model.objects.filter(pk__in=ids).find_spots()
        return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> Any:
        """With where they are found: a query for the stores of those that have no own place."""
        rows = list(objs)
        at_store = [one for one in rows if one.latitude is None or one.longitude is None]
        stores = Store.objects.in_bulk({one.store_id for one in at_store})
        for one in rows:
            one.spot_latitude, one.spot_longitude = one.latitude, one.longitude
        for one in at_store:
            if store := stores.get(one.store_id):
                one.spot_latitude, one.spot_longitude = store.latitude, store.longitude
        return super().bulk_create(rows, *args, **options)


class Listing(models.Model):
    """The thing that is booked: a house to view, a course, a boarding place, a service."""

    kind = models.CharField(_("kind"), max_length=10, choices=ListingKind)
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="listings", verbose_name=_("store")
    )
    # Always given for a course, whose teacher it is; elsewhere empty means whoever is free.
    realtor = models.ForeignKey(
        Realtor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        verbose_name=_("realtor"),
    )
    title = models.CharField(_("title"), max_length=100)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        verbose_name=_("category"),
    )
    subcategory = models.CharField(_("subcategory"), max_length=50, blank=True)
    price = models.DecimalField(
        _("price"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    price_unit = models.CharField(_("price for"), max_length=10, choices=PriceUnit)
    currency = models.CharField(_("currency"), max_length=3, default=settings.DEFAULT_CURRENCY)
    # Empty: the store's.
    duration_minutes = models.PositiveIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    buffer_before_minutes = models.PositiveIntegerField(
        _("buffer before"), null=True, blank=True, validators=[MaxValueValidator(240)]
    )
    buffer_after_minutes = models.PositiveIntegerField(
        _("buffer after"), null=True, blank=True, validators=[MaxValueValidator(240)]
    )
    # Seats of a session, units of a boarding place; 1 where one customer has it alone.
    capacity = models.PositiveIntegerField(
        _("capacity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    # Where it is, if not at its store.
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    # Where it is found: its own place, or its store's, as one range of an index needs it. Kept by
    # ``save`` and by the store's, for queries alone: an object does not follow.
    spot_latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, editable=False)
    spot_longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, editable=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    # By kind: see listing_rules.ATTRIBUTES.
    attributes = models.JSONField(_("particulars"), default=dict, blank=True)
    # Who books it waits for the provider's yes; else payment (or booking, where free) confirms.
    needs_approval = models.BooleanField(_("the provider confirms"), default=True)
    deposit_percent = models.PositiveSmallIntegerField(
        _("paid in advance, in %"),
        default=100,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "100: everything; less is a deposit, the rest is paid on the spot; 0: nothing."
        ),
    )
    # The store's policy, unless said otherwise here.
    cancel_cutoff_minutes = models.PositiveIntegerField(
        _("cancel until"), null=True, blank=True, validators=[MaxValueValidator(20160)]
    )
    reschedule_cutoff_minutes = models.PositiveIntegerField(
        _("reschedule until"), null=True, blank=True, validators=[MaxValueValidator(20160)]
    )
    fee_steps = models.JSONField(_("cancellation fee"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ListingStatus, default=ListingStatus.DRAFT
    )
    # Of the last step of staff; earlier ones stand in the history.
    hidden_reason = models.CharField(
        _("why staff took it down or put it back"), max_length=200, blank=True
    )
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, default=0)
    review_count = models.PositiveIntegerField(_("number of reviews"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    objects = ListingQuerySet.as_manager()
    history = Kept(
        _("history of listings"),
        but=(
            "spot_latitude",
            "spot_longitude",
            "rating",
            "review_count",
            "created_at",
            "updated_at",
        ),
    )

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "status", "price"], name="listing_by_price"),
            models.Index(
                fields=["kind", "status", "spot_latitude", "spot_longitude"],
                name="listing_by_spot",
            ),
            # What everybody's ratings come to, without reading the rows.
            models.Index(fields=["review_count", "rating"], name="listing_by_reviews"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="no_listing_below_nothing"),
            models.CheckConstraint(
                condition=Q(deposit_percent__lte=100), name="no_more_in_advance_than_all"
            ),
            models.CheckConstraint(
                condition=~Q(kind="course") | Q(realtor__isnull=False),
                name="a_course_has_a_teacher",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **options: Any) -> None:
        """Also where it is found, asked of the database after the row is written: whoever moves
        the store meanwhile waits for this, or this for them."""
        named = options.get("update_fields")
        if named is not None and not PLACED & set(named):
            super().save(*args, **options)
            return
        with transaction.atomic(savepoint=False):
            super().save(*args, **options)
            type(self).objects.filter(pk=self.pk).find_spots()

    def clean(self) -> None:
        """Raises ValidationError, by field."""
        check_listing(self)

    @property
    def is_published(self) -> bool:
        return self.status == ListingStatus.PUBLISHED

    @property
    def point(self) -> Point | None:
        """Where it is; its store's place where it has none of its own."""
        if self.latitude is None or self.longitude is None:
            return self.store.point
        return Point(float(self.latitude), float(self.longitude))

    @property
    def whole_address(self) -> str:
        """Its own, or its store's. What has a place of its own and no words for it is not where
        the store is: empty."""
        if self.address or self.latitude is not None:
            return self.address
        return self.store.whole_address

    @property
    def default_duration_minutes(self) -> int | None:
        """What it says otherwise than its store's policy, under the policy's names."""
        return self.duration_minutes

    @property
    def auto_confirm(self) -> bool:
        return not self.needs_approval

    @property
    def package_sessions(self) -> int:
        """How many sessions of a course are booked together; 1 where each is booked alone."""
        return int(self.attributes.get("package_sessions") or 1)

    @property
    def free_of_charge(self) -> bool:
        return self.price == Decimal(0)
