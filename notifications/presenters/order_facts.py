"""What letters say of an order of a service, and of a wish to call one off."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import CancelRequest, Order, PaymentStatus, RequestState, Side
from appointments.presenters import order_words
from appointments.selectors.orders import latest_request, order_of
from notifications.models import Role
from notifications.presenters.dues import DueFacts
from notifications.presenters.facts import address, place_of
from notifications.presenters.stay_facts import listing_path
from notifications.selectors.of_requests import request_of

# How both sides were told that it was called off, by what had become of the wish to.
ENDS = (RequestState.AGREED, RequestState.CALLED_OFF)


@dataclass(frozen=True)
class OrderFacts(DueFacts):
    @cached_property
    def order(self) -> Order | None:
        return order_of(self.appointment)

    @property
    def number(self) -> str:
        return self.order.number if self.order else ""

    @property
    def service(self) -> str:
        """As it was called when it was ordered."""
        title = self.order.details.get("title") if self.order else ""
        return str(title or self.listing)

    @property
    def provider(self) -> str:
        return self.realtor

    @property
    def what(self) -> str:
        return _("%(service)s, %(when)s") % {"service": self.service, "when": self.when}

    @property
    def comes_to_customer(self) -> bool:
        return bool(self.order and self.order.address)

    @property
    def where(self) -> str:
        whereto = order_words.where_to(self.appointment)
        return whereto or place_of(self.appointment.store, self.appointment.listing)

    @property
    def amount(self) -> str:
        """With what the listing asks for, where another one was proposed."""
        return order_words.amount(self.appointment)

    @property
    def is_due(self) -> bool:
        """A payment is awaited, and counts whenever it comes."""
        return self.appointment.is_payable and bool(self.appointment.due_now)

    @property
    def service_page(self) -> str:
        return address(listing_path(self.appointment.listing_id))

    # A wish to call it off

    @cached_property
    def request(self) -> CancelRequest | None:
        """That the news is of, else the newest."""
        if "request_id" in self.delivery.event.facts:
            return request_of(self.delivery.event)
        return latest_request(self.appointment)

    @property
    def decided(self) -> CancelRequest | None:
        """What ended it, where that was not one side alone."""
        request = self.request
        return request if request is not None and request.state in ENDS else None

    @property
    def side(self) -> Side | None:
        """Of whoever reads this; none of those who decide."""
        sides = {Role.CUSTOMER: Side.CUSTOMER, Role.REALTOR: Side.PROVIDER}
        return sides.get(Role(self.delivery.role))

    @property
    def asker(self) -> str:
        asked = self.request
        by_customer = asked is not None and asked.side == Side.CUSTOMER
        return self.customer if by_customer else self.provider

    @property
    def why(self) -> str:
        return self.request.reason if self.request else ""

    @property
    def answer(self) -> str:
        return self.request.answer if self.request else ""

    @property
    def decision(self) -> str:
        return self.request.decision if self.request else ""

    @property
    def answer_before(self) -> str:
        return self.spoken(self.request.answer_before) if self.request else ""

    @property
    def how_it_stands(self) -> str:
        if self.request is None:
            return ""
        return order_words.request_sentence(self.appointment, self.request, self.side, self.at)

    @property
    def if_agreed(self) -> str:
        """What a yes means for the money; empty where none has come."""
        if self.request is None:
            return ""
        return order_words.comes_back_if_agreed(self.appointment, self.request)

    @property
    def paid(self) -> str:
        has_come = self.appointment.payment_status == PaymentStatus.PAID
        return self.money(self.appointment.due_now) if has_come else ""

    @property
    def own_page(self) -> str:
        """Where this side reads of it, and answers."""
        return self.page if self.side == Side.CUSTOMER else self.console

    @property
    def office(self) -> str:
        return address(reverse("admin:appointments_appointment_change", args=[self.appointment.pk]))
