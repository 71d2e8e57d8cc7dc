"""What goes in and comes out where other systems of a store are concerned."""

from typing import Any

from rest_framework import serializers

from booking_site.common.api.inputs import LineField
from booking_site.common.api.times import InstantField
from stores.models import ApiKey, Store
from stores.scopes import SCOPES
from stores.services import MadeKey
from stores.services.api_keys import LONGEST_NAME


class ApiKeyWishShape(serializers.Serializer):
    """``expires_at`` may be left out: then it is valid until it is revoked."""

    name = LineField(max_length=LONGEST_NAME)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES), min_length=1, max_length=2 * len(SCOPES)
    )
    expires_at = InstantField(required=False, allow_null=True)


class ApiKeyShape(serializers.Serializer):
    """``prefix`` is how the key begins. ``last_used_at`` is right to a minute."""

    id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = InstantField(store="store", read_only=True)
    last_used_at = InstantField(store="store", read_only=True, allow_null=True)
    expires_at = InstantField(store="store", read_only=True, allow_null=True)
    revoked_at = InstantField(store="store", read_only=True, allow_null=True)


class MadeKeyShape(ApiKeyShape):
    """``key`` is told in this answer and never again."""

    key = serializers.CharField()


class StoreSettingsWishShape(serializers.Serializer):
    """``settings``: an object of at most 8 kB in JSON, eight levels deep."""

    settings = serializers.DictField()


class StoreSettingsShape(serializers.Serializer):
    """``plan``: `free`, `standard` or `professional`. ``status``: `active`, or `closed`."""

    store_id = serializers.CharField()
    slug = serializers.CharField()
    plan = serializers.CharField()
    status = serializers.CharField()
    settings = serializers.DictField()
    updated_at = serializers.CharField()


def key_answer(key: ApiKey) -> dict[str, Any]:
    return ApiKeyShape(key).data


def made_answer(made: MadeKey) -> dict[str, Any]:
    made.row.key = made.key  # type: ignore[attr-defined]
    return MadeKeyShape(made.row).data


def settings_answer(store: Store) -> dict[str, Any]:
    row = {
        "store_id": str(store.pk),
        "slug": store.slug,
        "plan": store.plan,
        "status": store.status,
        "settings": store.settings,
        "updated_at": store.updated_at.astimezone(store.zone).isoformat(),
    }
    return StoreSettingsShape(row).data
