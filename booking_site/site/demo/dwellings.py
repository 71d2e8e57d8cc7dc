"""Pictures of the demo's houses and sitters' homes, drawn by the project itself: one hand, several
colours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import ImageDraw

from .drawing import CLAY, GOLD, MINT, NIGHT, PINE, SAND, WHITE

Pen = ImageDraw.ImageDraw
WOOD, SKY, DUSK, GLASS = "#c79a63", "#cfe6f2", "#2b4257", "#9cc4d4"


@dataclass(frozen=True)
class Colours:
    """Of the wall, of what stands before it, and of what shines."""

    wall: str
    thing: str
    light: str


def _tower(pen: Pen, colours: Colours, *, floors: int, evening: bool) -> None:
    pen.rectangle((0, 0, 1200, 900), fill=DUSK if evening else SKY)
    pen.ellipse((900, 80, 1040, 220), fill="#f6e7b0" if evening else GOLD)
    pen.rectangle((0, 780, 1200, 900), fill="#7d9a84")
    top = 780 - 90 * floors
    pen.rectangle((330, top, 830, 790), fill=colours.wall)
    pen.rectangle((300, top - 24, 860, top), fill=colours.thing)
    for floor in range(floors):
        for column in range(4):
            left, upper = 366 + 114 * column, top + 20 + 90 * floor
            lit = evening and (floor * 3 + column) % 2
            shade = colours.light if lit else (NIGHT if evening else GLASS)
            pen.rounded_rectangle((left, upper, left + 80, upper + 52), 8, fill=shade)
    pen.rounded_rectangle((540, 710, 620, 790), 20, fill=colours.thing)
    for left, high in ((90, 170), (190, 120), (940, 150), (1060, 190)):
        pen.rectangle((left + 34, 700, left + 50, 790), fill="#6b4a2b")
        pen.ellipse((left, 720 - high, left + 84, 730), fill=PINE)


def _lane(pen: Pen, colours: Colours) -> None:
    pen.rectangle((0, 0, 1200, 620), fill=SKY)
    pen.rectangle((0, 620, 1200, 900), fill="#cbbfae")
    for left, top, wide in ((40, 240, 340), (420, 180, 360), (820, 270, 340)):
        pen.rectangle((left, top, left + wide, 680), fill=WHITE if left == 420 else colours.wall)
        roof = ((left - 30, top), (left + wide // 2, top - 110), (left + wide + 30, top))
        pen.polygon(roof, fill=colours.thing)
        for place in (50, wide - 130):
            pen.rectangle((left + place, top + 70, left + place + 80, top + 160), fill=MINT)
        door = (left + wide // 2 - 45, 530, left + wide // 2 + 45, 680)
        pen.rounded_rectangle(door, 14, fill=colours.light)
    pen.polygon(((440, 900), (760, 900), (640, 680), (560, 680)), fill="#e7ddcc")


def _parlour(pen: Pen, colours: Colours) -> None:
    pen.rectangle((0, 0, 1200, 640), fill=colours.wall)
    pen.rectangle((0, 640, 1200, 900), fill=WOOD)
    pen.rectangle((110, 110, 560, 520), fill=SKY, outline=WHITE, width=16)
    pen.line((335, 110, 335, 520), fill=WHITE, width=12)
    pen.ellipse((150, 380, 320, 560), fill=PINE)
    pen.rounded_rectangle((600, 460, 1140, 720), 60, fill=colours.thing)
    pen.rounded_rectangle((560, 560, 1180, 760), 60, fill=colours.thing)
    for left in (640, 880):
        pen.rounded_rectangle((left, 500, left + 200, 640), 40, fill=colours.light)
    pen.line((980, 0, 980, 200), fill=NIGHT, width=8)
    pen.polygon(((900, 290), (1060, 290), (1020, 190), (940, 190)), fill=colours.light)
    pen.ellipse((260, 730, 760, 860), fill=SAND)


def _bedroom(pen: Pen, colours: Colours) -> None:
    pen.rectangle((0, 0, 1200, 660), fill=colours.wall)
    pen.rectangle((0, 660, 1200, 900), fill=WOOD)
    pen.rounded_rectangle((260, 300, 940, 640), 40, fill="#8a5a34")
    pen.rounded_rectangle((220, 520, 980, 800), 50, fill=WHITE)
    pen.rounded_rectangle((220, 620, 980, 820), 50, fill=colours.thing)
    for left in (320, 640):
        pen.rounded_rectangle((left, 470, left + 240, 580), 46, fill=SAND)
    pen.rectangle((1010, 560, 1140, 780), fill="#8a5a34")
    pen.polygon(((1020, 540), (1130, 540), (1105, 430), (1045, 430)), fill=colours.light)
    pen.rectangle((430, 90, 770, 250), fill=SKY, outline=WHITE, width=14)
    pen.polygon(((450, 236), (560, 140), (640, 236)), fill=PINE)


def _kitchen(pen: Pen, colours: Colours) -> None:
    pen.rectangle((0, 0, 1200, 560), fill=colours.wall)
    pen.rectangle((0, 560, 1200, 900), fill="#d9cdb8")
    pen.rectangle((60, 90, 700, 250), fill=colours.thing)
    for left in (270, 480):
        pen.line((left, 90, left, 250), fill=colours.wall, width=8)
    pen.rectangle((40, 480, 760, 520), fill=NIGHT)
    pen.rectangle((60, 520, 740, 800), fill=colours.thing)
    pen.rounded_rectangle((140, 400, 260, 480), 16, fill=CLAY)
    pen.ellipse((820, 560, 1160, 640), fill=WOOD)
    pen.rectangle((970, 620, 1010, 830), fill="#8a5a34")
    for left in (830, 1070):
        pen.rounded_rectangle((left, 690, left + 80, 840), 20, fill=colours.light)
    pen.line((990, 0, 990, 220), fill=NIGHT, width=8)
    pen.pieslice((880, 200, 1100, 380), 180, 360, fill=colours.light)


def _basket(pen: Pen, coat: str, ears: str, *, wall: str) -> None:
    """A pet asleep in its basket: ``ears`` pointed, hanging or long."""
    pen.rectangle((0, 0, 1200, 600), fill=wall)
    pen.rectangle((0, 600, 1200, 900), fill=WOOD)
    pen.rectangle((780, 90, 1090, 400), fill=SKY, outline=WHITE, width=16)
    pen.rounded_rectangle((220, 500, 960, 820), 130, fill=CLAY)
    pen.ellipse((280, 520, 900, 720), fill=SAND)
    pen.ellipse((400, 420, 860, 690), fill=coat)
    pen.ellipse((300, 400, 500, 590), fill=coat)
    if ears == "pointed":
        pen.polygon(((315, 440), (330, 330), (400, 410)), fill=coat)
        pen.polygon(((400, 410), (475, 330), (485, 440)), fill=coat)
    elif ears == "long":
        pen.ellipse((330, 220, 390, 440), fill=coat)
        pen.ellipse((410, 220, 470, 440), fill=coat)
    else:
        pen.ellipse((285, 420, 345, 580), fill="#6b4a2b")
        pen.ellipse((455, 420, 515, 580), fill="#6b4a2b")
    for left in (350, 420):
        pen.arc((left, 480, left + 40, 512), 20, 160, fill=NIGHT, width=7)
    pen.ellipse((388, 520, 414, 542), fill=NIGHT)
    pen.ellipse((1000, 720, 1160, 800), fill=PINE)


WARM = Colours("#f3e0c4", CLAY, GOLD)
COOL = Colours("#dfeaf0", "#3d6f8e", "#f6e7b0")
GREEN = Colours(MINT, PINE, GOLD)
ROSE = Colours("#f3dcd6", "#a8533b", "#f6e7b0")

DWELLINGS: dict[str, Callable[[Pen], None]] = {
    "tower": partial(_tower, colours=WARM, floors=7, evening=False),
    "tower_evening": partial(_tower, colours=COOL, floors=7, evening=True),
    "block": partial(_tower, colours=GREEN, floors=4, evening=False),
    "lane": partial(_lane, colours=ROSE),
    "lane_green": partial(_lane, colours=GREEN),
    "parlour": partial(_parlour, colours=WARM),
    "parlour_cool": partial(_parlour, colours=COOL),
    "bedroom": partial(_bedroom, colours=ROSE),
    "bedroom_green": partial(_bedroom, colours=GREEN),
    "kitchen": partial(_kitchen, colours=COOL),
    "cat_home": partial(_basket, coat="#e0913f", ears="pointed", wall="#f7ecd9"),
    "grey_cat_home": partial(_basket, coat="#8b97a0", ears="pointed", wall=MINT),
    "dog_home": partial(_basket, coat="#b57a45", ears="hanging", wall="#dfeaf0"),
    "white_dog_home": partial(_basket, coat="#f4efe6", ears="hanging", wall="#f3dcd6"),
    "rabbit_home": partial(_basket, coat="#f4efe6", ears="long", wall="#e2eef5"),
}
