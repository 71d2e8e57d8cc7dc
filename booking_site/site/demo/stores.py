"""Six stores of Hangzhou. Hours: (days, intervals), Monday being 0; ``00:00-00:00`` is all day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Week = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DemoRealtor:
    """No ``work`` means whenever the store is open. ``away``: (days from now, days) of time off."""

    name: str
    skills: tuple[str, ...]
    bio: str = ""
    work: Week = ()
    breaks: Week = ()
    max_per_day: int | None = None
    away: tuple[int, int] | None = None


@dataclass(frozen=True)
class DemoStore:
    """``holiday`` and ``special`` are the intervals of that day, empty for closed; a store with
    None keeps its ordinary hours. ``special``: (days from now, note, intervals)."""

    slug: str
    name: str
    description: str
    address: str
    phone: str
    latitude: str
    longitude: str
    week: Week
    realtors: tuple[DemoRealtor, ...]
    holiday: str | None = None
    special: tuple[int, str, str] | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)


HUBIN = DemoStore(
    slug="anju-hubin",
    name="安居置业 · 湖滨店",
    description="西湖边的二手房与租房顾问。先聊清楚需求，再陪您看房，不催不推。",
    address="杭州市上城区湖滨路 28 号 1 楼",
    phone="0571-87062801",
    latitude="30.256480",
    longitude="120.163560",
    week=(("0-4", "09:00-12:00 13:30-18:30"), ("5-6", "10:00-17:00")),
    holiday="",
    special=(5, "下午全员培训，提早打烊", "09:00-12:00 13:30-16:00"),
    realtors=(
        DemoRealtor("林晓彤", ("其他",), "八年二手房经验，熟悉湖滨、涌金一带学区。"),
        DemoRealtor("周志远", ("其他",), "租房与短租，能用英语沟通。", max_per_day=6),
        DemoRealtor(
            "陈雨桐", ("其他",), "新房与公寓顾问。", work=(("1-6", "10:00-12:00 13:30-18:30"),)
        ),
        DemoRealtor(
            "吴建国", ("其他",), "二十年老杭州，懂房也懂街坊。", work=(("0-4", "09:00-18:30"),)
        ),
        DemoRealtor("沈佳怡", ("其他",), "贷款与过户手续。", away=(2, 2)),
        DemoRealtor("徐明", ("其他",), work=(("2-6", "09:00-18:30"),)),
    ),
)

WULIN = DemoStore(
    slug="qinghe-wulin",
    name="清禾美学 · 武林店",
    description="皮肤管理、美甲与发型。一人一室，预约即确认，到店不用等。",
    address="杭州市拱墅区武林路 261 号",
    phone="0571-85171260",
    latitude="30.270930",
    longitude="120.160240",
    week=(("1-6", "10:00-21:00"),),
    holiday="12:00-18:00",
    policy={"auto_confirm": True, "buffer_after_minutes": 10},
    realtors=(
        DemoRealtor(
            "苏婉清", ("美容",), "皮肤管理师，敏感肌护理。", breaks=(("1-6", "14:00-14:45"),)
        ),
        DemoRealtor("顾念", ("美容",), "日式美甲与手部护理。", breaks=(("1-6", "13:00-13:45"),)),
        DemoRealtor("江若溪", ("美容",), "剪发与染发，擅长短发。", work=(("1-4", "12:00-21:00"),)),
        DemoRealtor("白露", ("美容",), "化妆与造型。", work=(("4-6", "10:00-21:00"),)),
        DemoRealtor("夏晴", ("美容",), "新人特惠，耐心细致。", away=(4, 1)),
    ),
)

WENSAN = DemoStore(
    slug="jiaan-wensan",
    name="家安到家 · 文三店",
    description="保洁、收纳、月嫂面谈。阿姨统一体检与背景核查，先面谈再签约。",
    address="杭州市西湖区文三路 398 号东信大厦 2 楼",
    phone="0571-88213390",
    latitude="30.278640",
    longitude="120.129480",
    week=(("0-6", "08:00-20:00"),),
    holiday="10:00-16:00",
    policy={
        "default_duration_minutes": 120,
        "buffer_before_minutes": 15,
        "buffer_after_minutes": 15,
        "cancel_cutoff_minutes": 60,
        "reschedule_cutoff_minutes": 120,
        # Here a place is kept unpaid for half a day, so that there is one to look at.
        "payment_minutes": 720,
    },
    realtors=(
        DemoRealtor("方秀英", ("家政",), "深度保洁十年。", breaks=(("0-6", "12:00-13:00"),)),
        DemoRealtor("何桂香", ("家政",), "月嫂，持高级证书。", work=(("0-4", "08:00-18:00"),)),
        DemoRealtor("卢小燕", ("家政",), "整理收纳师。", breaks=(("0-6", "12:30-13:30"),)),
        DemoRealtor("石磊", ("家政", "配送"), "搬家与大件。", work=(("0-5", "08:00-17:00"),)),
        DemoRealtor("戴玉兰", ("家政",), "家常菜与老人陪护。", away=(3, 3)),
        DemoRealtor("龚丽", ("家政",), "保洁，养猫家庭友好。", work=(("1-6", "10:00-20:00"),)),
        DemoRealtor("汪大成", ("家政", "维修"), "家电清洗。", breaks=(("0-6", "11:30-12:30"),)),
        DemoRealtor("阮氏芳", ("家政",), work=(("5-6", "08:00-20:00"),), max_per_day=4),
    ),
)

BINJIANG = DemoStore(
    slug="qiaojiang-binjiang",
    name="巧匠维修 · 滨江夜间店",
    description="水电、门锁、手机与电脑。下班以后也修，周末到凌晨两点。",
    address="杭州市滨江区江南大道 588 号恒鑫大厦底商",
    phone="0571-86690588",
    latitude="30.208910",
    longitude="120.212060",
    week=(("0-3", "10:00-14:00 16:00-01:00"), ("4-5", "10:00-02:00"), ("6", "10:00-01:00")),
    holiday="16:00-01:00",
    realtors=(
        DemoRealtor("雷鸣", ("维修",), "手机与平板，多数当场修。", work=(("0-6", "10:00-20:00"),)),
        DemoRealtor("孔令辉", ("维修",), "电脑与数据恢复。", work=(("0-6", "10:00-22:00"),)),
        DemoRealtor("秦勇", ("维修",), "开锁换锁，公安备案。", work=(("0-6", "16:00-02:00"),)),
        DemoRealtor("尤刚", ("维修", "其他"), "水电急修。", work=(("0-6", "18:00-02:00"),)),
    ),
)

CHENGZHAN = DemoStore(
    slug="renhe-chengzhan",
    name="仁和健康 · 城站 24 小时门诊",
    description="全天候全科门诊、换药与疫苗咨询。半夜发烧也有人看。",
    address="杭州市上城区江城路 889 号",
    phone="0571-87808899",
    latitude="30.245250",
    longitude="120.183270",
    week=(("0-6", "00:00-00:00"),),
    policy={"default_duration_minutes": 30, "min_advance_minutes": 15, "max_advance_days": 14},
    realtors=(
        DemoRealtor("钱卫东", ("医疗",), "全科主治医师。", work=(("0-4", "08:00-17:00"),)),
        DemoRealtor("范丽萍", ("医疗",), "儿科，说话慢，有耐心。", work=(("0-6", "08:00-16:00"),)),
        DemoRealtor("金鑫", ("医疗",), "外伤处理与换药。", work=(("0-6", "14:00-22:00"),)),
        DemoRealtor("陶然", ("医疗",), "皮肤科。", work=(("2-6", "12:00-20:00"),)),
        DemoRealtor("姜海", ("医疗",), "夜间全科。", work=(("0-6", "20:00-08:00"),)),
        DemoRealtor("倪晓东", ("医疗",), "夜间全科。", work=(("0-6", "22:00-10:00"),)),
    ),
)

QIANJIANG = DemoStore(
    slug="zhixing-qianjiang",
    name="知行教育 · 钱江新城店",
    description="一对一学业规划与试听：数学、英语、钢琴、编程。先评测，再排课。",
    address="杭州市上城区富春路 701 号万银大厦 5 楼",
    phone="0571-86980701",
    latitude="30.244380",
    longitude="120.211450",
    week=(
        ("0-1", "14:00-21:00"),
        ("3-4", "14:00-21:00"),
        ("5-6", "09:00-12:00 13:00-20:30"),
    ),
    holiday="",
    policy={"default_duration_minutes": 90},
    realtors=(
        DemoRealtor("孟老师", ("教育",), "初高中数学，爱讲错题。"),
        DemoRealtor("Grace 叶", ("教育",), "英语口语，海归硕士。", work=(("3-6", "09:00-21:00"),)),
        DemoRealtor("宁远", ("教育",), "少儿编程。", work=(("5-6", "09:00-20:30"),)),
        DemoRealtor("康乐", ("教育",), "钢琴一级至十级。", breaks=(("5-6", "17:00-17:30"),)),
        DemoRealtor("施展", ("教育",), "升学规划。", away=(6, 2)),
    ),
)

STORES = (HUBIN, WULIN, WENSAN, BINJIANG, CHENGZHAN, QIANJIANG)
CITY = "杭州"
# By their names in the first data of `stores`; the short names serve where that has not run.
CATEGORIES = {
    "家政": "housekeeping",
    "维修": "repair",
    "配送": "delivery",
    "教育": "education",
    "医疗": "medical",
    "美容": "beauty",
    "其他": "other",
}
