"""The same person registers twenty times at the same moment."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User

from .crowd import MANY, at_once
from .people import PASSWORD, REGISTER

pytestmark = pytest.mark.django_db(transaction=True)

WHO = [
    {"email": "li@example.com"},
    {"phone": "+8613800138001"},
    {"email": "li@example.com", "phone": "+8613800138001"},
]


@pytest.mark.parametrize("who", WHO, ids=["address", "number", "both"])
def test_one_account_is_made_and_the_others_hear_why_not(who):
    def attempt() -> int:
        body = who | {"password": PASSWORD, "user_type": "provider"}
        return APIClient().post(REGISTER, body, format="json").status_code

    winner, *others = at_once(attempt)

    assert winner == 201
    # 409 only where an old snapshot hides who was faster (REPEATABLE READ).
    assert set(others) <= {400, 409}
    assert User.objects.count() == 1


def test_one_key_sent_twenty_times_gets_one_answer():
    bodies: set[bytes] = set()

    def attempt() -> int:
        body = {"email": "li@example.com", "password": PASSWORD}
        answer = APIClient().post(REGISTER, body, format="json", HTTP_IDEMPOTENCY_KEY="k")
        bodies.add(answer.content)
        return answer.status_code

    assert at_once(attempt) == [201] * MANY
    assert len(bodies) == 1
