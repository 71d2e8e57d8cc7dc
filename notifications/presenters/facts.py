"""What letters say of an appointment, read at the moment they are written."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Appointment, Offer, OfferStatus
from appointments.presenters import life, times
from appointments.presenters.stay_words import dates_of
from appointments.selectors.lines import queue_position
from notifications.models import Delivery
from realtors.models import Listing, Realtor
from reviews.models import Review
from stores.models import Store


@dataclass(frozen=True)
class Facts:
    """Of one letter. Days by their date and never as "tomorrow": nobody knows when mail is read."""

    delivery: Delivery
    at: datetime

    @property
    def appointment(self) -> Appointment:
        return self.delivery.event.appointment

    @property
    def store(self) -> str:
        return self.appointment.store.name

    @property
    def realtor(self) -> str:
        return str(self.appointment.realtor or "")

    @property
    def customer(self) -> str:
        return self.appointment.customer_name

    @property
    def when(self) -> str:
        """``Tue, March 3 14:00`` by the store's clock; of a stay ``March 3–March 5, 2 nights``."""
        return self.dates or self.spoken(self.appointment.starts_at)

    @property
    def dates(self) -> str:
        """Of a stay; empty for everything else."""
        return dates_of(self.appointment, self.today)

    @property
    def today(self) -> date:
        """By the store's clock."""
        return self.at.astimezone(self.appointment.store.zone).date()

    @property
    def where(self) -> str:
        return place_of(self.appointment.store, self.appointment.listing)

    @property
    def hours(self) -> str:
        """``Tue, March 3 14:00–15:00 (New York time)``."""
        return self.hours_of(self.appointment)

    def hours_of(self, appointment: Appointment) -> str:
        if appointment.is_stay:
            return dates_of(appointment, self.today)
        zone = self.appointment.store.zone
        span = times.span(appointment.starts_at, appointment.ends_at, zone)
        text = _("%(day)s %(time)s") % {"day": self._day(appointment.starts_at), "time": span}
        note = times.zone_note(self.appointment.store)
        return f"{text} ({note})" if note else text

    @property
    def listing(self) -> str:
        """What it is about, where that was said."""
        return self.appointment.listing.title if self.appointment.listing else ""

    @property
    def duration(self) -> str:
        return times.duration(self.appointment.duration_minutes)

    @cached_property
    def position(self) -> int:
        return queue_position(self.appointment)

    @property
    def latest(self) -> str:
        """Until when somebody is looked for."""
        return self.spoken(self.appointment.served_until)

    @property
    def reason(self) -> str:
        """In a sentence, or in the words of whoever gave one."""
        return life.reason_text(self.reason_code)

    @property
    def reason_code(self) -> str:
        return str(self.delivery.event.facts.get("reason", ""))

    @property
    def moved_from(self) -> str:
        return self.spoken(self.previous_start)

    @property
    def previous_start(self) -> datetime:
        return datetime.fromisoformat(self.delivery.event.facts["previous_start"])

    @property
    def taken_from(self) -> str:
        """The start that its former realtor knows: a move may have taken it from them."""
        previous = self.delivery.event.facts.get("previous_start")
        known = datetime.fromisoformat(previous) if previous else self.appointment.starts_at
        return self.spoken(known)

    @cached_property
    def realtor_before(self) -> str:
        return str(Realtor.objects.get(pk=self.delivery.event.facts["realtor_id"]))

    @cached_property
    def answer_by(self) -> str:
        offer = Offer.objects.get(
            appointment=self.appointment,
            realtor=self.delivery.recipient_id,
            status=OfferStatus.OPEN,
        )
        return self.spoken(offer.deadline_at)

    @property
    def page(self) -> str:
        """Of the appointment. The code is no secret; who opens the page proves who they are."""
        code = self.appointment.code
        return address(reverse("appointments:detail", args=[code]) if code else "/")

    @cached_property
    def review(self) -> Review:
        """That the news is of."""
        reviews = Review.objects.with_people()
        return reviews.get(pk=self.delivery.event.facts["review_id"])

    @property
    def review_page(self) -> str:
        """Where the customer says how it was, and reads what was answered."""
        code = self.appointment.code
        return address(reverse("reviews:write", args=[code]) if code else "/")

    @property
    def reviews_console(self) -> str:
        return address(reverse("reviews:console"))

    @property
    def console(self) -> str:
        """The realtor's own page of it, where they answer."""
        return address(reverse("appointments:console:appointment", args=[self.appointment.pk]))

    @property
    def store_page(self) -> str:
        return address(reverse("site:store", args=[self.appointment.store_id]))

    def spoken(self, instant: datetime) -> str:
        clock = times.clock(instant.astimezone(self.appointment.store.zone))
        return _("%(day)s %(time)s") % {"day": self._day(instant), "time": clock}

    def _day(self, instant: datetime) -> str:
        zone = self.appointment.store.zone
        return times.calendar_day(instant.astimezone(zone).date(), self.today)


def place_of(store: Store, listing: Listing | None) -> str:
    """A course, or a house, may be somewhere else than its store."""
    elsewhere = listing.address if listing is not None else ""
    return ", ".join(part for part in (store.name, elsewhere or store.whole_address) if part)


def address(path: str) -> str:
    """A letter belongs to no request, and nobody's Host header gets into one."""
    return settings.SITE_URL + path
