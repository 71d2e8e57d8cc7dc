"""deploy/alerts.yml can be read by Prometheus; what it is about: tests/contract/test_metrics.py."""

import re
import shutil
import subprocess
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

FILE = Path(settings.BASE_DIR) / "deploy" / "alerts.yml"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
CLOSES = {")": "(", "]": "[", "}": "{"}
# As Prometheus has them: the largest unit first, and each once.
DURATION = re.compile(r"(?=\d)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?")


def without_texts(expression: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', "", expression)


def is_balanced(expression: str) -> bool:
    """Each bracket and each quotation mark has its other half, in order."""
    opened: list[str] = []
    for sign in without_texts(expression):
        if sign in CLOSES.values():
            opened.append(sign)
        elif sign == '"' or (sign in CLOSES and (not opened or opened.pop() != CLOSES[sign])):
            return False
    return not opened


def durations(rule: dict[str, Any]) -> list[str]:
    """How long it has to be so, and how far its expression looks back."""
    told = without_texts(rule["expr"])
    spans = chain(re.findall(r"\[([^]]*)\]", told), re.findall(r"\boffset\s+-?(\S+?)\b", told))
    return [*spans, *([rule["for"]] if "for" in rule else [])]


def is_duration(text: object) -> bool:
    return isinstance(text, str) and DURATION.fullmatch(text) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_can_be_read(rule: dict[str, Any]):
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert is_balanced(rule["expr"])
    assert [span for span in durations(rule) if not is_duration(span)] == []


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ('max(up{job="a"} == 0', "a bracket that is open"),
        ("max(rate(x[5m)])) > 1", "two that cross"),
        ("max(up)) == 0", "one too many"),
        ('up{job="a} == 0', "a text without an end"),
    ],
)
def test_what_is_written_wrongly_is_noticed(expression: str, problem: str):
    assert not is_balanced(expression), problem


@pytest.mark.parametrize("text", ["", "5", "5 m", "5min", "m5", "1m1h", 5, None])
def test_what_is_no_duration_is_noticed(text: object):
    assert not is_duration(text)
    assert is_duration("1h30m")


def test_prometheus_itself_reads_them_where_it_is_there():
    """The image of the project has no promtool; who has it is told what it says."""
    if promtool := shutil.which("promtool"):
        checked = subprocess.run(
            [promtool, "check", "rules", str(FILE)], capture_output=True, text=True, timeout=60
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
