"""Who may do what with a booked seat: every subject on every call, through the URLs.

Mei teaches in the store, Wei works there, Yun in another. The seat is Fang's. ``-`` means carried
out; a number is the refusal's status. What is not somebody's to see is not there (404).
"""

import pytest

from appointments import services
from tests.callers import caller, refusal_of
from tests.support.sharing import taken_back

from ..courses import paid_seat, session_at, teach, teaching
from ..world import MINUTE, NOW, clock, hire, manager, open_store, register

SUBJECTS = (
    "guest",
    "student",
    "other student",
    "teacher",
    "colleague",
    "other teacher",
    "manager",
    "other manager",
    "operator",
    "former manager",
)
CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}
# By call: what each subject gets, in the order of SUBJECTS.
#                  guest  Fang  other  Mei   Wei   Yun   mgr   other oper. former
MATRIX = {
    "":           "401    -     404    -     404   404   -     404   -     404",
    "confirm":    "401    403   404    -     404   404   -     404   -     404",
    "cancel":     "401    -     404    -     404   404   -     404   -     404",
    "reschedule": "401    -     404    403   404   404   -     404   -     404",
    "complete":   "401    403   404    -     404   404   -     404   -     404",
    "no-show":    "401    403   404    -     404   404   -     404   -     404",
}  # fmt: skip
TEN = clock("10:00")


@pytest.fixture
def course(store):
    return teach(store, needs_approval=True)


@pytest.fixture
def cast(store, course, wei, fang, bo):
    elsewhere = open_store("bund")
    former = manager(store, "Gone").user
    former.is_staff = False
    former.save()
    return {
        "guest": None,
        "student": fang,
        "other student": bo,
        "teacher": course.realtor.user,
        "colleague": wei.user,
        "other teacher": hire(elsewhere, "Yun").user,
        "manager": manager(store).user,
        "other manager": manager(elsewhere, "Yan").user,
        "operator": register("Root", is_staff=True, is_superuser=True),
        "former manager": former,
    }


@pytest.mark.parametrize("call", MATRIX)
def test_matrix(call, cast, course, fang, now):
    seat, later = paid_seat(session_at(course, TEN), fang), session_at(course, clock("14:00"))
    if call in ("complete", "no-show"):
        services.accept(seat, by=teaching(course), at=NOW)
        now.move_to(TEN + MINUTE)
    path = f"/api/v1/bookings/{seat.pk}"

    for subject, wanted in zip(SUBJECTS, MATRIX[call].split(), strict=True):
        with taken_back():
            app = caller(cast[subject])

            answer = app.put(f"{path}/{call}", {"slotId": later.pk}) if call else app.get(path)

            if wanted == "-":
                assert answer.status_code == 200, (subject, answer.content)
                continue
            assert answer.status_code == int(wanted), (subject, answer.content)
            refusal_of(answer, int(wanted), CODES[int(wanted)])
            before = seat.status
            seat.refresh_from_db()
            assert (seat.status, seat.starts_at) == (before, TEN), subject


@pytest.mark.parametrize("call", MATRIX)
def test_what_is_not_yours_answers_like_what_is_not_there(call, course, fang, bo):
    seat, app = paid_seat(session_at(course, TEN), fang), caller(bo)

    def answer(pk):
        path = f"/api/v1/bookings/{pk}"
        return app.put(f"{path}/{call}", {"slotId": seat.session_id}) if call else app.get(path)

    foreign, absent = answer(seat.pk), answer(987654)

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
