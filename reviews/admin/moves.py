"""The steps staff may take with a review, each through its service."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from booking_site.common.admin.moves import MANAGE, Move
from reviews import services
from reviews.models import ReportReason
from reviews.rules import LONGEST_REASON, LONGEST_REPLY, LONGEST_REPORT


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
        permission=MANAGE,
        initial=lambda review: {"text": review.reply},
    ),
    Move(
        "report",
        _("Report"),
        _("An operator of the site decides whether it stays; until then it does."),
        services.report,
        ReportForm,
        lambda review: not review.is_hidden,
        "flag",
        permission=MANAGE,
    ),
)
