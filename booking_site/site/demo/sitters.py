"""Ten sitters of the demo, who take pets into their homes, and the store behind them."""

from dataclasses import dataclass
from typing import Any

from .listings import DemoListing
from .people import SITTER
from .stores import DemoRealtor, DemoStore

SKILLS = ("家政",)


@dataclass(frozen=True)
class Sitter:
    """One line of the table below. ``where``: address, latitude, longitude; ``takes``: species and
    sizes."""

    name: str
    bio: str
    title: str
    words: str
    price: str
    units: int
    where: tuple[str, str, str]
    takes: tuple[tuple[str, ...], tuple[str, ...]]
    scene: str
    deposit: int = 100
    asks: bool = False
    vaccinated: bool = True

    @property
    def realtor(self) -> DemoRealtor:
        return DemoRealtor(self.name, SKILLS, self.bio)

    @property
    def listing(self) -> DemoListing:
        address, latitude, longitude = self.where
        species, sizes = self.takes
        attributes: dict[str, Any] = {
            "species": list(species),
            "vaccination_needed": self.vaccinated,
            "check_in_hour": 14,
            "check_out_hour": 12,
        }
        if sizes:
            attributes["sizes"] = list(sizes)
        return DemoListing(
            MAOMAO,
            "boarding",
            self.title,
            self.words,
            self.price,
            self.scene,
            self.name,
            unit="night",
            capacity=self.units,
            category="家政",
            tags=("寄养",),
            attributes=attributes,
            more={
                "address": f"杭州市{address}",
                "latitude": latitude,
                "longitude": longitude,
                "deposit_percent": self.deposit,
                "needs_approval": self.asks,
                "fee_steps": [[2880, 20], [1440, 50]],
            },
        )


DOG, CAT, DOG_AND_CAT = ("dog",), ("cat",), ("dog", "cat")
SMALL, UP_TO_MEDIUM, ANY_SIZE = (
    ("small",),
    ("small", "medium"),
    ("small", "medium", "large"),
)

TABLE = (
    Sitter(
        SITTER.name,
        "养猫十二年，学过宠物护理。不笼养，每天两段视频。",
        "小满家 · 猫咪不笼养",
        "一猫一间，有窗台和爬架。怕生的先躲两天也没关系，我会坐在旁边看书。",
        "88",
        4,
        ("西湖区文一西路 522 号", "30.287900", "120.098700"),
        (CAT, UP_TO_MEDIUM),
        "cat_home",
        deposit=30,
    ),
    Sitter(
        "何嘉树",
        "退役训犬员，家里有院子。",
        "嘉树的院子 · 大狗也欢迎",
        "八十平的院子，一天遛三次。先来见一面，合得来再住。",
        "128",
        3,
        ("西湖区留和路 139 号", "30.226900", "120.043800"),
        (DOG, ANY_SIZE),
        "dog_home",
        asks=True,
    ),
    Sitter(
        "许念慈",
        "兽医助理，会喂药、打针。",
        "念慈家 · 老年猫狗护理",
        "吃药、打针、换药都能做，每天记录饮食和精神，离家再久也放心。",
        "158",
        2,
        ("拱墅区莫干山路 788 号", "30.299800", "120.127900"),
        (DOG_AND_CAT, UP_TO_MEDIUM),
        "grey_cat_home",
    ),
    Sitter(
        "丁一鸣",
        "大学老师，寒暑假全天在家。",
        "一鸣家 · 兔子与鸟的安静北屋",
        "自带笼子，草料按您的单子喂，屋里不开空调直吹。",
        "45",
        6,
        ("西湖区文二路 328 号", "30.286300", "120.131800"),
        (("rabbit", "bird"), ()),
        "rabbit_home",
        deposit=0,
        vaccinated=False,
    ),
    Sitter(
        "骆小北",
        "自由插画师，白天都在家。",
        "小北家 · 小型犬当家犬养",
        "跟着人睡沙发也可以。每天发一张画给您，不只是照片。",
        "98",
        2,
        ("上城区凤起东路 18 号", "30.262700", "120.199800"),
        (DOG, SMALL),
        "white_dog_home",
        deposit=50,
    ),
    Sitter(
        "郁青青",
        "救助站义工，怕生的猫也慢慢来。",
        "青青家 · 三只猫一间",
        "家里有两只原住民，都打过疫苗。适合爱社交的猫。",
        "68",
        3,
        ("拱墅区大兜路 166 号", "30.297600", "120.145600"),
        (CAT, ()),
        "cat_home",
        deposit=0,
    ),
    Sitter(
        "万海波",
        "夫妻俩都喜欢狗，住在江边。",
        "海波家 · 江边跑步搭子",
        "精力旺盛的狗请来找我们，早晚各五公里。",
        "110",
        2,
        ("滨江区闻涛路 918 号", "30.210900", "120.190300"),
        (DOG, ANY_SIZE),
        "dog_home",
        deposit=30,
        asks=True,
    ),
    Sitter(
        "苏禾",
        "宠物医院前台，熟悉各种证件。",
        "苏禾家 · 猫狗分开住",
        "两间房，猫狗不见面。接送可以谈。",
        "92",
        4,
        ("上城区秋涛北路 72 号", "30.266800", "120.190100"),
        (DOG_AND_CAT, UP_TO_MEDIUM),
        "white_dog_home",
    ),
    Sitter(
        "纪南星",
        "夜班护士，白天陪玩晚上有家人。",
        "南星家 · 短住一晚也行",
        "临时出差、搬家，一晚也收。请带它用惯的垫子。",
        "76",
        3,
        ("西湖区古翠路 76 号", "30.281200", "120.120700"),
        (DOG_AND_CAT, SMALL),
        "grey_cat_home",
        deposit=0,
    ),
    Sitter(
        "倪奶奶",
        "退休了，家里总要有个会喘气的。",
        "倪奶奶家 · 什么小动物都行",
        "仓鼠、乌龟、兔子、鸟都养过。狗太大我牵不动。",
        "39",
        5,
        ("上城区馒头山路 41 号", "30.229400", "120.170600"),
        (("rabbit", "bird", "cat", "other"), SMALL),
        "rabbit_home",
        deposit=0,
        vaccinated=False,
    ),
)

MAOMAO = DemoStore(
    slug="maomao-chengxi",
    name="毛毛寄养 · 城西",
    description="十位寄养人，住在自己家里。先见面，再托付。",
    address="杭州市西湖区文一西路 522 号 1 幢",
    phone="0571-88992610",
    latitude="30.287900",
    longitude="120.098700",
    week=(("0-6", "09:00-20:00"),),
    realtors=tuple(sitter.realtor for sitter in TABLE),
    policy={
        "cancel_cutoff_minutes": 0,
        # Here a place is kept unpaid for half a day, so that there is one to look at.
        "payment_minutes": 720,
    },
)
PLACES = tuple(sitter.listing for sitter in TABLE)
