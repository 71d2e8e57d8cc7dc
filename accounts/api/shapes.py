"""What goes in and comes out of the families ``auth`` and ``me``."""

import math
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User, UserType
from accounts.selectors import realtor_id_of
from booking_site.common.api.inputs import LineField, TextField

# Longer ones only cost hashing time.
LONGEST_PASSWORD = 128


class CoordinateField(serializers.FloatField):
    """A finite number of degrees; ``true`` and "nan" are none."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if isinstance(data, bool) or not math.isfinite(value):
            self.fail("invalid")
        return value


class PasswordField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        options = {
            "max_length": LONGEST_PASSWORD,
            "trim_whitespace": False,
            "write_only": True,
        } | options
        super().__init__(**options)


class RegistrationShape(serializers.Serializer):
    """At least one of ``email`` and ``phone``."""

    email = serializers.EmailField(
        max_length=254, required=False, allow_null=True, allow_blank=True
    )
    phone = serializers.CharField(max_length=32, required=False, allow_null=True, allow_blank=True)
    password = PasswordField()
    display_name = LineField(max_length=50, required=False, allow_blank=True)
    user_type = serializers.ChoiceField(UserType.choices, default=UserType.CUSTOMER)


class SignInShape(serializers.Serializer):
    login = serializers.CharField(max_length=254, help_text=_("E-mail address or phone number."))
    password = PasswordField()
    second_factor = serializers.CharField(
        max_length=32,
        required=False,
        allow_blank=True,
        help_text=_("The code of who has a second factor; staff must have one."),
    )


class RefreshShape(serializers.Serializer):
    refresh = serializers.CharField(max_length=2048)


class SignOutShape(serializers.Serializer):
    refresh = serializers.CharField(max_length=2048, required=False)


class TokenShape(serializers.Serializer):
    """``expires_in``: seconds of the access token. The refresh token works once."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()


class LocationShape(serializers.Serializer):
    lat = CoordinateField(min_value=-90, max_value=90)
    lng = CoordinateField(min_value=-180, max_value=180)


class MeShape(serializers.Serializer):
    id = serializers.CharField(source="pk")
    email = serializers.EmailField(allow_null=True)
    phone = serializers.SerializerMethodField()
    display_name = serializers.CharField(allow_blank=True)
    user_type = serializers.ChoiceField(UserType.choices)
    realtor_id = serializers.SerializerMethodField()
    avatar_url = serializers.CharField(allow_null=True)
    locale = serializers.ChoiceField(settings.LANGUAGES)
    location = serializers.SerializerMethodField()
    preferences = serializers.DictField()

    def get_phone(self, user: User) -> str | None:
        return str(user.phone) if user.phone else None

    def get_realtor_id(self, user: User) -> str | None:
        realtor_id = realtor_id_of(user)
        return None if realtor_id is None else str(realtor_id)

    def get_location(self, user: User) -> dict[str, float] | None:
        if user.latitude is None or user.longitude is None:
            return None
        return {"lat": float(user.latitude), "lng": float(user.longitude)}


class MeChangeShape(serializers.Serializer):
    """All optional, but a place comes whole. A new e-mail address needs ``password``."""

    email = serializers.EmailField(
        max_length=254, required=False, allow_null=True, allow_blank=True
    )
    phone = serializers.CharField(max_length=32, required=False, allow_null=True, allow_blank=True)
    display_name = LineField(max_length=50, required=False, allow_blank=True)
    locale = serializers.ChoiceField(settings.LANGUAGES, required=False)
    location = LocationShape(required=False, allow_null=True)
    preferences = serializers.DictField(
        required=False, help_text=_("Replaced as a whole; at most 4 kB.")
    )
    password = PasswordField(required=False)


class LeaveShape(serializers.Serializer):
    """``password`` may be missing only where none was ever set."""

    password = PasswordField(required=False, default="")


class ChildShape(serializers.Serializer):
    id = serializers.CharField(source="pk", read_only=True)
    name = LineField(max_length=50)
    birth_date = serializers.DateField(required=False, allow_null=True)
    notes = TextField(max_length=500, required=False, allow_blank=True)


class PetShape(serializers.Serializer):
    id = serializers.CharField(source="pk", read_only=True)
    name = LineField(max_length=50)
    species = LineField(max_length=30)
    breed = LineField(max_length=50, required=False, allow_blank=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    weight_kg = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), required=False, allow_null=True
    )
    vaccinated_until = serializers.DateField(required=False, allow_null=True)
    notes = TextField(max_length=500, required=False, allow_blank=True)
