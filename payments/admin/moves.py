"""The steps staff may take with money, each through its service."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from booking_site.common.admin.moves import MANAGE, Move
from payments import services
from payments.models import PaymentState, RefundState
from payments.services.refunding import LONGEST_REASON


class NothingAsked(forms.Form):
    """To press is enough."""


class RefundForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Sum"), max_digits=12, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget()
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("It is kept with the refund."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


REFUND = Move(
    "refund",
    _("Give money back"),
    _("It goes back the way it came. The booking stays as it is."),
    services.refund_by_staff,
    RefundForm,
    lambda share: share.payment.status == PaymentState.PAID and share.left > 0,
    "undo",
    ActionVariant.DANGER,
    permission=MANAGE,
    initial=lambda share: {"amount": share.left},
)
LOOK = Move(
    "look",
    _("Ask the gateway"),
    _("How it stands there is asked with the next round, within seconds."),
    services.look_soon,
    NothingAsked,
    lambda payment: payment.opened_at is not None,
    "manage_search",
    permission=MANAGE,
)
SEND_AGAIN = Move(
    "send",
    _("Send again"),
    _("Under the same number: what the gateway has given back already, it does not give twice."),
    services.send_again,
    NothingAsked,
    lambda refund: refund.status == RefundState.FAILED,
    "forward_to_inbox",
    permission=MANAGE,
)
