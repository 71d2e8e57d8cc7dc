"""What the demo's customers say of what lies behind them; once, with the first seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from accounts.models import User
from appointments.models import Appointment, Status
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from reviews.gateways.pictures import photo_from
from reviews.models import Aspect, Review
from reviews.services import add_photo, reply, report, write_review

from .drawing import photos
from .people import CUSTOMER
from .stores import WULIN
from .wishes import MAILBOX


@dataclass(frozen=True)
class Said:
    """Stars, words, stars of the aspects in their order (0: none), photos by their place, and what
    the store answers."""

    stars: int
    words: str
    aspects: tuple[int, int, int, int] = (0, 0, 0, 0)
    photos: tuple[int, ...] = ()
    reply: str = ""


# Nobody is praised by everybody. Their number shares no divisor with that of a store's visits, so
# that each store has its own mix.
ALL_SAID = (
    Said(5, "准时，讲得很清楚，下次还找同一位。", (5, 5, 5, 5)),
    Said(4, "服务不错，就是门口不太好停车。", (4, 5, 4, 0), (1,)),
    Said(5, "很有耐心，问什么都认真回答。", (0, 5, 5, 0)),
    Said(5, ""),
    Said(4, "比预想的快，价格也说在前面。", (5, 4, 4, 5)),
    Said(
        5,
        "提前十分钟就到了，态度很好。临走还把注意事项写在纸上，回家照着做就行，省心。",
        (5, 5, 5, 4),
        (2,),
        "谢谢您的认可，有问题随时找我们。",
    ),
    Said(
        3,
        "结果满意，但等了一会儿才开始。",
        (2, 4, 4, 0),
        (),
        "让您久等了，抱歉。我们已经把前后两单的间隔加长了。",
    ),
    Said(4, "专业，环境也干净。", (0, 0, 5, 4), (0, 2)),
    Said(5, "第一次来，没有推销，体验很好。", (5, 5, 0, 5)),
    Said(4, ""),
    Said(
        2,
        "约的三点，快三点半才轮到，中间也没有人来说一声。",
        (1, 3, 4, 3),
        (),
        "这次是我们没有安排好，也没有及时告诉您，对不起。下次来请报预约码，我们优先安排。",
    ),
    Said(5, "两次都是同一位，记得我上次说过的话，很难得。", (5, 5, 5, 5)),
    Said(5, "讲解细致，不懂的地方会换一种说法再讲一遍。", (0, 5, 5, 0), (3, 0, 1)),
    Said(1, "态度敷衍，问三句答一句，不会再来。", (3, 1, 2, 1)),
    Said(4, "流程清楚，手机上就能看到排到哪里了。", (4, 4, 4, 4)),
    Said(5, "推荐！", (5, 5, 5, 5)),
    Said(3, "中规中矩，价格比同行略高一点。", (4, 4, 3, 2)),
)
LATER, ANSWERED_LATER = timedelta(minutes=20), timedelta(hours=5)
REPORT = "这位顾客当天没有到店，说的应该不是这里。"


def say_how_it_was(*, by: Actor, at: datetime) -> None:
    """Each customer in their own words, some time after it was over; ``by`` answers for the stores.
    One visit of the demo's customer is left for whoever tries the demo."""
    done = (
        Appointment.objects.with_people()
        .filter(customer_email__endswith=f"@{MAILBOX}", status=Status.COMPLETED, review=None)
        .exclude(user__email=CUSTOMER.email, store__slug=WULIN.slug)
        .order_by("completed_at", "pk")
    )
    pictures = [photo_from(one) for one in photos()]
    for appointment, said in zip(done, cycle(ALL_SAID), strict=False):
        said_at = min((appointment.completed_at or at) + LATER, at)
        review = run_in_transaction(partial(_say, appointment, said, pictures, said_at))
        if said.reply:
            answered_at = min(said_at + ANSWERED_LATER, at)
            run_in_transaction(partial(reply, review, text=said.reply, by=by, at=answered_at))
    _report_one(at)


def _say(appointment: Appointment, said: Said, pictures: Sequence, at: datetime) -> Review:
    by = (
        Actor.of(appointment.user)
        if appointment.user
        else Actor.guest(proven_appointment_id=appointment.pk)
    )
    keys = [
        add_photo(appointment, pictures=pictures[place], by=by, at=at).key for place in said.photos
    ]
    aspects = {str(one): stars for one, stars in zip(Aspect, said.aspects, strict=True) if stars}
    return write_review(
        appointment,
        rating=said.stars,
        comment=said.words,
        aspects=aspects,
        photos=keys,
        by=by,
        at=at,
    )


def _report_one(at: datetime) -> None:
    """So that there is something to decide."""
    review = Review.objects.filter(rating=1, replied_at=None).order_by("-pk").first()
    customer = User.objects.filter(email=CUSTOMER.email).first()
    if review is None or customer is None or review.reports.exists():
        return
    by = Actor.of(customer)
    run_in_transaction(partial(report, review, reason="untrue", words=REPORT, by=by, at=at))
