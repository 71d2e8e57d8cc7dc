"""An account is erased beside another request of its owner: the person stays forgotten."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.utils import timezone

from accounts import services
from accounts.adapter import AccountAdapter
from accounts.models import Child, Pet, RefreshToken, User
from accounts.views.sign_in import EmailView
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, NotFound

from .people import PASSWORD

AT = timezone.now()
PET = {"name": "豆豆", "species": "dog"}


def erase(user: User) -> None:
    services.erase_account(User.objects.get(pk=user.pk), by=Actor.of(user), at=AT)


@pytest.fixture
def rows(mei):
    return Pet.objects.create(owner=mei, **PET), Child.objects.create(parent=mei, name="小明")


WRITES = {
    "profile": lambda mei, pet, child, me: services.change_profile(
        mei, changes={"phone": "+8613800138009", "display_name": "Mei"}, **me
    ),
    "picture": lambda mei, pet, child, me: services.set_avatar(mei, jpeg=b"x", **me),
    "no picture": lambda mei, pet, child, me: services.remove_avatar(mei, **me),
    "new pet": lambda mei, pet, child, me: services.add_pet(facts=PET, **me),
    "pet": lambda mei, pet, child, me: services.change_pet(pet, facts=PET, **me),
    "no pet": lambda mei, pet, child, me: services.remove_pet(pet, **me),
    "new child": lambda mei, pet, child, me: services.add_child(facts={"name": "x"}, **me),
    "child": lambda mei, pet, child, me: services.change_child(child, facts={"name": "x"}, **me),
    "no child": lambda mei, pet, child, me: services.remove_child(child, **me),
    "sign-in": lambda mei, pet, child, me: services.issue_tokens(mei, **me),
    "leaving": lambda mei, pet, child, me: services.erase_account(mei, **me),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_comes_after_it_is_refused_and_nothing_comes_back(mei, rows, write):
    erase(mei)

    with pytest.raises(Forbidden):
        write(mei, *rows, {"by": Actor.of(mei), "at": AT})

    now = User.objects.get(pk=mei.pk)
    assert (now.email, now.phone, now.display_name, now.is_active) == (None, None, "", False)
    assert (now.last_login, now.avatar.name or "") == (None, "")
    for kind in (Pet, Child, RefreshToken):
        assert not kind.objects.exists()


def test_a_new_password_does_not_bring_the_row_back(mei):
    erase(mei)

    with pytest.raises(ImmediateHttpResponse):
        AccountAdapter().set_password(mei, "another-horse-8")

    now = User.objects.get(pk=mei.pk)
    assert (now.email, now.display_name, now.is_active) == (None, "", False)
    assert not now.has_usable_password()


def test_an_address_that_is_being_added_is_not_kept(client, mei, monkeypatch):
    client.force_login(mei)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    go_on = EmailView.dispatch

    def erased_first(view, request, *args, **kwargs):
        erase(request.user)
        return go_on(view, request, *args, **kwargs)

    monkeypatch.setattr(EmailView, "dispatch", erased_first)

    answer = client.post("/accounts/email/", {"email": "new@example.com", "action_add": "1"})

    assert answer.status_code in (302, 400)
    assert not EmailAddress.objects.exists()


def test_a_pet_that_was_removed_meanwhile_does_not_come_back(mei, rows):
    pet, child = rows
    me = {"by": Actor.of(mei), "at": AT}
    Pet.objects.all().delete()
    Child.objects.all().delete()

    with pytest.raises(NotFound):
        services.change_pet(pet, facts=PET, **me)
    with pytest.raises(NotFound):
        services.change_child(child, facts={"name": "x"}, **me)

    assert not Pet.objects.exists()
    assert not Child.objects.exists()
