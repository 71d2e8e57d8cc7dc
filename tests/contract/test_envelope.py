"""Success and refusal look alike on every route of the API, whoever refuses."""

import pytest
from django.test import Client, override_settings
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from booking_site import urls
from booking_site.common.api.exceptions import to_envelope
from booking_site.common.errors import TooMany, Unavailable
from tests.callers import caller, data_of, refusal_of
from tests.factories import StoreFactory

pytestmark = pytest.mark.django_db


def test_success_carries_data():
    store = StoreFactory()

    body = caller().get(f"stores/{store.pk}").json()

    assert set(body) == {"success", "data"}
    assert body["success"] is True


def test_lists_carry_their_page():
    body = caller().get("stores").json()

    assert set(body) == {"success", "data", "pagination"}
    assert body["pagination"] == {"page": 1, "limit": 20, "total": 0}


def test_one_trailing_slash_is_tolerated():
    store = StoreFactory()

    assert data_of(caller().get(f"stores/{store.pk}/")) == data_of(
        caller().get(f"stores/{store.pk}")
    )
    refusal_of(caller().get("stores//"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/v1", 404, "not_found"),
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v2/appointment/stores", 404, "not_found"),
        ("/api/v1/appointment/stores/1/nothing", 404, "not_found"),
        ("/api/v1/appointment/statistics", 401, "unauthenticated"),
        ("/api/v1/me", 401, "unauthenticated"),
        ("/api/v1/me/export", 401, "unauthenticated"),
        ("/api/v1/appointment/appointments", 401, "unauthenticated"),
    ],
)
def test_refusals_of_routing_and_identity(path, status, code):
    refusal_of(caller().get(path), status, code)


def test_an_unknown_token_is_no_identity_even_where_guests_may():
    answer = caller(None, authorization="Bearer nonsense").get("stores")

    refusal_of(answer, 401, "unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    # Somebody who sent one looks elsewhere for the fault than somebody who sent none.
    assert "token" in answer.json()["message"]
    assert "token" not in caller().get("/api/v1/me").json()["message"]


def test_a_type_nobody_can_give_is_refused_in_json():
    answer = caller(None, accept="application/xml").get("stores")

    refusal_of(answer, 406, "not_acceptable")


@pytest.mark.parametrize("page", ["/api/schema/", "/api/docs/"])
@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (lambda client, page: client.post(page), 405, "method_not_allowed"),
        (lambda client, page: client.get(page, headers={"accept": "image/png"}), 406, None),
    ],
)
def test_documents_about_the_api_refuse_as_it_does(page, call, status, code):
    answer = call(Client(), page)

    refusal_of(answer, status, code or "not_acceptable")


def test_nothing_of_the_api_is_kept_on_the_way(db):
    assert caller().get("stores")["Cache-Control"] == "no-store, private"
    assert caller().post("/api/v1/auth/token")["Cache-Control"] == "no-store, private"
    assert "no-store" in Client().get("/accounts/signup/")["Cache-Control"]


def test_a_forged_host_is_refused_in_the_envelope():
    answer = Client(headers={"host": "evil.example"}).get("/api/v1/appointment/stores")

    refusal_of(answer, 400, "invalid")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We could not find that."),
        ("en-GB,en;q=0.9", "We could not find that."),
        ("fr", None),
        ("zh", None),
        ("zh-CN,zh;q=0.9", None),
        ("zh-hans", None),
    ],
)
def test_codes_stay_and_sentences_follow_the_language(language, sentence):
    body = caller(None, **{"accept-language": language}).get("stores/0").json()

    assert body["code"] == "not_found"
    assert sentence is None or body["error"] == sentence


class Breaking(APIView):
    """Refuses, or breaks, as the test wishes."""

    permission_classes: list = []
    error: Exception = Exception()

    def get(self, request) -> Response:
        raise self.error


urlpatterns = [path("api/v1/breaking", Breaking.as_view()), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500


def test_what_is_wrong_within_a_field_is_said_of_that_field():
    detail = {
        "name": ["Odd."],
        "place": {"lat": ["No."], "non_field_errors": ["Both."]},
        "pets": ["Two.", "Three."],
        "hours": [{}, {"opens": ["Missing."]}],
        "ids": {"0": ["Odd."], "3": ["Even."]},
    }

    answer = to_envelope(ValidationError(detail), {})

    assert answer is not None
    assert answer.data["errors"] == {
        "name": ["Odd."],
        "place": ["lat: No.", "Both."],
        "pets": ["Two.", "Three."],
        "hours": ["1.opens: Missing."],
        "ids": ["Odd.", "Even."],
    }


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (TooMany(retry_after=42), 429, "rate_limited", "42"),
        (Unavailable(), 503, "unavailable", "2"),
        (ZeroDivisionError("secret"), 500, "internal", None),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_what_breaks_says_nothing_of_why(monkeypatch, error, status, code, retry_after):
    monkeypatch.setattr(Breaking, "error", error)
    client = APIClient(raise_request_exception=False)

    answer = client.get("/api/v1/breaking", headers={"accept-language": "en"})

    refusal_of(answer, status, code)
    assert answer.get("Retry-After") == retry_after
    assert "secret" not in answer.content.decode()


def test_too_many_requests_say_when_to_come_back(settings):
    settings.RATE_LIMIT_MAX_REQUESTS = 2
    for _ in range(2):
        data_of(caller().get("stores"))

    answer = caller().get("stores")

    refusal_of(answer, 429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 901
