"""Twenty apps with the same refresh token at the same moment: one wins."""

import threading

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.errors import TokenRefused
from accounts.gateways.tokens import read_refresh
from accounts.models import RefreshToken, User
from accounts.services import tokens as service

from .crowd import MANY, at_once
from .people import ME, REFRESH, app_with, make_user, tokens_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token() -> str:
    make_user("mei@example.com")
    return tokens_of("mei@example.com")["refresh"]


def test_exactly_one_of_twenty_wins(token):
    def attempt() -> int:
        return APIClient().post(REFRESH, {"refresh": token}, format="json").status_code

    assert at_once(attempt) == [200] + [401] * (MANY - 1)


def test_the_winner_is_signed_out_too_because_nobody_knows_who_the_thief_is(token):
    won: list[str] = []

    def attempt() -> int:
        answer = APIClient().post(REFRESH, {"refresh": token}, format="json")
        if answer.status_code == 200:
            won.append(answer.json()["data"]["access"])
        return answer.status_code

    at_once(attempt)

    assert len(won) == 1
    assert app_with(won[0]).get(ME).status_code == 401


def test_reading_before_writing_would_let_many_through(token, monkeypatch):
    """The negative control: the same race must catch the way the libraries rotate."""
    all_have_read = threading.Barrier(MANY)

    def read_then_write(claims, at):
        row = RefreshToken.objects.get(jti=claims.jti)
        fresh = row.used_at is None
        all_have_read.wait(30)
        if not fresh:
            return None
        RefreshToken.objects.filter(pk=row.pk).update(used_at=at)
        return service._next_pair(User.objects.get(pk=claims.user_id), claims.family, at)

    def careless() -> int:
        try:
            pair = read_then_write(read_refresh(token), timezone.now())
        except TokenRefused:
            return 401
        return 200 if pair else 401

    assert at_once(careless).count(200) > 1


def test_forty_guesses_at_once_are_no_more_than_ten():
    make_user("mei@example.com")
    body = {"login": "mei@example.com", "password": "wrong-horse-7"}

    def attempt() -> int:
        return APIClient().post("/api/v1/auth/token", body, format="json").status_code

    answers = at_once(attempt) + at_once(attempt)

    # Fewer when two count at the same moment: then both see one too many.
    assert 1 <= answers.count(401) <= 10
    assert answers.count(401) + answers.count(429) == 2 * MANY
