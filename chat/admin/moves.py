"""The steps staff may take, each through its service and each with a reason."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from booking_site.common.admin.moves import MANAGE, Move
from booking_site.common.lines import LineFormField
from chat import services
from chat.models import Conversation, ConversationType, Message, MessageReport
from chat.rules import LONGEST_REASON


def _reason(told: Any) -> LineFormField:
    return LineFormField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=told,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


class WhyForm(forms.Form):
    reason = _reason(_("It stands in the log, with your name."))


class HideForm(forms.Form):
    reason = _reason(_("It stands in the log, and its author reads it, without your name."))


def _hide_reported(report: MessageReport, **given: Any) -> Any:
    assert report.message is not None
    return services.hide(report.message, **given)


def _read_reported(report: MessageReport, **given: Any) -> Any:
    return services.read_thread(report.conversation, **given)


def _by_report(report: MessageReport) -> dict[str, Any]:
    told = {"number": report.pk, "reason": report.get_reason_display()}
    return {"reason": str(_("Report #%(number)s: %(reason)s")) % told}


def _may_be_closed(conversation: Conversation) -> bool:
    return not conversation.closed and conversation.type != ConversationType.SYSTEM


def _may_be_hidden(message: Message | None) -> bool:
    return message is not None and not message.is_gone


# Also of managers, for the conversations of their stores.
_step = partial(Move, permission=MANAGE)

OF_CONVERSATIONS: tuple[Move, ...] = (
    _step(
        "read",
        _("Read this conversation"),
        _(
            "It is between those who talk there. You may read it for half an hour when there is a "
            "reason to; who read it and why stays in the log."
        ),
        services.read_thread,
        WhyForm,
        lambda conversation: True,
        "visibility",
        ActionVariant.PRIMARY,
        is_said=False,
    ),
    _step(
        "close",
        _("Close the conversation"),
        _(
            "Nobody writes in it any more, and its members see that staff have closed it. Its open "
            "reports are upheld."
        ),
        services.close,
        WhyForm,
        _may_be_closed,
        "cancel",
        ActionVariant.DANGER,
    ),
    _step(
        "open",
        _("Open again"),
        _("Its members write in it again."),
        services.open_again,
        WhyForm,
        lambda conversation: conversation.closed or not conversation.is_active,
        "refresh",
    ),
)
OF_REPORTS: tuple[Move, ...] = (
    _step(
        "read",
        OF_CONVERSATIONS[0].label,
        OF_CONVERSATIONS[0].question,
        _read_reported,
        WhyForm,
        lambda report: True,
        "visibility",
        is_said=False,
        initial=_by_report,
    ),
    _step(
        "hide",
        _("Hide the message"),
        _(
            "Nobody in the conversation sees it any more. All reports of it are upheld; its author "
            "and whoever reported it are told."
        ),
        _hide_reported,
        HideForm,
        lambda report: report.state == "open" and _may_be_hidden(report.message),
        "visibility_off",
        ActionVariant.DANGER,
    ),
    _step(
        "dismiss",
        _("Dismiss"),
        _(
            "What was said stays. All open reports of the same are dismissed, and whoever reported "
            "it is told that somebody has looked."
        ),
        services.dismiss_reports,
        WhyForm,
        lambda report: report.state == "open",
        "done_all",
        ActionVariant.PRIMARY,
    ),
)
OF_MESSAGES: tuple[Move, ...] = (
    _step(
        "hide",
        _("Hide the message"),
        OF_REPORTS[1].question,
        services.hide,
        HideForm,
        _may_be_hidden,
        "visibility_off",
        ActionVariant.DANGER,
    ),
    _step(
        "restore",
        _("Show again"),
        _("Everybody in the conversation sees it again; its author is told."),
        services.restore,
        WhyForm,
        lambda message: message.hidden_at is not None and message.deleted_at is None,
        "visibility",
    ),
)
MOVES = (*OF_CONVERSATIONS, *OF_REPORTS, *OF_MESSAGES)
