"""Keys by which other systems act for a store: made and revoked by people who run it."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.history import signed
from stores.models import ApiKey, Store
from stores.plans import PLANS, PlanType
from stores.scopes import SCOPES

LONGEST_NAME = 40
LONGEST_LIFE = timedelta(days=3653)
# Of the key in bytes. The secret is what nobody can guess; the prefix only tells keys apart.
SECRET_BYTES = 32
PREFIX_BYTES = 6


class TooManyKeys(Conflict):
    code = "conflict"


@dataclass(frozen=True)
class MadeKey:
    """``key`` is all that the other system needs, told this once."""

    row: ApiKey
    key: str


@transaction.atomic
def make_key(
    store: Store,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> MadeKey:
    """A key with a machine account of its own. Raises Forbidden, Invalid by field, and Conflict
    when the store has as many as its plan allows."""
    require_keeper(by, store)
    name, allowed = _proper_name(name), _known(scopes)
    if expires_at is not None and not at < expires_at <= at + LONGEST_LIFE:
        message = _("A key is valid until a moment within ten years, or until it is revoked.")
        raise Invalid(errors={"expires_at": [message]})
    _require_room(store, at)
    prefix = f"yj_{secrets.token_hex(PREFIX_BYTES)}"
    key = f"{prefix}.{secrets.token_urlsafe(SECRET_BYTES)}"
    row = ApiKey.objects.create(
        store=store,
        account=_machine(name, by, at),
        name=name,
        prefix=prefix,
        digest=digest_of(key),
        scopes=allowed,
        created_by=by.user,
        created_at=at,
        expires_at=expires_at,
    )
    return MadeKey(row, key)


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor, at: datetime) -> ApiKey:
    """From the next request on. Its row stays, and so does what its account has done. Doing it
    twice changes nothing more. Raises Forbidden, NotFound."""
    require_keeper(by, key.store)
    row = ApiKey.objects.select_for_update().filter(pk=key.pk).first()
    if row is None:
        raise NotFound
    row.store = key.store
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, by.user
        row.save(update_fields=["revoked_at", "revoked_by"])
        account = row.account
        account.is_active = False
        signed(account, by=by, at=at).save(update_fields=["is_active"])
    return row


def require_keeper(by: Actor, store: Store) -> None:
    """People who manage the store. A key makes no keys: whoever found one could keep the door open
    after it was revoked. Nor does a provider whose own store it is: a key acts for a store's
    managers, who may do more with a customer's booking than its provider."""
    if by.user is not None and by.user.is_machine:
        raise Forbidden
    if by.kind != ActorKind.SYSTEM and not _manages(by, store):
        raise Forbidden


def _manages(by: Actor, store: Store) -> bool:
    user = by.user
    return user is not None and Store.objects.managed_by(user).filter(pk=store.pk).exists()


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _machine(name: str, by: Actor, at: datetime) -> User:
    """Nobody signs in as it: it has no address, no number and no password."""
    user = User(display_name=name, is_machine=True, is_staff=True, date_joined=at)
    user.set_unusable_password()
    signed(user, by=by, at=at).save(force_insert=True)
    return user


def _require_room(store: Store, at: datetime) -> None:
    """Until the end nobody else makes one. Both locks are needed, as with webhooks: the store's
    lines them up, and only a locking read sees what the one before has made."""
    plan = Store.objects.select_for_update().get(pk=store.pk).plan
    most = PLANS[PlanType(plan)].keys
    rows = ApiKey.objects.select_for_update().filter(store=store).valid(at)
    if len(rows.values_list("pk")) >= most:
        sentence = _("The store has as many keys as its plan allows: %(most)s. Revoke one first.")
        raise TooManyKeys(sentence % {"most": most})


def _proper_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid(errors={"name": [_("Give it a name.")]})
    if len(name) > LONGEST_NAME:
        told = {"most": LONGEST_NAME}
        raise Invalid(errors={"name": [_("At most %(most)s characters.") % told]})
    return name


def _known(scopes: Collection[str]) -> Sequence[str]:
    """In our order, each once."""
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid(errors={"scopes": [_("Say what it may do, in the names of the list.")]})
    return [name for name in SCOPES if name in scopes]
