"""Houses, boarding places and services of the demo, beside its courses."""

from typing import Any

from .listings import COURSES, DemoListing
from .stores import BINJIANG, CHENGZHAN, HUBIN, WENSAN, WULIN


def _house(title: str, words: str, price: str, scene: str, **more: Any) -> DemoListing:
    realtor, attributes, tags = more.pop("realtor"), more.pop("attributes"), more.pop("tags")
    return DemoListing(
        HUBIN,
        "house",
        title,
        words,
        price,
        scene,
        realtor,
        unit="month",
        tags=tags,
        attributes=attributes,
        more=more,
    )


HOUSES = (
    _house(
        "龙翔桥朝南两室 · 近地铁",
        "A 口出来走四分钟，客厅和主卧都朝南，书房临街。房东同意养猫。",
        "6900",
        "room",
        realtor="林晓彤",
        tags=("近地铁", "可养宠物"),
        attributes={
            "rooms": 2,
            "area": 78,
            "district": "湖滨",
            "floor": 5,
            "furnished": True,
            "lift": False,
        },
        address="杭州市上城区延安路 255 号",
        latitude="30.252300",
        longitude="120.163900",
    ),
    _house(
        "涌金门湖景一室",
        "推窗看得见湖面一角，适合一个人住。楼下就是公交站。",
        "5200",
        "window",
        realtor="周志远",
        tags=("湖景",),
        attributes={"rooms": 1, "area": 46, "district": "湖滨", "floor": 11, "lift": True},
        address="杭州市上城区南山路 129 号",
        latitude="30.243800",
        longitude="120.158300",
    ),
    _house(
        "清泰街学区三室",
        "走路七分钟到小学，三室两卫，带一个能放自行车的院子。",
        "9800",
        "street",
        realtor="陈雨桐",
        tags=("学区", "带院子"),
        attributes={
            "rooms": 3,
            "area": 112,
            "district": "清泰",
            "floor": 1,
            "furnished": True,
        },
        address="杭州市上城区清泰街 330 号",
        latitude="30.248100",
        longitude="120.180200",
    ),
    _house(
        "东新园合租单间",
        "四室里的一间，另外三位都上班。公共区域每周有人打扫。",
        "1980",
        "room",
        realtor="吴建国",
        tags=("合租",),
        attributes={"rooms": 1, "area": 14, "district": "东新", "floor": 8, "lift": True},
        address="杭州市拱墅区东新路 888 号",
        latitude="30.305600",
        longitude="120.173100",
    ),
)


def _boarding(title: str, words: str, price: str, capacity: int, species: list[str]) -> DemoListing:
    return DemoListing(
        WENSAN,
        "boarding",
        title,
        words,
        price,
        "pets",
        "龚丽",
        unit="night",
        capacity=capacity,
        category="家政",
        tags=("寄养",),
        attributes={"species": species, "sizes": ["small", "medium"], "vaccination_needed": True},
    )


BOARDING = (
    _boarding("猫咪单间寄养", "一猫一间，有窗台和爬架。每天两段视频，不笼养。", "78", 4, ["cat"]),
    _boarding(
        "小型犬家庭寄养",
        "住在家里，跟着人一天遛三次。先来见一面，合得来再住。",
        "98",
        2,
        ["dog"],
    ),
    _boarding(
        "兔子与鸟的假期", "安静的北屋，自带笼子，草料按您的单子喂。", "45", 6, ["rabbit", "bird"]
    ),
)


def _service(
    store: Any, title: str, words: str, price: str, scene: str, *, category: str, **more: Any
) -> DemoListing:
    return DemoListing(
        store,
        "service",
        title,
        words,
        price,
        scene,
        unit=more.pop("unit", "visit"),
        category=category,
        minutes=more.pop("minutes"),
        attributes=more.pop("attributes", {}),
        more=more,
    )


SERVICES = (
    _service(
        WENSAN,
        "三小时深度保洁",
        "厨房、卫生间、窗槽一次做透，工具和药剂自带。",
        "239",
        "tidying",
        category="家政",
        minutes=180,
        attributes={"radius_km": 12, "bring": "一把梯子（如有）"},
    ),
    _service(
        WULIN,
        "敏感肌护理",
        "先做皮肤检测，不适合就不做、不收费。",
        "298",
        "room",
        category="美容",
        minutes=90,
    ),
    _service(
        BINJIANG,
        "上门换锁芯",
        "C 级锁芯，公安备案师傅。夜里也来。",
        "180",
        "window",
        category="维修",
        minutes=45,
        attributes={"radius_km": 15, "bring": "房本或租房合同"},
    ),
    _service(
        CHENGZHAN,
        "换药与拆线",
        "带上出院小结，先到先看。",
        "40",
        "first_aid",
        category="医疗",
        minutes=30,
    ),
)
LISTINGS = (*COURSES, *HOUSES, *BOARDING, *SERVICES)
