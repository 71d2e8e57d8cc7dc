"""Pictures of the demo's listings, drawn by the project itself like those of its reviews."""

from collections.abc import Callable

from PIL import ImageDraw

from .drawing import CLAY, GOLD, MINT, NIGHT, PINE, SAND, WHITE, drawn, photos
from .dwellings import DWELLINGS
from .trades import TRADES

Pen = ImageDraw.ImageDraw
PHOTOS = ("room", "street", "table", "window")


def scene(name: str) -> bytes:
    """PNG. Raises KeyError for one that nobody has drawn."""
    if name in PHOTOS:
        return photos()[PHOTOS.index(name)]
    return drawn((SCENES | TRADES | DWELLINGS)[name])


def _floor(pen: Pen, wall: str, floor: str) -> None:
    pen.rectangle((0, 0, 1200, 620), fill=wall)
    pen.rectangle((0, 620, 1200, 900), fill=floor)


def _piano(pen: Pen) -> None:
    _floor(pen, "#f6e6c8", "#7a4b2a")
    pen.rounded_rectangle((180, 180, 1020, 560), 40, fill=NIGHT)
    pen.polygon(((420, 300), (780, 300), (760, 470), (440, 470)), fill=WHITE)
    for line in range(5):
        pen.line((460, 330 + 26 * line, 740, 330 + 26 * line), fill="#9aaba2", width=5)
    pen.rectangle((140, 560, 1060, 740), fill=WHITE, outline=NIGHT, width=12)
    for key in range(14):
        left = 140 + 65 * key
        pen.line((left, 560, left, 740), fill=NIGHT, width=6)
        if key % 7 not in (0, 3):
            pen.rectangle((left - 20, 560, left + 20, 670), fill=NIGHT)


def _english(pen: Pen) -> None:
    _floor(pen, "#cfe6f2", "#e8c98f")
    pen.rectangle((0, 0, 150, 700), fill=CLAY)
    pen.rectangle((1050, 0, 1200, 700), fill=CLAY)
    pen.rounded_rectangle((220, 120, 660, 340), 60, fill=WHITE)
    pen.polygon(((340, 330), (430, 330), (330, 420)), fill=WHITE)
    pen.rounded_rectangle((600, 220, 980, 400), 60, fill=GOLD)
    pen.polygon(((820, 390), (900, 390), (900, 470)), fill=GOLD)
    for place, top in enumerate((200, 240, 280)):
        pen.line((280, top - 20, 600 - 60 * place, top - 20), fill=PINE, width=14)
    for left, colour in ((300, PINE), (520, "#3d6f8e"), (760, CLAY)):
        pen.ellipse((left + 20, 460, left + 120, 560), fill="#f0c9a0")
        pen.rounded_rectangle((left, 550, left + 140, 790), 50, fill=colour)


def _coding(pen: Pen) -> None:
    _floor(pen, "#26313f", "#1a2230")
    pen.rounded_rectangle((200, 120, 1000, 640), 30, fill="#0f1720", outline="#566579", width=14)
    blocks = (
        (CLAY, 0, 260),
        (GOLD, 40, 330),
        (PINE, 80, 240),
        ("#3d8ecf", 80, 300),
        (GOLD, 0, 200),
    )
    for row, (colour, indent, width) in enumerate(blocks):
        top = 180 + 84 * row
        pen.rounded_rectangle((260 + indent, top, 260 + indent + width, top + 60), 18, fill=colour)
    pen.ellipse((740, 260, 920, 440), fill=GOLD)
    pen.polygon(((830, 350), (940, 290), (940, 410)), fill="#0f1720")
    pen.polygon(((500, 640), (700, 640), (760, 760), (440, 760)), fill="#566579")


def _brush(pen: Pen) -> None:
    _floor(pen, SAND, "#8a5a34")
    pen.polygon(((160, 120), (860, 80), (900, 800), (180, 840)), fill=WHITE)
    for stroke in (
        (520, 180, 560, 240),
        (360, 320, 560, 310),
        (540, 310, 540, 700),
        (540, 440, 330, 640),
        (560, 440, 760, 660),
        (700, 360, 580, 450),
    ):
        pen.line(stroke, fill=NIGHT, width=44)
        for x, y in (stroke[:2], stroke[2:]):
            pen.ellipse((x - 22, y - 22, x + 22, y + 22), fill=NIGHT)
    pen.rectangle((760, 700, 840, 780), fill=CLAY)
    pen.ellipse((930, 560, 1150, 760), fill=NIGHT)
    pen.ellipse((975, 600, 1105, 720), fill="#2d3b35")
    pen.line((1130, 140, 990, 520), fill="#b57a45", width=30)
    pen.polygon(((975, 500), (1005, 512), (960, 610)), fill=NIGHT)


def _swimming(pen: Pen) -> None:
    pen.rectangle((0, 0, 1200, 260), fill="#dff1f6")
    pen.rectangle((0, 260, 1200, 900), fill="#3fa7c4")
    for lane in (420, 600, 780):
        for place in range(20):
            colour = CLAY if place % 2 else WHITE
            pen.ellipse((60 * place, lane - 14, 60 * place + 44, lane + 14), fill=colour)
    for left, top, cap in ((260, 470, GOLD), (640, 650, CLAY), (860, 330, PINE)):
        pen.ellipse((left, top, left + 110, top + 110), fill="#f0c9a0")
        pen.pieslice((left - 4, top - 8, left + 114, top + 110), 180, 360, fill=cap)
        pen.arc((left - 150, top + 40, left - 10, top + 120), 180, 340, fill=WHITE, width=16)
    for post in (80, 1060):
        pen.rectangle((post, 160, post + 60, 300), fill=NIGHT)


