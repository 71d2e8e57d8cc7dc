"""What this app holds on somebody, for themselves."""

import json

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import Child, Pet
from accounts.selectors import export_of


def test_everything_of_ones_own_and_nothing_of_others(mei, wang, meis_app):
    Pet.objects.create(owner=mei, name="豆豆", species="dog", weight_kg="9.25")
    Child.objects.create(parent=mei, name="小明")
    Pet.objects.create(owner=wang, name="Wang's cat", species="cat")

    export = export_of(mei)

    assert export["profile"]["email"] == "mei@example.com"
    assert [pet["name"] for pet in export["pets"]] == ["豆豆"]
    assert [child["name"] for child in export["children"]] == ["小明"]
    assert len(export["app_sign_ins"]) == 1
    assert export["email_addresses"][0]["verified"]


def test_it_is_json_and_carries_no_secret(mei, meis_app):
    text = json.dumps(export_of(mei), cls=DjangoJSONEncoder)

    assert mei.password not in text
    assert "jti" not in text
