"""News travels up: lower apps publish, upper apps subscribe.

A receiver runs in the publisher's transaction and only writes rows; what leaves the house
(mail, sockets, web hooks) is sent after the commit by whoever works through those rows.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

_receivers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a receiver for one kind of event: ``@subscribe(AppointmentCancelled)``."""

    def register(receiver: Callable[[E], None]) -> Callable[[E], None]:
        if receiver not in _receivers[kind]:
            _receivers[kind].append(receiver)
        return receiver

    return register


def publish(event: object) -> None:
    """Tell every receiver of this kind of event, in order of registration."""
    for receiver in _receivers[type(event)]:
        receiver(event)
