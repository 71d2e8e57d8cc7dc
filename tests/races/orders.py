"""Orders of services, for the checker: what each has beyond an appointment, and what was asked."""

from collections.abc import Iterable, Iterator

from appointments.models import Appointment, CancelRequest, Order

PENDING = ("open", "disputed")
# How a request ends where it ends the order.
ENDS = ("agreed", "called_off")


def is_order(one: Appointment) -> bool:
    return one.listing is not None and one.listing.kind == "service"


def wrong_orders(appointments: Iterable[Appointment]) -> Iterator[str]:
    """A service without its terms, or terms of what is none; a wish to call off what is called off
    already, or that nobody settles; two at once; an end that did not end it."""
    known = {one.pk: one for one in appointments}
    orders = set(Order.objects.values_list("appointment_id", flat=True))
    services = {pk for pk, one in known.items() if is_order(one)}
    yield from (f"appointment {pk} is of a service and has no order" for pk in services - orders)
    yield from (f"appointment {pk} is of no service and has an order" for pk in orders - services)
    pending: set[int] = set()
    for request in CancelRequest.objects.order_by("pk"):
        yield from _wrong_request(request, known[request.appointment_id], pending)


def _wrong_request(request: CancelRequest, one: Appointment, pending: set[int]) -> Iterator[str]:
    name = f"request {request.pk} of appointment {one.pk}"
    is_pending = request.state in PENDING
    if request.open_key != (one.pk if is_pending else None):
        yield f"{name} is {request.state} and its key says {request.open_key}"
    if is_pending and one.pk in pending:
        yield f"{name} is {request.state} beside another"
    if is_pending:
        pending.add(one.pk)
        if one.status in ("pending", "cancelled"):
            yield f"{name} is {request.state}, and that is {one.status}"
    if request.state == "open" and one.status not in ("confirmed", "in_progress"):
        yield f"{name} waits for an answer, and that is {one.status}"
    if request.state == "disputed" and not one.needs_person:
        yield f"{name} is put before nobody"
    if request.state in ENDS and one.status != "cancelled":
        yield f"{name} is {request.state}, and that is {one.status}"
