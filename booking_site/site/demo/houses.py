"""Thirty houses of the demo, in seven districts around the lake."""

from dataclasses import dataclass

from .listings import DemoListing
from .stores import HUBIN

OWN = "林晓彤"
# Whoever of the store is free shows it.
ANYBODY = ""
LONG_VIEWING = 45


@dataclass(frozen=True)
class House:
    """One line of the table below. ``where``: district, address, latitude, longitude; ``flat``:
    rooms, square metres, floor."""

    title: str
    words: str
    price: str
    where: tuple[str, str, str, str]
    flat: tuple[int, int, int]
    host: str
    scene: str
    tags: tuple[str, ...] = ()
    furnished: bool = False
    lift: bool = False

    @property
    def listing(self) -> DemoListing:
        district, address, latitude, longitude = self.where
        rooms, area, floor = self.flat
        return DemoListing(
            HUBIN,
            "house",
            self.title,
            self.words,
            self.price,
            self.scene,
            self.host,
            unit="month",
            minutes=LONG_VIEWING if rooms > 3 else 30,
            tags=self.tags,
            attributes={
                "rooms": rooms,
                "area": area,
                "district": district,
                "floor": floor,
                "furnished": self.furnished,
                "lift": self.lift,
            },
            more={"address": f"杭州市{address}", "latitude": latitude, "longitude": longitude},
        )


SOUTH_FACING = "龙翔桥朝南两室 · 近地铁"
LAKE_VIEW = "涌金门湖景一室"
SCHOOL = "清泰街学区三室"
COURTYARD = "小河直街老宅 · 两层带天井"
RIVERSIDE = "滨江一线江景三室"
AGENCY = "庆春东路整租两室 · 随时可看"

