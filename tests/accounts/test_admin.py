"""People in the back office."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Child, Pet, RefreshToken, User

from .people import ME, app_with, make_user, tokens_of


@pytest.fixture
def operator(db) -> Client:
    client = Client()
    client.force_login(make_user("op@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def clerk(db) -> Client:
    """Staff with every Django permission on people, and no store."""
    user = make_user("clerk@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    client.force_login(user)
    return client


def change_page(row) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def change_user(client: Client, user: User, **facts):
    sent = {"email": user.email or "", "phone_0": "", "phone": str(user.phone or "")}
    sent |= {"display_name": user.display_name, "user_type": user.user_type, "locale": user.locale}
    sent |= {"is_active": "on"}
    return client.post(change_page(user), sent | facts)


@pytest.mark.parametrize("model", ["user", "child", "pet", "refreshtoken"])
def test_every_model_is_listed_and_searched(operator, mei, model):
    Pet.objects.create(owner=mei, name="豆豆", species="dog")
    Child.objects.create(parent=mei, name="小明")
    tokens_of("mei@example.com")

    page = operator.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "mei"})

    assert page.status_code == 200
    assert page.context["cl"].result_count == 1


@pytest.mark.parametrize("model", [User, Child, Pet, RefreshToken])
def test_every_row_has_a_page(operator, mei, model):
    Pet.objects.create(owner=mei, name="豆豆", species="dog")
    Child.objects.create(parent=mei, name="小明")
    tokens_of("mei@example.com")

    assert operator.get(change_page(model.objects.last())).status_code == 200


def test_an_operator_adds_a_user_without_a_number(operator):
    facts = {
        "email": "New@example.com",
        "phone": "",
        "display_name": "New",
        "user_type": "customer",
        "usable_password": "true",
        "password1": "another-horse-8",
        "password2": "another-horse-8",
    }
    answer = operator.post(reverse("admin:accounts_user_add"), facts)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    user = User.objects.get(email="new@example.com")
    assert user.phone is None
    assert user.emailaddress_set.get().email == "new@example.com"


def test_an_operator_adds_two_users_without_an_address(operator):
    for phone in ("13800138001", "13800138002"):
        facts = {
            "email": "",
            "phone": phone,
            "user_type": "customer",
            "usable_password": "true",
            "password1": "another-horse-8",
            "password2": "another-horse-8",
        }
        assert operator.post(reverse("admin:accounts_user_add"), facts).status_code == 302

    assert User.objects.filter(email=None).count() == 2


def test_an_operator_changes_the_address_and_it_counts_as_unconfirmed(operator, mei):
    assert change_user(operator, mei, email="new@example.com").status_code == 302

    address = mei.emailaddress_set.get()
    assert (address.email, address.verified) == ("new@example.com", False)


def test_nobody_is_left_without_a_way_to_be_reached(operator, mei):
    assert change_user(operator, mei, email="", phone="").status_code == 200

    mei.refresh_from_db()
    assert mei.email == "mei@example.com"


def test_an_operator_grants_rights_and_chooses_a_password(operator, mei):
    change_user(operator, mei, is_staff="on")
    operator.post(
        reverse("admin:auth_user_password_change", args=[mei.pk]),
        {
            "usable_password": "true",
            "password1": "another-horse-8",
            "password2": "another-horse-8",
        },
    )

    mei.refresh_from_db()
    assert mei.is_staff
    assert mei.check_password("another-horse-8")


def test_closing_an_account_ends_its_tokens(operator, mei, meis_app):
    change_user(operator, mei, is_active="")

    assert meis_app.get(ME).status_code == 401


def test_a_clerk_sees_no_people_whatever_permissions_they_have(clerk, mei):
    pages = ["user", "child", "pet", "refreshtoken"]

    codes = [clerk.get(reverse(f"admin:accounts_{name}_changelist")).status_code for name in pages]

    assert codes == [403] * 4


def test_a_clerk_changes_nobody_not_even_themselves(clerk, mei):
    people = [
        mei,
        make_user("op@example.com", is_staff=True, is_superuser=True),
        User.objects.get(email="clerk@example.com"),
    ]
    for person in people:
        before = (person.password, person.display_name)
        assert change_user(clerk, person, display_name="x", is_superuser="on").status_code == 403
        password = reverse("admin:auth_user_password_change", args=[person.pk])
        assert clerk.post(password, {"password1": "y", "password2": "y"}).status_code == 403
        person.refresh_from_db()
        assert (person.password, person.display_name, person.is_superuser) == (
            *before,
            person.email == "op@example.com",
        )


def test_rights_stay_locked_for_all_but_operators(mei, rf):
    """Should managers ever be let into this page."""
    from django.contrib import admin

    page = admin.site._registry[User]
    request = rf.get("/")
    request.user = make_user("clerk@example.com", is_staff=True)

    locked = set(page.get_readonly_fields(request, mei))

    assert {"is_staff", "is_superuser"} <= locked


def test_users_are_not_deleted(operator, mei):
    path = reverse("admin:accounts_user_delete", args=[mei.pk])

    assert operator.post(path, {"post": "yes"}).status_code == 403


def test_sign_ins_are_looked_at_and_ended_but_not_edited(operator, mei):
    pair = tokens_of("mei@example.com")
    token = RefreshToken.objects.get()

    assert operator.post(change_page(token), {"family": "x"}).status_code == 403
    operator.post(
        reverse("admin:accounts_refreshtoken_changelist"),
        {"action": "end_sign_ins", "_selected_action": [token.pk]},
    )

    assert app_with(pair["access"]).get(ME).status_code == 401


def test_another_number_is_not_proven_by_the_last_one(operator, mei):
    User.objects.filter(pk=mei.pk).update(phone="+8613800138001", phone_verified=True)
    mei.refresh_from_db()

    change_user(operator, mei, phone="13800138002")

    mei.refresh_from_db()
    assert (str(mei.phone), mei.phone_verified) == ("+8613800138002", False)
