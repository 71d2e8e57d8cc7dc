"""Refusals about who somebody is. What a field may hold is refused where the field is written."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Conflict, Refusal


class Unauthenticated(Refusal):
    """401: we do not know who this is."""

    code = "unauthenticated"
    status = 401
    message = _("Please sign in.")


class BadCredentials(Unauthenticated):
    """The same words whether the account is unknown, closed, or the password wrong."""

    message = _("The name or the password is wrong.")


class TokenRefused(Unauthenticated):
    """Not one of ours, used up, expired, or of somebody who has signed out since."""

    message = _("This sign-in has ended. Please sign in again.")


class LastOperator(Conflict):
    """409: whoever is the only operator makes somebody else one before they leave."""

    message = _("There would be no operator left. Make somebody else one first.")
