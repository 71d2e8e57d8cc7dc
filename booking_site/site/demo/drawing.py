"""Photos for the demo's reviews, drawn by the project itself: flat, in the colours of the house."""

import io

from PIL import Image, ImageDraw

SIZE = (1200, 900)
NIGHT, PINE, MINT, SAND, CLAY, GOLD, WHITE = (
    "#14231d",
    "#0f6a52",
    "#dcefe6",
    "#f3e9d8",
    "#ee6a3c",
    "#e2a11b",
    "#ffffff",
)


def photos() -> list[bytes]:
    """A room, a street, a table, a window."""
    return [drawn(draw) for draw in (_room, _street, _table, _window)]


def drawn(draw: object) -> bytes:
    """As PNG."""
    picture = Image.new("RGB", SIZE, SAND)
    draw(ImageDraw.Draw(picture))  # type: ignore[operator]
    output = io.BytesIO()
    # It is read again at once: small is nothing against quick.
    picture.save(output, "PNG", compress_level=1)
    return output.getvalue()


def _room(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 1200, 640), fill=MINT)
    pen.rectangle((0, 640, 1200, 900), fill="#d8c3a0")
    pen.rectangle((120, 120, 520, 480), fill=WHITE, outline=PINE, width=14)
    pen.line((320, 120, 320, 480), fill=PINE, width=10)
    pen.ellipse((380, 160, 480, 260), fill=GOLD)
    pen.rounded_rectangle((640, 430, 1120, 700), 50, fill=PINE)
    pen.rounded_rectangle((600, 560, 1160, 760), 50, fill="#0b5642")
    pen.rectangle((220, 620, 300, 760), fill=CLAY)
    for lean in (-90, -30, 30, 90):
        pen.ellipse((230 + lean, 450, 290 + lean, 640), fill="#2f8f6f")


def _street(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 1200, 700), fill="#cfe6f2")
    pen.rectangle((0, 700, 1200, 900), fill="#b9c4be")
    for left, top, colour in ((60, 260, CLAY), (380, 160, WHITE), (760, 320, GOLD)):
        pen.rectangle((left, top, left + 300, 720), fill=colour)
        pen.polygon(((left - 24, top), (left + 150, top - 120), (left + 324, top)), fill=NIGHT)
        for row in range(2):
            for column in range(2):
                x, y = left + 50 + 120 * column, top + 60 + 140 * row
                pen.rectangle((x, y, x + 80, y + 90), fill=MINT)
        pen.rounded_rectangle((left + 110, 600, left + 190, 720), 36, fill=PINE)


def _table(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 1200, 420), fill="#e7efe9")
    pen.rectangle((0, 420, 1200, 900), fill="#c79a63")
    pen.polygon(((180, 520), (640, 480), (700, 780), (200, 830)), fill=WHITE)
    for line in range(5):
        pen.line((240, 570 + 44 * line, 610, 540 + 44 * line), fill="#9aaba2", width=8)
    pen.ellipse((800, 520, 1060, 780), fill=WHITE)
    pen.ellipse((840, 560, 1020, 740), fill="#5b3a22")
    pen.arc((1010, 580, 1110, 700), -90, 90, fill=WHITE, width=22)
    pen.line((700, 860, 880, 460), fill=PINE, width=20)


def _window(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 1200, 900), fill=NIGHT)
    pen.rounded_rectangle((200, 80, 1000, 820), 60, fill="#203a4a")
    pen.ellipse((700, 160, 860, 320), fill="#f6e7b0")
    for left, height in ((220, 220), (360, 340), (520, 180), (640, 420), (800, 280), (900, 200)):
        pen.rectangle((left, 820 - height, left + 110, 820), fill="#102028")
        for row in range(height // 70):
            lamp = GOLD if (left + row) % 3 else "#203a4a"
            top = 840 - height + 70 * row
            pen.rectangle((left + 30, top, left + 70, top + 30), fill=lamp)
    pen.line((600, 80, 600, 820), fill=PINE, width=22)
    pen.line((200, 450, 1000, 450), fill=PINE, width=22)
