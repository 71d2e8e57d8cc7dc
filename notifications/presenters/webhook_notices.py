"""The letter to those who run a store, that nothing is sent to one of its webhooks any more."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.models import OffReason, WebhookEndpoint
from notifications.presenters.mail import mail_of, message_id_of
from notifications.presenters.words import Words


def notice_of(endpoint: WebhookEndpoint, person: User) -> EmailMultiAlternatives:
    """In their language, under an id that is the same at every try."""
    with translation.override(person.locale):
        message_id = _message_id(endpoint, person)
        return mail_of(_words(endpoint), to=person.email or "", message_id=message_id)


def _words(endpoint: WebhookEndpoint) -> Words:
    told = {"name": endpoint.name, "store": endpoint.store.name}
    if endpoint.disabled_reason == OffReason.GONE:
        why = _("Its receiver has answered that it is gone (410).")
    else:
        why = _("Every try to reach it has failed for five days.")
    return Words(
        subject=_("The webhook “%(name)s” of %(store)s was switched off") % told,
        headline=_("A webhook was switched off"),
        sentences=(
            _("Nothing is sent to the webhook “%(name)s” of %(store)s any more.") % told,
            why,
            _("When its receiver works again, switch it on and replay what it has missed."),
        ),
        # Of the address only the host: what follows it may be a secret of the receiver's.
        rows=((_("Host"), urlsplit(endpoint.url).hostname or ""),),
        link=settings.SITE_URL
        + reverse("admin:notifications_webhookendpoint_change", args=[endpoint.pk]),
        label=_("Look at the webhook"),
    )


def _message_id(endpoint: WebhookEndpoint, person: User) -> str:
    moment = int(endpoint.disabled_at.timestamp()) if endpoint.disabled_at else 0
    return message_id_of(f"webhook.{endpoint.pk}.{moment}.{person.pk}")
