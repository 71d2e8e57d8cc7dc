"""What the people of the demo have said to each other. Each conversation is begun once; what
visitors have made of it since is theirs. One about the customer's next visit to the demo's realtor
is begun for every such visit."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.gateways.uploads import upload_from
from chat.models import Conversation, Message
from chat.rules import about_appointment, pair_key, system_key

from .drawing import photos
from .people import CUSTOMER, MANAGER, REALTOR, Account

People = dict[Account, User]


@dataclass(frozen=True)
class Line:
    """``ago``: minutes before now. ``picture``: its place among the drawn photos. Without ``seen``
    nobody else has read it yet."""

    who: Account
    ago: int
    text: str = ""
    sticker: str = ""
    picture: int | None = None
    seen: bool = True


HOUR = 60
DAY = 24 * HOUR

LOOKING = (
    Line(CUSTOMER, DAY + 40, "林老师您好，想在湖滨附近找一套两室，预算每月七千左右。"),
    Line(REALTOR, DAY + 37, "您好王女士！这一带两室的不少，我先问两句：要近地铁，还是更看重安静？"),
    Line(CUSTOMER, DAY + 35, "近地铁优先，家里有个上小学的孩子，还有一只猫。"),
    Line(REALTOR, DAY + 30, "明白。猫没有问题，这边有三位房东都同意。我下午去拍几张照片发您。"),
    Line(CUSTOMER, DAY + 29, sticker="thanks"),
    Line(REALTOR, 5 * HOUR, "龙翔桥站 A 口出来走四分钟，客厅朝南。", picture=0),
    Line(CUSTOMER, 5 * HOUR - 6, "好亮堂！楼下吵不吵？"),
    Line(REALTOR, 3 * HOUR, "临街那面是书房，卧室都朝内院，我晚上九点去听过，很安静。", seen=False),
    Line(REALTOR, 3 * HOUR - 1, "这是楼下的样子。", picture=1, seen=False),
)
VISIT = (
    Line(CUSTOMER, 9, "林老师，约好的时间我记下了。到了是在门店找您，还是直接去小区？"),
    Line(REALTOR, 7, "在门店就行，我带您走过去，顺便看看周边。记得报预约码。"),
    Line(CUSTOMER, 6, "好的，我会带上孩子一起来。"),
    Line(REALTOR, 4, sticker="ok", seen=False),
)
SHIFT = (
    Line(MANAGER, 7 * HOUR, "晓彤，周末看房的人多，午间你能多留半小时吗？"),
    Line(REALTOR, 7 * HOUR - 5, "可以，我把午休挪到两点以后。"),
    Line(MANAGER, 7 * HOUR - 6, sticker="thanks"),
    Line(MANAGER, 2 * HOUR, "湖滨 28 号那套的钥匙在前台抽屉里，用完记得登记。", seen=False),
    Line(MANAGER, 2 * HOUR - 1, sticker="key", seen=False),
)
GROUP = "湖滨看房小组"
TOGETHER = (
    Line(REALTOR, 90, "王女士、赵店长，看房的路线我排好了：先龙翔桥，再涌金门，最后回门店。"),
    Line(MANAGER, 80, "合同样本我会放在门店，看完可以直接坐下来聊。"),
    Line(CUSTOMER, 70, "太周到了，大概要多久？"),
    Line(REALTOR, 60, "一个半小时左右，中间可以歇一歇。", seen=False),
    Line(MANAGER, 50, sticker="on-the-way", seen=False),
)
NOTICE = "欢迎来到这里！预约有变动时，相关的对话会自动更新。请不要在对话里发送密码或验证码。"


def let_them_talk(users: People, *, at: datetime) -> None:
    """Two queries where all of it has been said."""
    customer, realtor, manager = users[CUSTOMER], users[REALTOR], users[MANAGER]
    visit = _next_visit(customer, realtor, at)
    about = about_appointment(visit.pk) if visit else ""
    looking = pair_key(customer.pk, realtor.pk)
    visiting = pair_key(customer.pk, realtor.pk, about=about)
    shift = pair_key(manager.pk, realtor.pk)
    notice = system_key(customer.pk)
    known = set(
        Conversation.objects.filter(pair_key__in=[looking, visiting, shift, notice]).values_list(
            "pair_key", flat=True
        )
    )
    if looking not in known:
        _talk(partial(_two, customer, realtor), LOOKING, users, at)
        _talk(partial(_together, users), TOGETHER, users, at)
    if shift not in known:
        _talk(partial(_two, manager, realtor), SHIFT, users, at)
    if notice not in known:
        run_in_transaction(partial(_notice, customer, at - timedelta(days=1)))
    if visit is not None and visiting not in known:
        _talk(partial(_two, customer, realtor, visit), VISIT, users, at)


def _next_visit(customer: User, realtor: User, at: datetime) -> Appointment | None:
    upcoming = Appointment.objects.upcoming().filter(
        user=customer, realtor__user=realtor, starts_at__gt=at
    )
    return upcoming.order_by("starts_at").first()


def _two(one: User, other: User, about: Appointment | None = None, *, at: datetime) -> Conversation:
    return services.open_direct(other, appointment=about, by=Actor.of(one), at=at).conversation


def _together(users: People, *, at: datetime) -> Conversation:
    others = [users[CUSTOMER], users[MANAGER]]
    return services.open_group(others, name=GROUP, by=Actor.of(users[REALTOR]), at=at)


def _notice(user: User, at: datetime) -> None:
    """They have read it."""
    message = services.write_to(services.system_conversation(user, at=at), NOTICE, at=at)
    services.mark_read(message.conversation_id, message.seq, by=Actor.of(user), at=at)


def _talk(
    begin: "partial[Conversation]", lines: Iterable[Line], users: People, at: datetime
) -> None:
    """Somebody who was blocked, or words that staff do not want, are no mishap here."""
    lines = list(lines)
    began_at = at - timedelta(minutes=lines[0].ago + 1)
    people = {users[line.who].pk: users[line.who] for line in lines}
    with suppress(Refusal):
        conversation = run_in_transaction(partial(begin, at=began_at))
        for line in lines:
            said_at = at - timedelta(minutes=line.ago)
            message = _say(conversation, line, users[line.who], said_at)
            for reader in people.values():
                if line.seen and reader != users[line.who]:
                    _read(message, reader, said_at)


def _say(conversation: Conversation, line: Line, user: User, at: datetime) -> Message:
    by = Actor.of(user)
    draft = services.Draft(text=line.text)
    if line.sticker:
        draft = services.Draft(kind="sticker", sticker=line.sticker)
    elif line.picture is not None:
        upload = upload_from(photos()[line.picture], name="照片.png")
        added = run_in_transaction(
            partial(services.add_attachment, conversation, upload, by=by, at=at)
        )
        draft = services.Draft(text=line.text, kind="image", attachment=added.key)
    return services.post(conversation.pk, draft, by=by, at=at).message


def _read(message: Message, reader: User, at: datetime) -> None:
    seen = partial(services.mark_read, message.conversation_id, message.seq, by=Actor.of(reader))
    run_in_transaction(partial(seen, at=at + timedelta(seconds=30)))