TABLE = (
    House(
        SOUTH_FACING,
        "A 口出来走四分钟，客厅和主卧都朝南，书房临街。房东同意养猫。",
        "6900",
        ("湖滨", "上城区延安路 255 号", "30.252300", "120.163900"),
        (2, 78, 5),
        OWN,
        "parlour",
        ("近地铁", "可养宠物"),
        furnished=True,
    ),
    House(
        LAKE_VIEW,
        "推窗看得见湖面一角，适合一个人住。楼下就是公交站。",
        "5200",
        ("湖滨", "上城区南山路 129 号", "30.243800", "120.158300"),
        (1, 46, 11),
        "周志远",
        "window",
        ("湖景",),
        lift=True,
    ),
    House(
        SCHOOL,
        "走路七分钟到小学，三室两卫，带一个能放自行车的院子。",
        "9800",
        ("清泰", "上城区清泰街 330 号", "30.248100", "120.180200"),
        (3, 112, 1),
        "陈雨桐",
        "street",
        ("学区", "带院子"),
        furnished=True,
    ),
    House(
        "东新园合租单间",
        "四室里的一间，另外三位都上班。公共区域每周有人打扫。",
        "1980",
        ("东新", "拱墅区东新路 888 号", "30.305600", "120.173100"),
        (1, 14, 8),
        "吴建国",
        "room",
        ("合租",),
        lift=True,
    ),
    House(
        "平海路两室 · 书房朝院子",
        "闹中取静，院子里有一棵桂花。可以半年起租。",
        "6500",
        ("湖滨", "上城区平海路 61 号", "30.256900", "120.167800"),
        (2, 71, 3),
        OWN,
        "bedroom_green",
        ("可短租",),
        furnished=True,
    ),
    House(
        "吴山脚下一室 · 推门见山",
        "二楼，早上能听见鸟叫。厨房去年翻新过。",
        "4300",
        ("清波", "上城区四宜路 12 号", "30.238600", "120.165900"),
        (1, 42, 2),
        OWN,
        "lane_green",
        ("近地铁",),
    ),
    House(
        "河坊街小复式",
        "楼下客厅楼上卧室，挑高四米二，一个人住很宽敞。",
        "5600",
        ("清波", "上城区高银街 88 号", "30.241200", "120.169800"),
        (1, 55, 3),
        "周志远",
        "parlour_cool",
        furnished=True,
    ),
    House(
        "定安路电梯三室",
        "地铁口 200 米，三间都带窗，主卧有衣帽间。",
        "9200",
        ("清波", "上城区定安路 120 号", "30.244900", "120.168900"),
        (3, 108, 14),
        "陈雨桐",
        "tower",
        ("近地铁",),
        lift=True,
    ),
    House(
        AGENCY,
        "钥匙在店里，哪位顾问有空都能带您看。家电齐全，拎包入住。",
        "5800",
        ("清泰", "上城区庆春东路 38 号", "30.259800", "120.196300"),
        (2, 83, 9),
        ANYBODY,
        "tower_evening",
        ("整租", "随时可看"),
        furnished=True,
        lift=True,
    ),
    House(
        "城站旁一室 · 出差方便",
        "走路五分钟到火车站，隔音窗，晚上不吵。",
        "3900",
        ("清泰", "上城区江城路 801 号", "30.246900", "120.181200"),
        (1, 38, 6),
        "吴建国",
        "bedroom",
        furnished=True,
        lift=True,
    ),
    House(
        "近江三室 · 步行到江边",
        "晚上能去江边跑步。朝南两间，北边一间做书房。",
        "8300",
        ("望江", "上城区望江东路 332 号", "30.237800", "120.199500"),
        (3, 101, 17),
        "陈雨桐",
        "kitchen",
        ("近地铁",),
        lift=True,
    ),
    House(
        "望江新城两室精装",
        "刚装修完通风半年，第一次出租。",
        "6200",
        ("望江", "上城区秋涛路 178 号", "30.234400", "120.190800"),
        (2, 76, 12),
        OWN,
        "parlour_cool",
        ("首次出租",),
        furnished=True,
        lift=True,
    ),
    House(
        "钱江新城一室公寓",
        "民水民电，楼下就是商场，适合在 CBD 上班的您。",
        "4900",
        ("钱江新城", "上城区富春路 290 号", "30.246100", "120.213600"),
        (1, 52, 21),
        "周志远",
        "tower_evening",
        ("近地铁", "民水民电"),
        furnished=True,
        lift=True,
    ),
    House(
        "市民中心四室 · 一梯两户",
        "四室两厅三卫，带保姆间，车位可以谈。",
        "16800",
        ("钱江新城", "上城区解放东路 18 号", "30.250300", "120.209200"),
        (4, 168, 19),
        "陈雨桐",
        "tower",
        ("带车位",),
        lift=True,
    ),
    House(
        "四季青两室 · 有大露台",
        "顶楼，露台二十平，可以种花。有电梯到倒数第二层。",
        "6100",
        ("钱江新城", "上城区景昙路 39 号", "30.261400", "120.204700"),
        (2, 80, 6),
        "吴建国",
        "block",
        ("露台",),
    ),
    House(
        COURTYARD,
        "木楼梯，天井里有口井。适合喜欢老房子的您。",
        "7500",
        ("拱宸桥", "拱墅区小河路 488 号", "30.313900", "120.137100"),
        (3, 96, 1),
        OWN,
        "lane",
        ("老宅", "带院子"),
    ),
    House(
        "拱宸桥西一室",
        "出门就是运河，晨跑路线现成的。",
        "3300",
        ("拱宸桥", "拱墅区桥弄街 25 号", "30.319800", "120.137900"),
        (1, 40, 4),
        "吴建国",
        "window",
    ),
    House(
        "大关苑西两室",
        "南北通透，小区里有幼儿园。",
        "4200",
        ("拱宸桥", "拱墅区大关路 77 号", "30.306200", "120.149800"),
        (2, 65, 3),
        "徐明",
        "bedroom",
        ("学区",),
    ),
    House(
        "东新路整租两室",
        "公交首末站旁，早高峰也有座。",
        "4500",
        ("东新", "拱墅区东新路 533 号", "30.296900", "120.173900"),
        (2, 70, 10),
        "徐明",
        "kitchen",
        lift=True,
    ),
    House(
        "武林广场一室 · 夜景",
        "二十三楼，晚上不拉窗帘就很好看。",
        "5900",
        ("武林", "拱墅区环城北路 208 号", "30.274300", "120.166200"),
        (1, 49, 23),
        "周志远",
        "tower_evening",
        ("近地铁", "夜景"),
        furnished=True,
        lift=True,
    ),
    House(
        "体育场路三室两卫",
        "老小区，树多，三间都能放下双人床。",
        "7800",
        ("武林", "拱墅区体育场路 221 号", "30.267800", "120.171400"),
        (3, 98, 4),
        OWN,
        "block",
        ("学区",),
    ),
    House(
        "朝晖合租主卧 · 带阳台",
        "三室里的主卧，室友是两位护士。",
        "2300",
        ("武林", "拱墅区朝晖路 168 号", "30.279300", "120.170800"),
        (1, 19, 5),
        "徐明",
        "bedroom_green",
        ("合租",),
    ),
    House(
        "文二路两室 · 近学院",
        "走路到图书馆，楼下有打印店和面馆。",
        "5300",
        ("文教", "西湖区文二路 391 号", "30.285800", "120.127300"),
        (2, 68, 5),
        "徐明",
        "parlour",
        ("可短租",),
        furnished=True,
    ),
    House(
        "翠苑一室 · 安静朝北",
        "上夜班的租客住了三年，刚搬走。",
        "3100",
        ("文教", "西湖区翠苑二区 14 幢", "30.287700", "120.122800"),
        (1, 36, 4),
        "吴建国",
        "bedroom",
    ),
    House(
        "古荡三室 · 湿地旁",
        "周末走路去西溪湿地。小区能停电动车。",
        "7200",
        ("文教", "西湖区古墩路 83 号", "30.278800", "120.112900"),
        (3, 103, 8),
        "陈雨桐",
        "lane_green",
        lift=True,
    ),
    House(
        "黄龙两室 · 步行看球",
        "比赛日热闹，平时安静。双地铁。",
        "6800",
        ("文教", "西湖区曙光路 71 号", "30.267100", "120.132900"),
        (2, 74, 6),
        "周志远",
        "block",
        ("近地铁",),
        furnished=True,
    ),
    House(
        RIVERSIDE,
        "客厅整面落地窗对着江，夏天傍晚最好看。",
        "11800",
        ("滨江", "滨江区闻涛路 1399 号", "30.213600", "120.206900"),
        (3, 126, 22),
        OWN,
        "tower",
        ("江景", "带车位"),
        furnished=True,
        lift=True,
    ),
    House(
        "江南大道一室 · 互联网园区旁",
        "骑车八分钟到园区，加班回家也不怕。",
        "4100",
        ("滨江", "滨江区江南大道 480 号", "30.207300", "120.205100"),
        (1, 45, 15),
        "周志远",
        "parlour_cool",
        ("近地铁",),
        furnished=True,
        lift=True,
    ),
    House(
        "长河老街带院小屋",
        "一层平房，院子能晒被子，房东住隔壁，人很和气。",
        "3600",
        ("滨江", "滨江区长河街 19 号", "30.190900", "120.193700"),
        (2, 60, 1),
        "吴建国",
        "lane",
        ("带院子", "可养宠物"),
    ),
    House(
        "浦沿四室 · 三代同住",
        "两间朝南带卫，老人房在一楼，不用爬楼。",
        "8900",
        ("滨江", "滨江区浦沿路 350 号", "30.178600", "120.158900"),
        (4, 143, 1),
        "陈雨桐",
        "kitchen",
        ("带院子",),
    ),
)
HOUSES = tuple(house.listing for house in TABLE)
