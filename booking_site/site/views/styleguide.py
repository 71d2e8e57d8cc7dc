"""Every component on one page, with made-up people; routed in debug and demo only."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.common.places import Point
from booking_site.site.palette import pairs, themes
from booking_site.site.presenters import maps

# What a status of an appointment is called, and what stands beside it in people's sentences.
STATUSES = {
    "pending": _("to be confirmed"),
    "queued": _("in line"),
    "offered": _("waiting for an answer"),
    "confirmed": _("confirmed"),
    "in_progress": _("in progress"),
    "completed": _("completed"),
    "cancelled": _("cancelled"),
    "no_show": _("no-show"),
    "unpaid": _("unpaid"),
    "paid": _("paid"),
    "refunded": _("refunded"),
}
PICTURES = {
    "appointments": "还没有预约",
    "calendar": "这一周还空着",
    "time-off": "还没有安排休假",
    "reviews": "还没有人评价",
    "statistics": "数据还不够画图",
    "queue": "现在没有人排队",
    "search": "没有找到",
    "messages": "还没有消息",
    "not-found": "门后没有这一页",
    "broken": "出了点问题",
}
SIZES = ["xs", "s", "m", "l", "xl", "2xl", "3xl", "4xl"]
SPACES = ["1", "2", "3", "4", "5", "6", "7", "8"]
RADII = ["s", "m", "l", "xl", "full", "door"]


@dataclass(frozen=True)
class Tone:
    """A status and its word."""

    status: str
    label: str


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", max_length=20)
    phone = forms.CharField(
        label="手机号",
        help_text="只用来确认这次预约。",
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    kind = forms.ChoiceField(label="服务", choices=[("a", "办公室咨询"), ("b", "上门看房")])
    way = forms.ChoiceField(
        label="见面方式", choices=[("a", "到店"), ("b", "上门")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea({"rows": 3}))
    agree = forms.BooleanField(label="我同意取消规则：开始前可免费取消。")


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "site/styleguide.html", _sample())


def _sample() -> dict[str, Any]:
    now = timezone.now()
    form = SampleForm({"name": "林小满", "phone": "12", "kind": "a"})
    form.add_error("phone", "这不像手机号：应是 11 位数字，请再看一眼。")
    return {
        "swatches": _swatches(),
        "pairs": pairs(),
        "sizes": SIZES,
        "spaces": SPACES,
        "radii": RADII,
        "sources": _sources(),
        "statuses": [Tone(name, str(label)) for name, label in STATUSES.items()],
        "covers": range(1, 11),
        "pictures": [{"name": name, "title": title} for name, title in PICTURES.items()],
        "tabs": _tabs(),
        "chips": _chips(),
        "links": [{**chip, "href": "#"} for chip in _chips()],
        "week": _week(),
        "photos": _photos(),
        "icons": _icons(),
        "form": form,
        "fresh_form": SampleForm(),
        "offer": _offer(),
        "where": _where(),
        "days": _days(),
        "slots": _slots(),
        "history": _history(now),
        "page": Paginator(range(200), 20).page(3),
        "crumbs": [
            {"label": "门店", "href": "#"},
            {"label": "静安寺店", "href": "#"},
            {"label": "预约"},
        ],
        "now": now,
        "expires_at": now + timedelta(minutes=4, seconds=32),
        "distribution": [(5, 96), (4, 21), (3, 7), (2, 1), (1, 3)],
    }


def _swatches() -> list[dict[str, str]]:
    """Every colour with what it is in light and in dark."""
    light, dark = themes()
    return [
        {"name": name, "light": value, "dark": dark[name]}
        for name, value in light.items()
        if value.startswith("#")
    ]


def _sources() -> dict[str, str]:
    """Each section of the template as it is written, by its id."""
    path = Path(settings.BASE_DIR) / "templates" / "site" / "styleguide.html"
    written = path.read_text(encoding="utf-8")
    found = re.findall(r'<section class="stack" id="(\w+)">\n(.*?)\n</section>', written, re.S)
    return {name: source.partition('  {% include "site/_source')[0] for name, source in found}


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": "即将到来", "href": "#", "current": True, "count": 2, "icon": "calendar-days"},
        {"label": "已完成", "href": "#"},
        {"label": "评价", "href": "#", "count": 1},
    ]


def _chips() -> list[dict[str, Any]]:
    return [
        {"value": "all", "label": "全部", "count": 128, "selected": True},
        {"value": "photos", "label": "有图", "count": 34},
        {"value": "5", "label": "五星", "count": 96},
        {"value": "low", "label": "三星及以下", "count": 0},
    ]


def _week() -> list[dict[str, Any]]:
    counts = zip("一二三四五六日", (6, 9, 4, 12, 0, 15, 11), strict=True)
    return [
        {"label": f"周{day}", "value": count, "shown": str(count), "now": day == "四"}
        for day, count in counts
    ]


def _photos() -> list[dict[str, str]]:
    return [
        {"url": static(f"img/covers/{number}.svg"), "alt": f"评价照片 {number}"}
        for number in range(1, 7)
    ]


def _offer() -> dict[str, Any]:
    return {
        "href": "#",
        "title": "复兴中路两居室，朝南带阳台",
        "seed": 6,
        "flag": "房源",
        "facts": "2 室 · 76 m²",
        "detail": "1.2 km · 徐汇 · 静安寺店",
        "rating": 4.8,
        "price": "¥7,200 每月",
        "next": "明天 10:00",
        "left": "剩 3 个名额",
        "reason": "和你在徐汇看过的房源相似",
        "heart": {"href": "#", "saved": True},
    }


def _where() -> dict[str, Any]:
    """Seven places around a lake, three of them in one house."""
    at = [(30.252, 120.164), (30.244, 120.158), (30.248, 120.18), (30.276, 120.171)]
    points = [Point(*one) for one in [*at, at[2], at[2], (30.262, 120.147)]]
    return maps.shown(
        [
            {
                "number": number,
                "name": f"房源 {number}",
                "href": "#cards_lists_tabs",
                "point": point,
            }
            for number, point in enumerate(points, start=1)
        ],
        place=Point(30.26, 120.17),
    )


def _icons() -> list[str]:
    sprite = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    return [part.split('"')[0] for part in sprite.read_text().split('<symbol id="')[1:]]


def _days() -> list[dict[str, Any]]:
    week = [
        ("今天", 21, 3, ""),
        ("明天", 22, 12, ""),
        ("周一", 23, 0, "休息"),
        ("周二", 24, 0, "已约满"),
        ("周三", 25, 16, ""),
        ("周四", 26, 9, ""),
        ("周五", 27, 0, "尚未开放"),
    ]
    return [
        {
            "name": name,
            "number": number,
            "free": free,
            "reason": why,
            "href": "#",
            "selected": number == 22,
        }
        for name, number, free, why in week
    ]


def _slots() -> list[dict[str, Any]]:
    taken, line = ("10:30", "14:30"), ("11:00", "15:00")
    times = [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
        "14:00",
        "14:30",
        "15:00",
        "15:30",
        "16:00",
        "19:00",
        "19:30",
    ]
    return [
        {
            "label": label,
            "value": label,
            "available": label not in taken + line,
            "queue": label in line,
            "queue_length": 2,
            "note": "剩 1 位" if label == "16:00" else "",
            "selected": label == "14:00",
            "part": "上午" if label < "12" else "下午" if label < "18" else "晚上",
        }
        for label in times
    ]


def _history(now: Any) -> list[dict[str, Any]]:
    return [
        {
            "status": "pending",
            "title": "已提交",
            "at": now,
            "when": "今天 09:12",
            "text": "林小满在网页上预约",
        },
        {"status": "offered", "title": "等待周远确认", "at": now, "when": "今天 09:12"},
        {
            "status": "confirmed",
            "title": "已确认",
            "at": now,
            "when": "今天 09:14",
            "text": "由周远接待",
        },
        {"status": "in_progress", "title": "到店见面", "when": "明天 14:00", "upcoming": True},
    ]
