"""The steps staff may take with a listing, each through its service."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from booking_site.common.admin.moves import MANAGE, Move
from realtors import services
from realtors.listing_rules import LONGEST_REASON
from realtors.models import ListingStatus


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("It stands in the history. Whose listing it is reads it, too."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class NothingForm(forms.Form):
    """Asks only whether it is meant."""


MOVES = (
    Move(
        "publish",
        _("Publish"),
        _("Everybody sees it, and it can be booked."),
        services.publish_listing,
        NothingForm,
        lambda listing: listing.status == ListingStatus.DRAFT,
        "visibility",
        ActionVariant.PRIMARY,
        permission=MANAGE,
    ),
    Move(
        "withdraw",
        _("Make it a draft again"),
        _("Nobody sees it any more, and whose it is may publish it again. What is booked stays."),
        services.withdraw_listing,
        NothingForm,
        lambda listing: listing.status == ListingStatus.PUBLISHED,
        "undo",
        permission=MANAGE,
    ),
    Move(
        "hide",
        _("Take down"),
        _("Nobody sees it any more, and only staff can put it back. What is booked stays."),
        services.hide_listing,
        WhyForm,
        lambda listing: listing.status == ListingStatus.PUBLISHED,
        "visibility_off",
        ActionVariant.DANGER,
        permission=MANAGE,
    ),
    Move(
        "restore",
        _("Put back"),
        _("Everybody sees it again."),
        services.restore_listing,
        WhyForm,
        lambda listing: listing.status == ListingStatus.HIDDEN,
        "visibility",
        permission=MANAGE,
    ),
)
REMOVE = Move(
    "remove",
    _("Remove"),
    _("The picture is deleted, and cannot be brought back."),
    services.remove_picture,
    NothingForm,
    lambda picture: True,
    "delete",
    ActionVariant.DANGER,
    permission=MANAGE,
)
