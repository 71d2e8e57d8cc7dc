"""The six accounts of the demo, and the guests who book in it. Nobody of them exists."""

from dataclasses import dataclass

PASSWORD = "demo-12345"


@dataclass(frozen=True)
class Account:
    email: str
    phone: str
    name: str
    provider: bool = False
    staff: bool = False
    operator: bool = False


CUSTOMER = Account("customer@example.com", "+8613800138001", "王小雨")
REALTOR = Account("realtor@example.com", "+8613800138002", "林晓彤", provider=True)
MANAGER = Account("manager@example.com", "+8613800138003", "赵敏华", staff=True)
OPERATOR = Account("staff@example.com", "+8613800138004", "孙思远", staff=True, operator=True)
SITTER = Account("sitter@example.com", "+8613800138005", "陆小满", provider=True)
WORKER = Account("worker@example.com", "+8613800138006", "方秀英", provider=True)
ACCOUNTS = (CUSTOMER, REALTOR, SITTER, WORKER, MANAGER, OPERATOR)

GUESTS = (
    "张伟",
    "李娜",
    "刘洋",
    "黄丽华",
    "欧阳若兰",
    "马超",
    "胡可欣",
    "郭子轩",
    "高雅琴",
    "罗永强",
    "郑思琪",
    "梁家辉",
    "宋雨晴",
    "唐国栋",
    "许文静",
    "韩梅",
    "冯天宇",
    "董洁",
    "萧然",
    "程志明",
    "曹慧敏",
    "袁浩",
    "邓婉婷",
    "傅春生",
    "曾雪梅",
    "彭海涛",
    "吕思源",
    "蒋欣怡",
    "蔡明轩",
    "余静怡",
    "潘建华",
    "杜鹃",
)


def guest_phone(number: int) -> str:
    """The telephone of the guest with this number, in E.164."""
    return f"+86139571{80000 + number:05d}"
