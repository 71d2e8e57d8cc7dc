"""Pictures of the demo's services, drawn by the project itself: a broom, tools, a van, a comb."""

from collections.abc import Callable

from PIL import ImageDraw

from .drawing import CLAY, GOLD, MINT, NIGHT, PINE, SAND, WHITE

Pen = ImageDraw.ImageDraw


def _broom(pen: Pen) -> None:
    pen.rectangle((0, 0, 1200, 640), fill=MINT)
    pen.rectangle((0, 640, 1200, 900), fill="#d8c3a0")
    pen.line((820, 80, 560, 560), fill="#8a5a34", width=34)
    pen.polygon(((500, 520), (640, 600), (560, 800), (300, 700)), fill=GOLD)
    for place in range(6):
        pen.line(
            (510 + 22 * place, 540 + 12 * place, 330 + 44 * place, 705 + 18 * place),
            fill=CLAY,
            width=8,
        )
    pen.rounded_rectangle((760, 520, 1020, 800), 30, fill=PINE)
    pen.ellipse((760, 480, 1020, 570), fill="#cfe6f2")
    for left, top, size in ((240, 240, 90), (350, 160, 50), (180, 380, 40)):
        pen.ellipse((left, top, left + size, top + size), outline=WHITE, width=10)


def _tools(pen: Pen) -> None:
    pen.rectangle((0, 0, 1200, 900), fill=SAND)
    pen.rounded_rectangle((180, 480, 1020, 800), 40, fill=CLAY)
    pen.rounded_rectangle((440, 380, 760, 500), 40, outline=NIGHT, width=30)
    pen.rectangle((180, 580, 1020, 620), fill=NIGHT)
    pen.rounded_rectangle((550, 550, 650, 660), 20, fill=GOLD)
    pen.line((300, 100, 300, 470), fill="#9aaba2", width=36)
    pen.ellipse((230, 60, 370, 200), fill="#9aaba2")
    pen.polygon(((270, 40), (330, 40), (330, 130), (270, 130)), fill=SAND)
    pen.line((900, 90, 900, 300), fill="#9aaba2", width=22)
    pen.rounded_rectangle((860, 280, 940, 470), 30, fill=PINE)


def _van(pen: Pen) -> None:
    pen.rectangle((0, 0, 1200, 640), fill="#cfe6f2")
    pen.rectangle((0, 640, 1200, 900), fill="#b9c4be")
    pen.ellipse((900, 90, 1060, 250), fill=GOLD)
    pen.rounded_rectangle((140, 280, 820, 720), 40, fill=PINE)
    pen.polygon(((820, 380), (960, 380), (1080, 540), (1080, 720), (820, 720)), fill="#0b5642")
    pen.polygon(((850, 420), (940, 420), (1020, 540), (850, 540)), fill=MINT)
    pen.rounded_rectangle((240, 380, 520, 620), 20, fill="#d8a25e")
    pen.line((380, 380, 380, 620), fill=CLAY, width=18)
    for left in (250, 840):
        pen.ellipse((left, 640, left + 170, 810), fill=NIGHT)
        pen.ellipse((left + 50, 690, left + 120, 760), fill=SAND)


def _comb(pen: Pen) -> None:
    pen.rectangle((0, 0, 1200, 900), fill="#f6dcd0")
    pen.ellipse((330, 90, 870, 690), fill=WHITE, outline=CLAY, width=26)
    pen.ellipse((420, 190, 780, 600), fill="#cfe6f2")
    pen.rectangle((570, 690, 630, 830), fill=CLAY)
    pen.rounded_rectangle((110, 300, 200, 780), 30, fill=PINE)
    for tooth in range(9):
        pen.line((200, 330 + 50 * tooth, 280, 330 + 50 * tooth), fill=PINE, width=18)
    pen.rounded_rectangle((960, 480, 1080, 800), 30, fill=GOLD)
    pen.rectangle((990, 400, 1050, 480), fill=NIGHT)


TRADES: dict[str, Callable[[Pen], None]] = {
    "broom": _broom,
    "tools": _tools,
    "van": _van,
    "comb": _comb,
}
