"""The steps staff may take with a review, each through its service."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from booking_site.common.actors import Actor
from booking_site.common.admin.base import sentences_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from reviews import services
from reviews.models import ReportReason, Review
from reviews.rules import LONGEST_REASON, LONGEST_REPLY, LONGEST_REPORT

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the log. Of what is hidden the author reads it, too."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Reply"),
        max_length=LONGEST_REPLY,
        help_text=_("Everybody can read it. You can change it for a day."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=ReportReason.choices, widget=UnfoldAdminSelectWidget()
    )
    words = forms.CharField(
        label=pgettext_lazy("report", "In your words"),
        max_length=LONGEST_REPORT,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Move:
    """One step: the service that takes it, what it asks first, and of which reviews it is offered.
    Whether it may be taken, the service alone decides."""

    name: str
    label: "_StrPromise"
    question: "_StrPromise"
    service: Callable[..., Any]
    asks: type[forms.Form]
    suits: Callable[[Review], bool]
    icon: str
    variant: ActionVariant = ActionVariant.DEFAULT
    operators_only: bool = True

    def offered_to(self, is_operator: bool) -> bool:
        return is_operator or not self.operators_only


MOVES = (
    Move(
        "hide",
        _("Hide"),
        _("Nobody reads it any more, and it counts in no rating. Its reports are upheld."),
        services.hide,
        WhyForm,
        lambda review: not review.is_hidden,
        "visibility_off",
        ActionVariant.DANGER,
    ),
    Move(
        "restore",
        _("Show again"),
        _("Everybody reads it again, and it counts in the ratings."),
        services.restore,
        WhyForm,
        lambda review: review.is_hidden,
        "visibility",
    ),
    Move(
        "dismiss",
        _("Dismiss the reports"),
        _("It stays where it is; whoever reported it was heard."),
        services.dismiss_reports,
        WhyForm,
        lambda review: any(one.is_open for one in review.reports.all()),
        "done_all",
        ActionVariant.PRIMARY,
    ),
    Move(
        "answer",
        _("Reply"),
        _("On behalf of the store. The customer is told by mail, once."),
        services.reply,
        AnswerForm,
        lambda review: not review.is_hidden,
        "reply",
        operators_only=False,
    ),
    Move(
        "report",
        _("Report"),
        _("An operator of the site decides whether it stays; until then it does."),
        services.report,
        ReportForm,
        lambda review: not review.is_hidden,
        "flag",
        operators_only=False,
    ),
)


def take(
    move: Move, reviews: Iterable[Review], request: HttpRequest, given: dict[str, Any]
) -> bool:
    """With each of them, a transaction each; tells how it went. True when all went well."""
    by = Actor.of(request.user)  # type: ignore[arg-type]
    done, well = 0, True
    for review in reviews:
        try:
            run_in_transaction(partial(move.service, review, by=by, at=timezone.now(), **given))
        except Refusal as refusal:
            well = False
            messages.error(request, f"{review}: {' '.join(sentences_of(refusal))}")
        else:
            done += 1
    if done:
        text = ngettext("%(move)s: %(count)s done.", "%(move)s: %(count)s done.", done)
        messages.success(request, text % {"move": move.label, "count": done})
    return well
