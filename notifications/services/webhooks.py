"""Endpoints of webhooks: made, changed, given another secret, switched off and on by whoever runs
the store. Addresses come looked up (gateways.webhooks_guard): that takes time, and is done before
the transaction begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Invalid, NotFound
from notifications.gateways.webhooks_guard import Place
from notifications.keys import key_of, new_secret, sealed
from notifications.models import EVENTS, WebhookEndpoint
from notifications.rules import BOTH_SECRETS_FOR, MOST_WEBHOOKS
from stores.models import Store
from stores.permissions import require_manager


class TooManyWebhooks(Conflict):
    code = "conflict"


@dataclass(frozen=True)
class Changes:
    """What is None stays as it is."""

    name: str | None = None
    place: Place | None = None
    events: Sequence[str] | None = None
    is_active: bool | None = None


def require_room(store: Store) -> None:
    """For whoever has to look an address up first: nobody is called for nothing. It is asked again,
    and binding, when the webhook is added. Raises Conflict."""
    _require_less_than_most(WebhookEndpoint.objects.filter(store=store).count())


@transaction.atomic
def add_webhook(
    store: Store,
    *,
    name: str,
    place: Place,
    events: Sequence[str] = (),
    is_active: bool = True,
    secret: str = "",
    by: Actor,
    at: datetime,
) -> WebhookEndpoint:
    """Its ``secret`` is made here unless the receiver has brought one. Raises Forbidden, Invalid
    for ``events`` or ``secret``, and Conflict when the store has as many as it may."""
    require_manager(by, store)
    _require_room(store)
    return WebhookEndpoint.objects.create(
        store=store,
        name=name,
        url=place.url,
        events=_known(events),
        is_active=is_active,
        secret_sealed=sealed(_proper(secret) if secret else new_secret()),
        created_at=at,
    )


@transaction.atomic
def change_webhook(
    endpoint: WebhookEndpoint, changes: Changes, *, by: Actor, at: datetime
) -> WebhookEndpoint:
    """To switch one on that was switched off forgets its failures; what was dropped meanwhile stays
    so, and can be replayed. Raises Forbidden, NotFound, and Invalid for ``events``."""
    require_manager(by, endpoint.store)
    endpoint = _locked(endpoint)
    if changes.name is not None:
        endpoint.name = changes.name
    if changes.place is not None:
        endpoint.url = changes.place.url
    if changes.events is not None:
        endpoint.events = _known(changes.events)
    if changes.is_active is not None and changes.is_active != endpoint.is_active:
        _switch(endpoint, changes.is_active)
    endpoint.save()
    return endpoint


@transaction.atomic
def rotate_secret(
    endpoint: WebhookEndpoint, *, secret: str = "", by: Actor, at: datetime
) -> WebhookEndpoint:
    """Another secret at once; the one before signs beside it for a day. Raises Forbidden, NotFound,
    and Invalid for ``secret``."""
    require_manager(by, endpoint.store)
    endpoint = _locked(endpoint)
    endpoint.previous_sealed = endpoint.secret_sealed
    endpoint.previous_until = at + BOTH_SECRETS_FOR
    endpoint.secret_sealed = sealed(_proper(secret) if secret else new_secret())
    endpoint.save()
    return endpoint


@transaction.atomic
def remove_webhook(endpoint: WebhookEndpoint, *, by: Actor, at: datetime) -> None:
    """With all that was, or is, on its way there. Raises Forbidden."""
    require_manager(by, endpoint.store)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()


def _switch(endpoint: WebhookEndpoint, on: bool) -> None:
    endpoint.is_active = on
    endpoint.failing_since = None
    endpoint.disabled_at, endpoint.disabled_reason = None, ""
    endpoint.notice_due_at, endpoint.notice_sent_at = None, None


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """The row as it is now, ours until the end: whoever sends writes to it too."""
    found = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
    if found is None:
        raise NotFound
    found.store = endpoint.store
    return found


def _require_room(store: Store) -> None:
    """Until the end nobody else adds one. Both locks are needed: the store's lines them up also
    where it has none yet, and only a locking read sees what the one before has added, whatever the
    isolation."""
    Store.objects.select_for_update().get(pk=store.pk)
    rows = WebhookEndpoint.objects.select_for_update().filter(store=store)
    _require_less_than_most(len(rows.values_list("pk")))


def _require_less_than_most(count: int) -> None:
    if count >= MOST_WEBHOOKS:
        told = {"most": MOST_WEBHOOKS}
        raise TooManyWebhooks(_("A store has %(most)s webhooks at most.") % told)


def _known(events: Sequence[str]) -> list[str]:
    """In our order, each once."""
    if set(events) - set(EVENTS):
        raise Invalid(errors={"events": [_("There is no such event.")]})
    return [name for name in EVENTS if name in events]


def _proper(secret: str) -> str:
    try:
        key_of(secret)
    except ValueError as error:
        message = _("A secret is whsec_ and 24 to 64 bytes of your choice in base64.")
        raise Invalid(errors={"secret": [message]}) from error
    return secret
