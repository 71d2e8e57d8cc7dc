"""What the demo's customers say of what lies behind them; once, with the first seed."""

from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from appointments.models import Appointment, Status
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from reviews.services import write_review

from .wishes import MAILBOX

# (stars, words); nobody is praised by everybody.
WORDS = (
    (5, "准时，讲得很清楚，下次还找同一位。"),
    (4, "服务不错，就是门口不太好停车。"),
    (5, "很有耐心，问什么都认真回答。"),
    (5, ""),
    (4, "比预想的快，价格也说在前面。"),
    (5, "提前十分钟就到了，态度很好。"),
    (3, "结果满意，但等了一会儿才开始。"),
    (4, "专业，环境也干净。"),
    (5, "第一次来，没有推销，体验很好。"),
    (4, ""),
)
LATER = timedelta(minutes=20)


def say_how_it_was(*, at: datetime) -> None:
    """Each customer in their own words, some time after it was over."""
    done = (
        Appointment.objects.with_people()
        .filter(customer_email__endswith=f"@{MAILBOX}", status=Status.COMPLETED, review=None)
        .order_by("completed_at", "pk")
    )
    for appointment, (stars, words) in zip(done, cycle(WORDS), strict=False):
        by = (
            Actor.of(appointment.user)
            if appointment.user
            else Actor.guest(proven_appointment_id=appointment.pk)
        )
        said_at = min((appointment.completed_at or at) + LATER, at)
        run_in_transaction(
            partial(write_review, appointment, rating=stars, comment=words, by=by, at=said_at)
        )
