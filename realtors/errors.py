"""What listings refuse."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Conflict


class ListingMoved(Conflict):
    """409: it is no longer, or not yet, where this step would lead from."""

    code = "invalid_transition"
    message = _("This is not possible as the listing stands now.")


class ListingBooked(Conflict):
    """409: somebody still has something to come of it."""

    code = "listing_booked"
    message = _("Somebody has booked it. It can be taken back when that is over or called off.")
