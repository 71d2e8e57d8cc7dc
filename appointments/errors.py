"""What the booking rules say no with."""

from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound


class TooSoon(Invalid):
    code = "too_soon"
    message = _("That start is too soon or already past. Please choose a later time.")


class TooFarAhead(Invalid):
    code = "too_far_ahead"
    message = _("That day cannot be booked yet. Please choose an earlier one.")


class NotOnGrid(Invalid):
    code = "not_on_grid"
    message = _("Appointments do not start at that minute here. Please choose an offered time.")


class OutsideBusinessHours(Invalid):
    code = "outside_business_hours"
    message = _("The store is not open for the whole of that time.")


class StoreClosed(Invalid):
    code = "store_closed"
    message = _("The store is closed on that day.")


class CancelTooLate(Invalid):
    code = "cancel_too_late"
    message = _("It is too late to change this appointment yourself. Please call the store.")


class ProofRequired(Forbidden):
    code = "proof_required"
    message = _("Please give the last four digits of the phone number you booked with.")


class SlotTaken(Conflict):
    code = "slot_taken"
    message = _("This time has just been taken.")


class CustomerConflict(Conflict):
    code = "customer_conflict"
    message = _("You already have an appointment at that time.")


class SessionNotFound(NotFound):
    message = _("There is no such session.")


class SeatTaken(SlotTaken):
    """As Document 3 answers it: 400 where others say 409."""

    status = 400


class TeacherAway(SlotTaken):
    message = _("The teacher has time off then.")


class AttendeeConflict(CustomerConflict):
    """Whoever would sit there is promised elsewhere; 400, as beside ``SeatTaken``."""

    status = 400
    message = _("Whoever is to come has something else at that time already.")


class SessionUnavailable(Invalid):
    message = _("This session cannot be booked.")


class PaymentRequired(Invalid):
    code = "payment_required"
    message = _("It has not been paid yet.")


class NightsTaken(SlotTaken):
    message = _("There is not enough room on every one of these nights.")


class PetConflict(CustomerConflict):
    message = _("One of these pets stays somewhere else on these nights.")


class PetsStillThere(Conflict):
    """Who looks after somebody's pets must be able to reach them."""

    message = _("Your pets still stay with a sitter. Please fetch them first.")


class OrderUnderWay(Conflict):
    """Who is at work for somebody must be able to reach and to find them."""

    message = _("A service you ordered is being done. Please wait until it is finished.")


class RequestUnsettled(Conflict):
    """Who decides needs to read what both sides have said."""

    message = _(
        "Whether an order of yours is called off is not settled yet. Please answer the request, "
        "take yours back, or wait for the decision."
    )


class VaccinationExpired(Invalid):
    code = "vaccination_expired"
    message = _("This place takes vaccinated pets only, and until they go home.")


class NeedsAgreement(Conflict):
    code = "needs_agreement"
    message = _("A confirmed order is called off by both sides. Please ask the other one.")


class HoldExpired(Conflict):
    code = "hold_expired"
    message = _("The time we kept for you has run out. Please choose again.")


class InvalidTransition(Conflict):
    code = "invalid_transition"
    message = _("This is not possible in the appointment's present state.")


class AlreadyTaken(Conflict):
    code = "already_taken"
    message = _("This appointment has gone to somebody else in the meantime.")
