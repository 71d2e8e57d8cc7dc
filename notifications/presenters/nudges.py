"""What somebody is told of messages that wait for them."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import ConversationType
from chat.presenters.messages import preview
from chat.presenters.people import name_of
from chat.selectors.unseen import Waiting
from notifications.gateways.push import PushMessage
from notifications.models import Nudge, Type

from .app_pushes import short_text, short_title
from .mail import mail_of, message_id_of
from .words import Words


def path_of(waiting: Waiting) -> str:
    return reverse("chat:thread", args=[waiting.own.conversation_id])


def title_of(waiting: Waiting) -> str:
    conversation = waiting.own.conversation
    if conversation.type == ConversationType.GROUP:
        return _("New messages in %(group)s") % {"group": conversation.name}
    return _("%(name)s wrote to you") % {"name": _writer(waiting)}


def count_of(waiting: Waiting) -> str:
    """All that is said where words would stay after they were taken back."""
    text = ngettext(
        "%(count)d message waits for you.", "%(count)d messages wait for you.", waiting.count
    )
    return text % {"count": waiting.count}


def letter_of(nudge: Nudge, waiting: Waiting) -> EmailMultiAlternatives:
    """In its reader's language, under an id that is the same at every try."""
    user = waiting.own.user
    with translation.override(user.locale):
        title = title_of(waiting)
        words = Words(
            subject=title,
            headline=title,
            sentences=(count_of(waiting),),
            rows=((_writer(waiting), preview(waiting.last)),),
            link=settings.SITE_URL + path_of(waiting),
            label=_("Read and answer"),
        )
        name = f"messages.{nudge.participant_id}.{nudge.seq}"
        address = user.email or ""
        return mail_of(words, to=address, message_id=message_id_of(name), has_account=True)


def push_of_nudge(nudge: Nudge, waiting: Waiting) -> PushMessage:
    assert nudge.device is not None
    conversation = waiting.own.conversation
    with translation.override(waiting.own.user.locale):
        title, text = title_of(waiting), preview(waiting.last)
        if conversation.type == ConversationType.GROUP:
            text = _("%(name)s: %(text)s") % {"name": _writer(waiting), "text": text}
    return PushMessage(
        key=f"messages-{nudge.pk}",
        platform=nudge.device.platform,
        token=nudge.device.token,
        title=short_title(title),
        text=short_text(text),
        extras={
            "kind": Type.MESSAGE.kind,
            "link": path_of(waiting),
            "conversation_id": str(conversation.pk),
        },
    )


def _writer(waiting: Waiting) -> str:
    sender = waiting.last.sender
    return name_of(sender) if sender else settings.BRAND_NAME
