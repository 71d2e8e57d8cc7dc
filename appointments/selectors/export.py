"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from appointments.models import (
    Appointment,
    AppointmentEvent,
    CancelRequest,
    Hold,
    Order,
    Package,
    SeatWish,
    StayPet,
    ViewingFeedback,
)

if TYPE_CHECKING:
    from accounts.models import User

COLUMNS = (
    "id",
    "code",
    "customer_name",
    "customer_phone",
    "customer_email",
    "locale",
    "store__name",
    "realtor__name",
    "listing__title",
    "session_id",
    "package_id",
    "child__name",
    "check_in",
    "check_out",
    "nightly_price",
    "starts_at",
    "ends_at",
    "status",
    "payment_status",
    "price",
    "final_price",
    "currency",
    "due_now",
    "pay_before",
    "paid_at",
    "cancel_fee",
    "requirements",
    "customer_note",
    "cancel_reason",
    "created_at",
    "updated_at",
)

ORDER_COLUMNS = (
    "appointment_id",
    "number",
    "address",
    "latitude",
    "longitude",
    "provider_address",
    "details",
)
REQUEST_COLUMNS = (
    "appointment_id",
    "side",
    "reason",
    "state",
    "asked_at",
    "answer_before",
    "answered_at",
    "answer",
    "decided_at",
    "decision",
)


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder."""
    booked = Appointment.objects.filter(user=user).order_by("pk")
    acts = AppointmentEvent.objects.filter(actor_user=user).order_by("pk")
    held = Hold.objects.filter(user=user).order_by("pk")
    packages = Package.objects.filter(user=user).order_by("pk")
    wishes = SeatWish.objects.filter(user=user).order_by("pk")
    pets = StayPet.objects.filter(appointment__user=user).order_by("pk")
    said = ViewingFeedback.objects.filter(appointment__user=user).order_by("pk")
    orders = Order.objects.filter(appointment__user=user).order_by("pk")
    requests = CancelRequest.objects.filter(appointment__user=user).order_by("pk")
    return {
        "appointments": list(booked.values(*COLUMNS)),
        "acts": list(acts.values("appointment_id", "action", "reason", "at")),
        "holds": list(
            held.values("store__name", "session_id", "starts_at", "ends_at", "expires_at")
        ),
        "packages": list(packages.values("id", "listing__title", "created_at")),
        "pets_of_stays": list(pets.values("appointment_id", "pet_id", "name", "species")),
        "feedback_on_viewings": list(
            said.values("appointment_id", "verdict", "note", "created_at", "updated_at")
        ),
        "orders": list(orders.values(*ORDER_COLUMNS)),
        "cancel_requests": list(requests.values(*REQUEST_COLUMNS)),
        "seat_wishes": list(
            wishes.values(
                "session_id",
                "session__listing__title",
                "session__starts_at",
                "created_at",
                "told_at",
            )
        ),
    }
