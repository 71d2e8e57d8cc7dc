from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from booking_site.common.history import Kept
from booking_site.common.places import Point


class UserType(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    PROVIDER = "provider", _("provider")


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case, phones in E.164."""

    def create_user(
        self,
        email: str | None = None,
        password: str | None = None,
        **fields: object,
    ) -> "User":
        user = self.model(email=(email or "").strip().lower() or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Anyone with an account: customer, provider, store manager (staff) or operator (superuser).

    Identified by e-mail, phone, or both; either may be missing, not both while active. The one
    exception is a machine: another system that acts for a store under a key of its own
    (stores.models.ApiKey). It has nothing to sign in with, and nobody can write to it.
    """

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("phone"), unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    display_name = models.CharField(_("name"), max_length=50, blank=True)
    user_type = models.CharField(
        _("kind"), max_length=10, choices=UserType, default=UserType.CUSTOMER
    )
    avatar = models.ImageField(_("picture"), upload_to="avatars/", blank=True)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    preferences = models.JSONField(_("preferences"), default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the back office"), default=False)
    is_machine = models.BooleanField(_("another system"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # By whoever edits the account; a sign-in is no change of it.
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()
    # Named one by one, so that no secret, no place and no preference is ever kept by accident.
    history = Kept(
        _("history of users"),
        only=(
            "email",
            "phone",
            "phone_verified",
            "display_name",
            "user_type",
            "is_active",
            "is_staff",
            "is_superuser",
        ),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=False)
                | Q(phone__isnull=False)
                | Q(is_active=False)
                | Q(is_machine=True),
                name="active_user_can_be_reached",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.email or str(self.phone or self.pk)

    def get_full_name(self) -> str:
        """What the theme of the back office says of whoever is signed in."""
        return str(self)

    @property
    def point(self) -> Point | None:
        """The place they have saved, if any."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(float(self.latitude), float(self.longitude))

    @property
    def avatar_url(self) -> str | None:
        return self.avatar.url if self.avatar else None

    @property
    def password_fingerprint(self) -> str:
        """Stands in every app token. A new password gives another one, and so do other rights: who
        has become staff signs in anew, with a second factor where one is asked for."""
        rights = f"{self.is_staff:d}{self.is_superuser:d}"
        return salted_hmac(self.get_session_auth_hash(), rights, algorithm="sha256").hexdigest()[
            :32
        ]

    def clean(self) -> None:
        """Forms do not show every column of the constraint, and Django asks it only where they
        do."""
        self.email = (self.email or "").strip().lower() or None
        if self.is_active and not (self.email or self.phone or self.is_machine):
            raise ValidationError(_("Give an e-mail address or a telephone number."))
