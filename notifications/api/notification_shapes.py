"""What goes in and comes out where people read what they were told, and say how they want it."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from booking_site.common.api.envelope import PaginationShape
from booking_site.common.api.inputs import LONGEST_ID, LineField
from booking_site.common.api.times import InstantField
from notifications.models import KINDS, LONGEST_TOKEN, Channel, Notification, Platform, Type

LARGEST_U = 10**LONGEST_ID - 1


class NotificationShape(serializers.Serializer):
    """The fields of the push on the socket, with its numbers: ``id`` and ``u`` are the same, its
    number in the caller's stream. ``title`` and ``content`` are in the language that its reader had
    then; both are empty once the person of whom it spoke has been erased. ``link`` is a path of
    this site, or empty. ``detail`` is empty for what is about no appointment."""

    id = serializers.CharField(source="u")
    u = serializers.IntegerField()
    type = serializers.ChoiceField(Type.choices)
    kind = serializers.SerializerMethodField()
    title = serializers.CharField()
    content = serializers.CharField()
    link = serializers.CharField()
    reservation_id = serializers.IntegerField(source="appointment_id", allow_null=True)
    appointment_code = serializers.SerializerMethodField()
    detail = serializers.DictField()
    created_at = InstantField(read_only=True)
    read = serializers.SerializerMethodField()
    read_at = InstantField(read_only=True, allow_null=True)

    def get_kind(self, row: Notification) -> str:
        return Type(row.type).kind

    def get_appointment_code(self, row: Notification) -> str | None:
        return row.appointment.code if row.appointment else None

    def get_read(self, row: Notification) -> bool:
        return row.read_at is not None


class NotificationQueryShape(serializers.Serializer):
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_U, required=False)
    unread = serializers.BooleanField(required=False)


class ReadAllWishShape(serializers.Serializer):
    up_to = serializers.IntegerField(
        min_value=0, max_value=LARGEST_U, required=False, allow_null=True
    )


class StandingShape(serializers.Serializer):
    """``read``: how many were marked just now; ``unread``: how many are left."""

    read = serializers.IntegerField()
    unread = serializers.IntegerField()
    u = serializers.IntegerField()


NotificationsAnswer = inline_serializer(
    name="NotificationPageAnswer",
    fields={
        "success": serializers.BooleanField(),
        "data": NotificationShape(many=True),
        "pagination": PaginationShape(),
        "u": serializers.IntegerField(help_text="Position of the stream, read before the list."),
        "unread": serializers.IntegerField(help_text="How many are unread at that position."),
    },
)


class ChannelsShape(serializers.Serializer):
    in_app = serializers.BooleanField(required=False)
    email = serializers.BooleanField(required=False)
    push = serializers.BooleanField(required=False)

    def to_internal_value(self, data: Any) -> dict[str, bool]:
        told: dict[str, bool] = super().to_internal_value(data)
        _refuse_unknown(data, Channel.values)
        return told


class _MatrixShape(serializers.Serializer):
    def to_internal_value(self, data: Any) -> dict[str, dict[str, bool]]:
        told: dict[str, dict[str, bool]] = super().to_internal_value(data)
        _refuse_unknown(data, KINDS)
        return told


# One field for each kind of notification, so that a new one needs no line here.
PreferencesShape = type(
    "PreferencesShape",
    (_MatrixShape,),
    {"__doc__": None, **{kind: ChannelsShape(required=False) for kind in KINDS}},
)


class DeviceWishShape(serializers.Serializer):
    platform = serializers.ChoiceField(Platform.choices)
    token = LineField(max_length=LONGEST_TOKEN)


class TokenShape(serializers.Serializer):
    token = LineField(max_length=LONGEST_TOKEN)


class DeviceShape(serializers.Serializer):
    id = serializers.CharField(source="pk")
    platform = serializers.ChoiceField(Platform.choices)
    created_at = InstantField(read_only=True)
    last_used_at = InstantField(read_only=True)


def _refuse_unknown(data: Any, known: Any) -> None:
    unknown = [str(name) for name in data if name not in known]
    if unknown:
        sentence = _("Must be one of: %(names)s.") % {"names": ", ".join(known)}
        raise serializers.ValidationError({unknown[0][:50]: [sentence]})
