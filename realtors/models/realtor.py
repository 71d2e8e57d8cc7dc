from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept
from booking_site.common.ratings import by_weighed_rating
from stores.models import Category, Store

if TYPE_CHECKING:
    from accounts.models import User


class Presence(models.TextChoices):
    """Whether somebody takes live customers now; scheduled starts need working hours instead."""

    ONLINE = "online", _("online")
    BUSY = "busy", _("busy")
    OFFLINE = "offline", _("offline")


class RealtorQuerySet(models.QuerySet["Realtor"]):
    def bookable(self) -> "RealtorQuerySet":
        """At work in a store that is open to the public, with no account or one that is not
        closed."""
        account = models.Q(user=None) | models.Q(user__is_active=True)
        return self.filter(account, is_active=True, store__is_active=True)

    def run_by(self, user: "User") -> "RealtorQuerySet":
        """Whose hours and time off this user may set: their own, and those of their stores."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        own = models.Q(user=user)
        if user.is_staff:
            own |= models.Q(store__in=Store.objects.managed_by(user).values("pk"))
        return self.filter(own).distinct()

    def best_first(self) -> "RealtorQuerySet":
        """By what customers say, weighed by how many say it; ``score`` is what it comes to."""
        return by_weighed_rating(self)


class Realtor(models.Model):
    """A provider in a store. What they do shows in their listings, not in their kind."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="realtor",
        verbose_name=_("account"),
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, related_name="realtors", verbose_name=_("store")
    )
    name = models.CharField(_("name"), max_length=50)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    bio = models.CharField(_("about"), max_length=500, blank=True)
    skills = models.ManyToManyField(
        Category, blank=True, related_name="realtors", verbose_name=_("skills")
    )
    max_load = models.PositiveSmallIntegerField(
        _("live load"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_per_day = models.PositiveSmallIntegerField(
        _("appointments a day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    presence = models.CharField(
        _("presence"), max_length=10, choices=Presence, default=Presence.OFFLINE
    )
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    # Set by an offer that was not answered; cleared by the next sign of life.
    away_since = models.DateTimeField(_("away since"), null=True, blank=True)
    commission_percent = models.DecimalField(
        _("commission in %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    rating = models.DecimalField(_("rating"), max_digits=3, decimal_places=2, default=0)
    review_count = models.PositiveIntegerField(_("number of reviews"), default=0)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "Who is no longer active takes no bookings; what they have promised goes to colleagues "
            "who are free then, and is cancelled where nobody is."
        ),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = RealtorQuerySet.as_manager()
    # Signs of life and ratings are no decisions of anybody.
    history = Kept(
        _("history of realtors"),
        but=(
            "presence",
            "last_seen_at",
            "away_since",
            "rating",
            "review_count",
            "created_at",
        ),
        many=[skills],
    )

    class Meta:
        verbose_name = _("realtor")
        verbose_name_plural = _("realtors")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
