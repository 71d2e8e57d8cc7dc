"""The account behind a row: its page opens for operators, so only they get a link."""

import pytest

from accounts.models import User


@pytest.fixture
def visit(ours):
    owner = User.objects.create_user(email="lan@example.com", password=None, display_name="Lan Li")
    ours.waiting.user = owner
    ours.waiting.save()
    return ours.waiting


def page_of(client, visit) -> str:
    return client.get(f"/admin/appointments/appointment/{visit.pk}/change/").content.decode()


def test_a_manager_reads_the_name_and_meets_no_closed_door(ann, visit):
    page = page_of(ann, visit)

    assert "Lan Li" in page
    assert "/admin/accounts/user/" not in page


def test_an_operator_gets_the_link(operator, visit):
    assert f"/admin/accounts/user/{visit.user.pk}/change/" in page_of(operator, visit)


def test_who_is_signed_in_is_called_by_name(ann, ours):
    ours.manager.display_name = "Ann Zhao"
    ours.manager.save()

    assert "Ann Zhao" in ann.get("/admin/").content.decode()


def test_no_heading_says_one_word_twice(ann, ours):
    """``Stores › Stores``: the app's name is left out where the list says the same."""
    page = ann.get("/admin/stores/store/").content.decode()

    assert 'href="/admin/stores/"' not in page
