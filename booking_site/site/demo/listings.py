"""What the demo's stores offer: twelve courses, and some houses, boarding places and services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .stores import (
    CHENGZHAN,
    HUBIN,
    QIANJIANG,
    WENSAN,
    WULIN,
    DemoRealtor,
    DemoStore,
)

TEACHERS: tuple[tuple[DemoStore, DemoRealtor], ...] = (
    (QIANJIANG, DemoRealtor("沈墨", ("教育",), "书法教师，从握笔讲起，不急着写作品。")),
    (QIANJIANG, DemoRealtor("高翔", ("教育",), "游泳教练，救生员证，带过三百多个孩子下水。")),
    (WULIN, DemoRealtor("叶青", ("其他",), "瑜伽教师，习练十二年，课前会问旧伤。")),
    (WENSAN, DemoRealtor("章师傅", ("家政",), "国营饭店退休的厨师，杭帮菜做了三十年。")),
)


# Compared by identity, so that it can stand as a key.
@dataclass(frozen=True, eq=False)
class DemoListing:
    """``scene``: its picture (scenes.py). ``weeks``: when its sessions are, as (days, clock);
    ``recurs`` leaves them to a rule of the product, else each start opens those of two weeks."""

    store: DemoStore
    kind: str
    title: str
    description: str
    price: str
    scene: str
    realtor: str = ""
    unit: str = "session"
    minutes: int | None = None
    capacity: int = 1
    category: str = "其他"
    tags: tuple[str, ...] = ()
    weeks: tuple[tuple[str, str], ...] = ()
    recurs: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


AT_ONCE = {"needs_approval": False}

PIANO = DemoListing(
    QIANJIANG,
    "course",
    "钢琴启蒙小组课",
    "四个孩子一台三角琴、三台电钢，轮流上手。第一节课不讲乐理，先把一首《小星星》弹完。",
    "120",
    "piano",
    "康乐",
    minutes=60,
    capacity=4,
    category="教育",
    tags=("钢琴", "小班", "零基础"),
    weeks=(("3", "16:30"), ("5", "10:00")),
    recurs=True,
    attributes={
        "age_from": 5,
        "age_to": 10,
        "level": "beginner",
        "language": "中文",
        "bring": "指甲剪短",
    },
    more=AT_ONCE,
)
ENGLISH = DemoListing(
    QIANJIANG,
    "course",
    "少儿英语戏剧课（四节一套）",
    "用四次课排一出小短剧：选角、对白、动作、演出。四节一起预约，最后一节请家长来看。",
    "90",
    "english",
    "Grace 叶",
    minutes=60,
    capacity=10,
    category="教育",
    tags=("英语", "少儿", "戏剧"),
    weeks=(("4", "17:00"), ("6", "14:00")),
    recurs=True,
    attributes={
        "age_from": 6,
        "age_to": 12,
        "level": "beginner",
        "language": "English / 中文",
        "package_sessions": 4,
    },
    more=AT_ONCE,
)
CODING = DemoListing(
    QIANJIANG,
    "course",
    "周末编程营：做一个自己的游戏",
    "两小时做出能玩的小游戏。老师会先看孩子的基础再确认名额，不合适会建议别的班。",
    "150",
    "coding",
    "宁远",
    minutes=120,
    capacity=8,
    category="教育",
    tags=("编程", "少儿"),
    weeks=(("5", "15:00"), ("6", "09:30")),
    attributes={"age_from": 8, "age_to": 14, "level": "beginner", "bring": "不用带电脑"},
)
BRUSH = DemoListing(
    QIANJIANG,
    "course",
    "零基础软笔书法",
    "从握笔、磨墨、一横一竖写起，每人一张大桌。纸笔墨都备好，穿深色衣服来。",
    "80",
    "brush",
    "沈墨",
    minutes=90,
    capacity=6,
    category="教育",
    tags=("书法", "成人", "亲子"),
    weeks=(("1", "18:30"), ("3", "18:30"), ("5", "15:30")),
    attributes={"level": "beginner", "language": "中文", "bring": "深色衣服"},
    more={**AT_ONCE, "fee_steps": [[1440, 30], [120, 100]], "cancel_cutoff_minutes": 60},
)
SWIMMING = DemoListing(
    QIANJIANG,
    "course",
    "少儿蛙泳入门",
    "水温 28 度，一位教练带六个孩子。怕水的孩子先在浅水池玩两次，不赶进度。",
    "110",
    "swimming",
    "高翔",
    minutes=60,
    capacity=6,
    category="教育",
    tags=("游泳", "少儿"),
    weeks=(("0", "16:00"), ("4", "16:00"), ("6", "10:00")),
    attributes={"age_from": 6, "age_to": 13, "level": "beginner", "bring": "泳衣、泳帽、毛巾"},
    more={
        **AT_ONCE,
        "address": "杭州市上城区之江路 149 号体育中心游泳馆",
        "latitude": "30.238900",
        "longitude": "120.204300",
    },
)
YOGA = DemoListing(
    WULIN,
    "course",
    "流瑜伽 · 午间一小时",
    "午休时间来出一身汗，一点半前回到工位。先付一半，其余到店再付。",
    "68",
    "yoga",
    "叶青",
    minutes=60,
    capacity=8,
    tags=("瑜伽", "午休"),
    weeks=(("1-4", "12:15"),),
    recurs=True,
    attributes={"level": "intermediate", "bring": "垫子可借"},
    more={**AT_ONCE, "deposit_percent": 50, "fee_steps": [[720, 50], [60, 100]]},
)
PRENATAL = DemoListing(
    WULIN,
    "course",
    "孕期舒缓瑜伽",
    "孕 16 周以后适合。老师会先打电话了解情况再确认，动作都有坐姿和靠墙的版本。",
    "98",
    "yoga",
    "叶青",
    minutes=75,
    capacity=5,
    tags=("瑜伽", "孕期"),
    weeks=(("2", "14:30"), ("5", "10:30")),
    attributes={"level": "beginner", "bring": "宽松衣服"},
)
COOKING = DemoListing(
    WENSAN,
    "course",
    "家常杭帮菜：东坡肉与片儿川",
    "跟着章师傅在灶台边做两道菜，做完坐下来一起吃。食材当天早上现买。",
    "168",
    "cooking",
    "章师傅",
    minutes=180,
    capacity=6,
    category="家政",
    tags=("做菜", "周末"),
    weeks=(("5-6", "09:30"), ("2", "16:00")),
    attributes={"level": "beginner", "bring": "饭盒一个"},
    more={**AT_ONCE, "fee_steps": [[2880, 30], [1440, 50]]},
)
TIDYING = DemoListing(
    WENSAN,
    "course",
    "三小时学会衣柜收纳",
    "带一抽屉自己的衣服来，走的时候整整齐齐带回去。讲断舍离，也讲怎么留。",
    "88",
    "tidying",
    "卢小燕",
    minutes=180,
    capacity=10,
    category="家政",
    tags=("收纳",),
    weeks=(("6", "14:00"), ("3", "09:00")),
    attributes={"level": "beginner", "bring": "一抽屉衣服"},
    more={**AT_ONCE, "deposit_percent": 30},
)
FIRST_AID = DemoListing(
    CHENGZHAN,
    "course",
    "宝宝急救公开课（免费）",
    "噎食、发热、烫伤，先做什么、别做什么。带着假娃娃练，人人都要上手按一次。",
    "0",
    "first_aid",
    "范丽萍",
    minutes=90,
    capacity=20,
    category="医疗",
    tags=("急救", "新手父母", "免费"),
    weeks=(("5", "14:30"), ("2", "14:00")),
    attributes={"level": "beginner", "language": "中文"},
    more=AT_ONCE,
)
FIRST_HOME = DemoListing(
    HUBIN,
    "course",
    "第一次买房：贷款与税费一次讲清",
    "带上收入证明和心里的预算，现场算一遍月供。只讲账，不推楼盘。",
    "0",
    "table",
    "林晓彤",
    minutes=90,
    capacity=12,
    tags=("买房", "免费"),
    weeks=(("2", "14:00"), ("5", "13:00")),
    attributes={"level": "beginner", "language": "中文"},
    more=AT_ONCE,
)
WALK = DemoListing(
    HUBIN,
    "course",
    "湖滨老街散步课：看懂一栋老房子",
    "从思鑫坊走到龙翔桥，边走边看朝向、结构和邻里。下小雨照常，大雨改期。",
    "39",
    "street",
    "林晓彤",
    minutes=120,
    capacity=10,
    tags=("老房子", "散步"),
    weeks=(("3", "15:30"), ("6", "14:30")),
    attributes={"level": "beginner", "bring": "好走的鞋"},
    more=AT_ONCE,
)
COURSES = (
    PIANO,
    ENGLISH,
    CODING,
    BRUSH,
    SWIMMING,
    YOGA,
    PRENATAL,
    COOKING,
    TIDYING,
    FIRST_AID,
    FIRST_HOME,
    WALK,
)
