"""No page is forgotten: whoever adds one says who looks at it, or why nobody does."""

import pytest
from django.contrib import admin
from django.urls import path

from . import urls
from .pages import NO_PAGE, PAGES, every_page, patterns

pytestmark = pytest.mark.usefixtures("doors")


def unknown() -> set[str]:
    known = {page.name for page in every_page()} | set(NO_PAGE) | {"sins"}
    return {
        name or written
        for name, written, one in patterns()
        if name not in known and not _of_machines(written, name)
    }


def _of_machines(written: str, name: str) -> bool:
    """The API, and Django's own unnamed way from an id to the page of a row."""
    return not name and (written.startswith("api/") or written.startswith("admin/"))


def test_every_address_is_a_known_page_or_has_a_reason_to_be_none():
    ours = {"stores/<int:store_id>/board/"}

    assert unknown() - ours == set(), "add these to PAGES or NO_PAGE in tests/faces/pages.py"


def test_nothing_is_known_that_is_not_there():
    there = {name for name, _written, _one in patterns()}
    # Only in the demo.
    demo = {"media"}

    assert {page.name for page in PAGES if page.name} - there == set()
    assert set(NO_PAGE) - there - demo == set()


def test_every_list_and_form_of_the_back_office_is_looked_at():
    names = {page.name for page in every_page()}

    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert {f"{stem}_changelist", f"{stem}_add", f"{stem}_change"} <= names


def test_a_forgotten_page_is_noticed(monkeypatch):
    forgotten = path("forgotten/", urls.sinner, name="forgotten")
    monkeypatch.setattr("tests.faces.urls.urlpatterns", [*urls.urlpatterns, forgotten])
    from django.urls import clear_url_caches

    clear_url_caches()

    assert "forgotten" in unknown()
    clear_url_caches()
