"""What payments say no with. The codes of what is wrong with a callback stand in the log of
notices, too."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Conflict, Invalid, Refusal, Unavailable


class BadSignature(Refusal):
    """401: whoever sent this is not the gateway, or sends it long after."""

    code = "bad_signature"
    status = 401
    message = _("The signature is not right.")


class Mismatch(Invalid):
    """400: signed by the gateway, but not about what we asked it for."""

    code = "mismatch"
    message = _("This does not match our records.")


class UnknownNumber(Mismatch):
    code = "unknown_number"


class WrongAmount(Mismatch):
    code = "wrong_amount"


class WrongCurrency(Mismatch):
    code = "wrong_currency"


class WrongBooking(Mismatch):
    code = "wrong_booking"


class WrongReceiver(Mismatch):
    """Meant for another app or merchant than ours."""

    code = "wrong_receiver"


class NothingLeft(Conflict):
    code = "nothing_left"
    message = _("There is not so much left to give back.")


class GatewayDown(Unavailable):
    """503: it did not answer, or not in a way that says anything. Try again later."""

    code = "gateway_unavailable"
    message = _("The payment service does not answer right now. Please try again in a moment.")


class GatewayRefused(Exception):
    """It has understood and said no; trying again would not help. Its text is for staff."""
