from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept
from booking_site.common.places import Box, Point
from booking_site.common.ratings import by_weighed_rating
from stores.plans import PlanType
from stores.tenants import check_settings

if TYPE_CHECKING:
    from accounts.models import User

# Where a store stands.
PLACE = ("latitude", "longitude")
# How the short names of independent providers' stores begin.
STORE_OF_ONE = "one-"


def known_zone(name: str) -> None:
    """Validator: a name of the IANA time-zone database."""
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a known time zone."), params={"name": name})


def default_zone() -> str:
    return settings.DEFAULT_TIME_ZONE


class StoreQuerySet(models.QuerySet["Store"]):
    def open_to_public(self) -> "StoreQuerySet":
        return self.filter(is_active=True)

    def inside(self, box: Box) -> "StoreQuerySet":
        """Those whose place is known and lies in it."""
        east, west = models.Q(longitude__lte=box.east), models.Q(longitude__gte=box.west)
        along = east | west if box.crosses_date_line else east & west
        return self.filter(along, latitude__gte=box.south, latitude__lte=box.north)

    def managed_by(self, user: "User") -> "StoreQuerySet":
        """Stores whose affairs this user may run: all for the operator, their own for managers."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        if not user.is_staff:
            return self.none()
        if user.is_machine:
            return self.filter(api_keys__account=user)
        return self.filter(memberships__user=user)

    def best_first(self) -> "StoreQuerySet":
        """By what customers say, weighed by how many say it; ``score`` is what it comes to."""
        return by_weighed_rating(self)

    def update(self, **facts: Any) -> int:
        """What is found where they stand moves with them. ``bulk_update`` comes here too."""
        if not set(PLACE) & set(facts):
            return super().update(**facts)
        with transaction.atomic(savepoint=False):
            # What they are filtered by may be what changes.
            ids = list(self.values_list("pk", flat=True))
            changed = super().update(**facts)
            for store in self.model.objects.filter(pk__in=ids):
                store.move_listings()
        return changed


class Store(models.Model):
    """A place with people in it. Also the tenant: staff see the stores they are members of."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("phone"), max_length=20)
    city = models.CharField(_("city"), max_length=50, db_index=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default=default_zone, validators=[known_zone]
    )
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, default=0)
    review_count = models.PositiveIntegerField(_("number of reviews"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    plan = models.CharField(
        _("plan"),
        max_length=12,
        choices=PlanType,
        default=PlanType.FREE,
        help_text=_("How many keys other systems may have, and how often they may call."),
    )
    # What the store's own systems keep here; what the site itself obeys is a column or a policy.
    settings = models.JSONField(
        _("settings of the store's systems"),
        default=dict,
        blank=True,
        validators=[check_settings],
        help_text=_("An object of at most 8 kB in JSON. The site itself does not read it."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = StoreQuerySet.as_manager()
    history = Kept(
        _("history of stores"), but=("rating", "review_count", "created_at", "updated_at")
    )

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Where it has moved, what is found there moves with it."""
        named = options.get("update_fields")
        if self._state.adding or (named is not None and not set(PLACE) & set(named)):
            super().save(*args, **options)
            return
        with transaction.atomic(savepoint=False):
            # Locked, so that nobody moves it between this look and the writing.
            row = type(self).objects.select_for_update().filter(pk=self.pk)
            before = row.values_list(*PLACE).first()
            super().save(*args, **options)
            if before != row.values_list(*PLACE).first():
                self.move_listings()

    def move_listings(self) -> None:
        """``listings`` is the other side of a name there, not an import: that app stands above
        this one, and knows where each of them is found."""
        rows: Any = self
        rows.listings.find_spots()

    @property
    def status(self) -> str:
        """In one word, for other systems: a store is closed, never deleted."""
        return "active" if self.is_active else "closed"

    @property
    def whole_address(self) -> str:
        """With the city, unless the address says it already, as Chinese ones do."""
        if self.city in self.address:
            return self.address
        return ", ".join(part for part in (self.address, self.city) if part)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def point(self) -> Point | None:
        """Where it stands, if anybody has said so."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(float(self.latitude), float(self.longitude))
