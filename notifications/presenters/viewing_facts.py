"""What letters say of seeing a house."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from appointments.models import ViewingFeedback
from notifications.presenters.facts import Facts, address, place_of
from notifications.presenters.stay_facts import listing_path


@dataclass(frozen=True)
class ViewingFacts(Facts):
    @property
    def house(self) -> str:
        return self.listing

    @property
    def host(self) -> str:
        """Whoever shows it: its landlord, or somebody of the agency."""
        return self.realtor

    @property
    def what(self) -> str:
        return _("%(house)s, %(when)s") % {"house": self.house, "when": self.when}

    @property
    def where(self) -> str:
        """The house's own address, with its district; else that of whoever lets it."""
        listing = self.appointment.listing
        if listing is None or not listing.address:
            return place_of(self.appointment.store, listing)
        district = str(listing.attributes.get("district") or "")
        known = district and district not in listing.address
        return ", ".join([district, listing.address] if known else [listing.address])

    @property
    def house_page(self) -> str:
        """With its map."""
        return address(listing_path(self.appointment.listing_id))

    @property
    def feedback(self) -> ViewingFeedback:
        return self.appointment.viewing_feedback

    @property
    def verdict(self) -> str:
        return self.feedback.get_verdict_display()
