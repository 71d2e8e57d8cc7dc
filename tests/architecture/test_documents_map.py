"""docs/documents.md answers every statement of the five documents, and what it names is there."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from booking_site.site import sockets
from stores.rules import Policy

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "documents.md"
PARTS = 5
# All that comes later: how fast it is, and what the documents themselves leave for another time.
LATER = {
    (0, "性能指标", "并发处理：1000+ QPS"),
    (0, "性能指标", "响应时间：P99 < 100ms"),
    (0, "性能指标", "内存使用：< 100MB (空载)"),
    (4, "下一步计划", "1. 视频通话功能"),
}
EXAMPLES = {"code": "123456", "token": "a" * 22}


@dataclass(frozen=True)
class Row:
    document: int
    section: str
    statement: str
    answer: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.answer)

    @property
    def is_later(self) -> bool:
        return re.match(r"later(;|$)", self.answer) is not None

    @property
    def is_replaced(self) -> bool:
        return re.match(r"replaced by .+ because .+", self.answer) is not None


def rows() -> list[Row]:
    found = []
    document, section = -1, ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## Document (\d) · .+", line):
            document = int(heading[1])
        elif line.startswith("### "):
            section = line.removeprefix("### ")
        elif line.startswith("| ") and line != "| statement | answer |":
            statement, answer = line.strip("| ").split(" | ")
            found.append(Row(document, section, statement, answer))
    return found


ROWS = rows()


@cache
def there(name: str) -> bool:
    """Whether something that stands in code type can be looked up."""
    kinds = (is_path, is_socket, is_call_or_page, is_setting, is_field, is_target, is_command)
    return any(kind(name) for kind in kinds)


def is_path(name: str) -> bool:
    path, _, test = name.partition("::")
    if name.startswith("/") or not (ROOT / path).exists():
        return False
    if not test:
        return True
    return f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def is_socket(name: str) -> bool:
    return name == sockets.PATH


def is_call_or_page(name: str) -> bool:
    call = re.fullmatch(r"(?:(GET|POST|PUT|PATCH|DELETE) )?(/[^ ?]*)(?:\?\S+)?", name)
    if call is None:
        return False
    method, path = call.groups()
    path = re.sub(r"[{<](\w+)[}>]", lambda part: EXAMPLES.get(part[1], "1"), path)
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    # REST framework's views and Django's know their methods; functions are trusted.
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return not (method and kind) or hasattr(kind, method.lower())


def is_setting(name: str) -> bool:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        return False
    told = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    return hasattr(settings, name) or re.search(rf"^#?{name}=", told, re.MULTILINE) is not None


def is_field(name: str) -> bool:
    owner, _, field = name.partition(".")
    # Ours come last and win: Django has a Session, too.
    models = sorted(apps.get_models(), key=lambda model: not model.__module__.startswith("django"))
    kinds = {model.__name__: model for model in models} | {"Policy": Policy}
    return owner in kinds and hasattr(kinds[owner], field)


def is_target(name: str) -> bool:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    target = name.removeprefix("make ")
    return target != name and re.search(rf"^{target}:", makefile, re.MULTILINE) is not None


def is_command(name: str) -> bool:
    return name.removeprefix("manage.py ") in get_commands()


def test_all_five_are_answered():
    assert {row.document for row in ROWS} == set(range(PARTS))


def test_every_statement_has_one_kind_of_answer():
    """Made true by something, later, or replaced for a reason."""
    assert [row for row in ROWS if not (row.is_later or row.is_replaced or row.names)] == []
    assert [
        row
        for row in ROWS
        if row.answer.startswith(("later", "replaced")) and not (row.is_later or row.is_replaced)
    ] == []


def test_nothing_is_stated_twice_in_a_section():
    stated = [(row.document, row.section, row.statement) for row in ROWS]
    assert [one for one in set(stated) if stated.count(one) > 1] == []


@pytest.mark.parametrize("document", range(PARTS))
def test_what_an_answer_names_is_there(document: int):
    named = {name for row in ROWS if row.document == document for name in row.names}
    assert sorted(name for name in named if not there(name)) == []


def test_only_speed_and_video_calls_come_later():
    assert {(row.document, row.section, row.statement) for row in ROWS if row.is_later} == LATER


@pytest.mark.parametrize(
    "name",
    [
        "tests/nowhere.py",
        "tests/architecture/test_documents_map.py::test_nothing_of_this_name",
        "GET /api/v1/appointment/nothing",
        "PUT /health",
        "/nothing/",
        "NO_SUCH_SETTING",
        "Appointment.colour",
        "make coffee",
        "manage.py coffee",
        "two words",
    ],
)
def test_a_name_that_means_nothing_is_noticed(name: str):
    assert not there(name)
