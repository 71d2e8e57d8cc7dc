"""All that the demo offers: its courses, houses and boarding places, and forty services."""

from typing import Any

from .home_services import HOME_SERVICES
from .houses import HOUSES
from .listings import COURSES, DemoListing
from .sitters import PLACES
from .stores import BINJIANG, CHENGZHAN, WENSAN, WULIN


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
LISTINGS = (*COURSES, *HOUSES, *BOARDING, *PLACES, *SERVICES, *HOME_SERVICES)
