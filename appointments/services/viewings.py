"""What a customer says to their host after they have seen a house."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import errors
from appointments.events import ViewingFeedbackGiven
from appointments.models import Appointment, Status, Verdict, ViewingFeedback
from appointments.permissions import is_customer
from appointments.services.pools import lock_pool
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.events import publish
from realtors.services import note_passed_over


@transaction.atomic
def give_feedback(
    appointment: Appointment, *, verdict: Verdict, note: str = "", by: Actor, at: datetime
) -> ViewingFeedback:
    """Said once, and changed as often as they like. A house that is not for them is recommended to
    them no more. Raises Forbidden; InvalidTransition before it is over; Invalid for what is no
    viewing of a house."""
    lock_pool(appointment.store_id, at=at)
    appointment.refresh_from_db()
    if by.user is None or not is_customer(by, appointment):
        raise Forbidden
    listing = appointment.listing
    if listing is None or not appointment.is_viewing:
        raise Invalid(_("This was not a viewing of a house."))
    if appointment.status != Status.COMPLETED:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    said, is_new = ViewingFeedback.objects.get_or_create(
        appointment=appointment,
        defaults={"verdict": verdict, "note": note, "created_at": at, "updated_at": at},
    )
    if not is_new:
        if (said.verdict, said.note) == (verdict, note):
            return said
        said.verdict, said.note, said.updated_at = verdict, note, at
        said.save(update_fields=["verdict", "note", "updated_at"])
    if verdict == Verdict.NOT_FOR_ME:
        note_passed_over(by.user, listing, at=at)
    publish(ViewingFeedbackGiven(appointment_id=appointment.pk, at=at, verdict=verdict))
    return said
