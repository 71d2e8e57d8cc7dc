"""Letters to those who run a store, that a webhook of theirs was switched off. Part of the round
that sends letters."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial

from booking_site.common.transactions import run_in_transaction
from notifications.gateways.mail import Mailer, RefusedForGood
from notifications.models import WebhookEndpoint
from notifications.presenters.webhook_notices import notice_of
from notifications.selectors.webhooks import managers_of
from notifications.services.posting import claim_notice, mark_notice_sent

log = logging.getLogger(__name__)


def tell_managers(*, at: datetime) -> None:
    """At least once; a repetition carries the same Message-ID. What did not go out is due again
    after a pause."""
    with Mailer() as mailer:
        while endpoint := run_in_transaction(partial(claim_notice, at=at)):
            try:
                _tell(endpoint, mailer)
            except Exception as error:
                log.warning("webhook %s: nobody told: %s", endpoint.pk, type(error).__name__)
            else:
                run_in_transaction(partial(mark_notice_sent, endpoint, at=at))


def _tell(endpoint: WebhookEndpoint, mailer: Mailer) -> None:
    for person in managers_of(endpoint.store):
        with suppress(RefusedForGood):
            mailer.send(notice_of(endpoint, person))
