"""The steps staff may take, each through its service and each with a reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from booking_site.common.admin.base import sentences_of
from booking_site.common.callers import staff_of
from booking_site.common.errors import Refusal
from booking_site.common.lines import LineFormField
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Conversation, ConversationType, Message, MessageReport
from chat.rules import LONGEST_REASON

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class WhyForm(forms.Form):
    reason = LineFormField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the log, with your name."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


class HideForm(WhyForm):
    reason = LineFormField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the log, and its author reads it, without your name."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Move:
    """One step: the service that takes it, and of what it is offered. Whether it may be taken, the
    service alone decides."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    service: Callable[..., Any]
    suits: Callable[[Any], bool]
    icon: str
    asks: type[forms.Form] = WhyForm
    variant: ActionVariant = ActionVariant.DEFAULT
    # Whether it is said that it was done: what one is led to may say it by itself.
    is_said: bool = True
    # What the form holds before anybody has typed.
    initial: Callable[[Any], dict[str, Any]] = lambda row: {}


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


OF_CONVERSATIONS: tuple[Move, ...] = (
    Move(
        "read",
        _("Read this conversation"),
        _(
            "It is between those who talk there. You may read it for half an hour when there is a "
            "reason to; who read it and why stays in the log."
        ),
        services.read_thread,
        lambda conversation: True,
        "visibility",
        variant=ActionVariant.PRIMARY,
        is_said=False,
    ),
    Move(
        "close",
        _("Close the conversation"),
        _(
            "Nobody writes in it any more, and its members see that staff have closed it. Its open "
            "reports are upheld."
        ),
        services.close,
        _may_be_closed,
        "cancel",
        variant=ActionVariant.DANGER,
    ),
    Move(
        "open",
        _("Open again"),
        _("Its members write in it again."),
        services.open_again,
        lambda conversation: conversation.closed or not conversation.is_active,
        "refresh",
    ),
)
OF_REPORTS: tuple[Move, ...] = (
    Move(
        "read",
        OF_CONVERSATIONS[0].label,
        OF_CONVERSATIONS[0].question,
        _read_reported,
        lambda report: True,
        "visibility",
        is_said=False,
        initial=_by_report,
    ),
    Move(
        "hide",
        _("Hide the message"),
        _(
            "Nobody in the conversation sees it any more. All reports of it are upheld; its author "
            "and whoever reported it are told."
        ),
        _hide_reported,
        lambda report: report.state == "open" and _may_be_hidden(report.message),
        "visibility_off",
        HideForm,
        ActionVariant.DANGER,
    ),
    Move(
        "dismiss",
        _("Dismiss"),
        _(
            "What was said stays. All open reports of the same are dismissed, and whoever reported "
            "it is told that somebody has looked."
        ),
        services.dismiss_reports,
        lambda report: report.state == "open",
        "done_all",
        variant=ActionVariant.PRIMARY,
    ),
)
OF_MESSAGES: tuple[Move, ...] = (
    Move(
        "hide",
        _("Hide the message"),
        OF_REPORTS[1].question,
        services.hide,
        _may_be_hidden,
        "visibility_off",
        HideForm,
        ActionVariant.DANGER,
    ),
    Move(
        "restore",
        _("Show again"),
        _("Everybody in the conversation sees it again; its author is told."),
        services.restore,
        lambda message: message.hidden_at is not None and message.deleted_at is None,
        "visibility",
    ),
)
MOVES = (*OF_CONVERSATIONS, *OF_REPORTS, *OF_MESSAGES)


def take(move: Move, rows: Iterable[Any], request: HttpRequest, given: dict[str, Any]) -> list[Any]:
    """With each of them, a transaction each; says how it went. What the service gave for each that
    went well."""
    by, done = staff_of(request), []
    for row in rows:
        work = partial(move.service, row, by=by, at=timezone.now(), **given)
        try:
            done.append(run_in_transaction(work))
        except Refusal as refusal:
            messages.error(request, f"{row}: {' '.join(sentences_of(refusal))}")
    if done and move.is_said:
        text = ngettext("%(move)s: %(count)s done.", "%(move)s: %(count)s done.", len(done))
        messages.success(request, text % {"move": move.label, "count": len(done)})
    return done
