"""The colours of static/css/tokens.css as figures: which may stand on which."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

Theme = dict[str, str]
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2 AA: words, and what must be seen of a shape
TONES = ("good", "warn", "bad", "info", "spark")

# Foreground, background, and the least contrast they need.
PAIRS: list[tuple[str, str, float]] = [
    *((text, ground, TEXT)
      for text in ("text", "text-2", "text-3", "accent-text", "spark-text", "bad-text")
      for ground in ("bg", "surface", "surface-2")),
    *(("text-2", ground, TEXT) for ground in ("surface-3", "accent-soft")),
    ("text-3", "surface-3", TEXT),
    *((f"{tone}-text", f"{tone}-soft", TEXT) for tone in (*TONES, "calm")),
    *(("text", f"{tone}-soft", TEXT) for tone in (*TONES, "accent")),
    ("accent-text", "accent-soft", TEXT),
    ("accent-text", "accent-softer", TEXT),
    *(("on-accent", ground, TEXT) for ground in ("accent", "accent-hover", "accent-press")),
    ("on-bad", "bad", TEXT),
    ("on-toast", "toast", TEXT),
    *((shape, ground, SHAPE)
      for shape in ("line-strong", "accent", "bad")
      for ground in ("bg", "surface")),
    ("star-input", "surface", SHAPE),
]  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One combination, with its contrast in each theme."""

    text: str
    ground: str
    least: float
    light: float
    dark: float


def pairs() -> list[Pair]:
    light, dark = themes()
    return [
        Pair(
            text=text,
            ground=ground,
            least=least,
            light=contrast(light[text], light[ground]),
            dark=contrast(dark[text], dark[ground]),
        )
        for text, ground, least in PAIRS
    ]


@cache
def themes() -> tuple[Theme, Theme]:
    """The names and values of light, and of dark (what it does not say is as in light)."""
    light, by_system, by_choice = blocks()
    return light, {**light, **by_choice, **by_system}


@cache
def blocks() -> tuple[Theme, Theme, Theme]:
    """Light; dark because the system says so; dark because the person does."""
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    heads = (
        r":root",
        r':root:not\(\[data-theme="light"\]\)',
        r':root\[data-theme="dark"\]',
    )
    light, by_system, by_choice = (
        dict(re.findall(r"--([\w-]+):\s*([^;]+);", _body(head, css))) for head in heads
    )
    return light, by_system, by_choice


def _body(head: str, css: str) -> str:
    found = re.search(rf"(?m)^\s*{head} \{{([^}}]*)\}}", css)
    assert found, head
    return found[1]


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours written as #rrggbb; from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
