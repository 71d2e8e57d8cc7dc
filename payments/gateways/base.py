"""What every gateway can do, and the words in which it tells of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from payments.models import Payment, Refund

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Outcome(StrEnum):
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"


class RefundOutcome(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    # It has never heard of it.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class State:
    """What the gateway says that a payment is, when asked. ``refunded`` is None where it does not
    say; ``booking`` is what it was told the payment is for."""

    outcome: Outcome
    number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    booking: str = ""
    refunded: Decimal | None = None


@dataclass(frozen=True)
class Notice:
    """A callback whose signature is right: a hint to ask, and nothing more. What it leaves empty
    it does not say. ``refund_number`` where it is about a refund of ours."""

    event_id: str
    kind: str
    number: str
    amount: Decimal | None = None
    currency: str = ""
    booking: str = ""
    refund_number: str = ""


@dataclass(frozen=True)
class Door:
    """Where the customer goes: to an address, or with a code that their phone reads."""

    url: str = ""
    qr: str = ""
    gateway_id: str = ""


@dataclass(frozen=True)
class Reply:
    """What the gateway wants to hear back; ``status`` 200 says that it need not come again."""

    status: int
    body: str
    content_type: str


@dataclass(frozen=True)
class Way:
    """How one comes back: the page of the booking, and the address for callbacks."""

    return_url: str
    notify_url: str
    small_screen: bool = False


class Gateway(ABC):
    """Each method but ``read`` and ``reply`` may call the network: never inside a transaction. They
    raise GatewayDown, and GatewayRefused where asking again would not help. Opening, closing and
    refunding are safe to repeat: the gateway knows them by their numbers."""

    name: str
    label: "_StrPromise"
    # What it can be paid in; empty: whatever it is asked for.
    currencies: frozenset[str] = frozenset()

    @abstractmethod
    def open(self, payment: Payment, way: Way) -> Door: ...

    @abstractmethod
    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Of a callback as it came in; names of headers in small letters. Raises BadSignature,
        Mismatch."""

    @abstractmethod
    def look_up(self, payment: Payment) -> State: ...

    @abstractmethod
    def close(self, payment: Payment) -> None:
        """No money for it any more. What is paid or closed already stays so."""

    @abstractmethod
    def refund(self, refund: Refund) -> RefundOutcome: ...

    @abstractmethod
    def look_up_refund(self, refund: Refund) -> RefundOutcome: ...

    def takes(self, currency: str) -> bool:
        return not self.currencies or currency in self.currencies

    def reply(self, *, heard: bool) -> Reply | None:
        """None where the usual answers of the API will do."""
        return None


def booking_of(payment: Payment) -> str:
    """How a gateway is told what the payment is for: "a12" or "a12-a13-a14". No gateway takes more
    than a hundred signs or so; of a long package it is the beginning."""
    pks = sorted(share.appointment_id for share in payment.shares.all())
    return "-".join(f"a{pk}" for pk in pks)[:100]
