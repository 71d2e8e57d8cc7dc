"""What the tests of the checker change behind the back of the product."""

from appointments.models import Appointment, Claim, Hold


def change(one: Appointment, **columns: object) -> None:
    Appointment.objects.filter(pk=one.pk).update(**columns)


def claim_of(one: Appointment | Hold) -> Claim:
    return Claim.objects.of(one).filter(resource__startswith="r:").first()