def _yoga(pen: Pen) -> None:
    _floor(pen, MINT, "#dcb98a")
    pen.ellipse((700, 80, 1080, 460), fill="#f6e7b0")
    pen.polygon(((140, 800), (1060, 800), (980, 700), (220, 700)), fill=PINE)
    pen.ellipse((540, 200, 660, 320), fill="#f0c9a0")
    pen.rounded_rectangle((530, 320, 670, 600), 60, fill=CLAY)
    pen.line((560, 360, 420, 520, 330, 640), fill="#f0c9a0", width=44, joint="curve")
    pen.line((640, 360, 780, 520, 870, 640), fill="#f0c9a0", width=44, joint="curve")
    pen.line((560, 610, 330, 700), fill=NIGHT, width=80)
    pen.line((640, 610, 870, 700), fill=NIGHT, width=80)
    pen.line((360, 730, 760, 700), fill=NIGHT, width=64)


def _cooking(pen: Pen) -> None:
    _floor(pen, "#f3e0c4", "#5d6a66")
    for column in range(8):
        for row in range(4):
            left, top = 150 * column, 150 * row
            pen.rectangle((left, top, left + 146, top + 146), outline="#e4cba4", width=6)
    pen.rounded_rectangle((330, 380, 870, 660), 70, fill=NIGHT)
    pen.rectangle((230, 440, 340, 490), fill=NIGHT)
    pen.rectangle((860, 440, 970, 490), fill=NIGHT)
    pen.ellipse((330, 330, 870, 440), fill="#8e2f1c")
    for left, top in ((430, 350), (560, 340), (690, 355)):
        pen.rounded_rectangle((left, top, left + 90, top + 60), 14, fill="#c2562f")
    for left in (450, 600, 750):
        pen.arc((left - 40, 120, left + 40, 220), 90, 270, fill=WHITE, width=18)
        pen.arc((left - 40, 210, left + 40, 310), 270, 90, fill=WHITE, width=18)
    for left in range(380, 840, 70):
        pen.polygon(((left, 720), (left + 25, 660), (left + 50, 720)), fill=GOLD)


def _tidying(pen: Pen) -> None:
    _floor(pen, "#eef3ef", "#d8c3a0")
    pen.rectangle((140, 100, 1060, 780), fill="#b98a58")
    for row in range(3):
        top = 140 + 210 * row
        pen.rectangle((180, top, 1020, top + 180), fill=SAND)
        for place in range(6):
            left = 210 + 135 * place
            colour = (CLAY, PINE, GOLD, "#3d6f8e", MINT, NIGHT)[(place + row) % 6]
            high = 110 if (place + row) % 2 else 140
            for fold in range(4):
                foot = top + 176 - fold * high // 4
                box = (left, foot - high // 4 + 6, left + 110, foot)
                pen.rounded_rectangle(box, 10, fill=colour)


def _first_aid(pen: Pen) -> None:
    _floor(pen, "#e2eef5", "#c9d6d0")
    pen.rounded_rectangle((330, 220, 870, 700), 50, fill=WHITE, outline="#b7c6bf", width=12)
    pen.arc((480, 130, 720, 320), 180, 360, fill="#b7c6bf", width=30)
    pen.rectangle((550, 320, 650, 600), fill=CLAY)
    pen.rectangle((460, 410, 740, 510), fill=CLAY)
    pen.ellipse((900, 560, 1060, 720), fill="#f0c9a0")
    pen.rounded_rectangle((870, 700, 1100, 840), 60, fill=MINT)


def _pets(pen: Pen) -> None:
    _floor(pen, "#f7ecd9", "#c79a63")
    pen.rectangle((90, 80, 460, 420), fill="#cfe6f2", outline=WHITE, width=18)
    pen.rounded_rectangle((560, 470, 1120, 800), 120, fill=PINE)
    pen.ellipse((620, 500, 1060, 700), fill=MINT)
    pen.ellipse((660, 470, 1000, 680), fill="#e0913f")
    pen.ellipse((620, 420, 780, 570), fill="#e0913f")
    pen.polygon(((635, 450), (650, 370), (705, 430)), fill="#e0913f")
    pen.polygon(((705, 430), (765, 370), (770, 455)), fill="#e0913f")
    for left in (665, 715):
        pen.arc((left, 480, left + 36, 510), 20, 160, fill=NIGHT, width=7)
    pen.arc((940, 480, 1060, 660), 200, 60, fill="#c9762b", width=34)
    pen.ellipse((200, 700, 420, 790), fill=CLAY)
    pen.ellipse((230, 690, 390, 740), fill=NIGHT)


SCENES: dict[str, Callable[[Pen], None]] = {
    "piano": _piano,
    "english": _english,
    "coding": _coding,
    "brush": _brush,
    "swimming": _swimming,
    "yoga": _yoga,
    "cooking": _cooking,
    "tidying": _tidying,
    "first_aid": _first_aid,
    "pets": _pets,
}
