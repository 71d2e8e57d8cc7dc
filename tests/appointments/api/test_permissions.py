"""Who may press what: every subject on every writing route of one store, through the URLs.

Wei and Ming work in the store, Yun in another. The appointments are Fang's, with Wei. ``-`` means
carried out; a number is the refusal's status. What is not somebody's to see is not there (404).
"""

import pytest

from tests.callers import caller, refusal_of

from ..world import (
    HOUR,
    NOW,
    away,
    book,
    clock,
    confirmed,
    hire,
    manager,
    open_store,
    register,
    running,
)

SUBJECTS = (
    "guest",
    "customer",
    "other customer",
    "realtor",
    "colleague",
    "other realtor",
    "manager",
    "other manager",
    "operator",
    "former manager",
)
CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}
# By route: what each subject gets, in the order of SUBJECTS.
#               guest  cust. other  Wei   Ming  Yun   mgr   other oper. former
MATRIX = {
    "accept": "  401    403   404   -     404   404   -     404   -     404",
    "decline": " 401    403   404   -     404   404   -     404   -     404",
    "start": "   401    403   404   -     404   404   -     404   -     404",
    "complete": "401    403   404   -     404   404   -     404   -     404",
    "no-show": " 401    403   404   -     404   404   -     404   -     404",
    "cancel": "  403p   -     403   -     403   403   -     403   -     403",
    "move": "    403p   -     403   403   403   403   -     403   -     403",
    "history": " 403p   -     403   -     403   403   -     403   -     403",
    "list": "    401    -     -     -     -     -     -     -     -     -",
    "hours": "   401    403   403   403   403   403   -     403   -     403",
    "day+": "    401    403   403   403   403   403   -     403   -     403",
    "day~": "    401    403   403   403   403   403   -     403   -     403",
    "day-": "    401    403   403   403   403   403   -     403   -     403",
    "shift": "   401    403   403   -     403   403   -     403   -     403",
    "off?": "    401    403   403   -     403   403   -     403   -     403",
    "off+": "    401    403   403   -     403   403   -     403   -     403",
    "off~": "    401    403   403   -     403   403   -     403   -     403",
    "off-": "    401    403   403   -     403   403   -     403   -     403",
}
WEEK = {"hours": [{"weekday": 0, "opens": "09:00", "closes": "20:00"}], "breaks": []}
OFF = {"starts_at": "2026-03-05T00:00:00+08:00", "ends_at": "2026-03-06T00:00:00+08:00"}
TO_SEVENTEEN = {"appointment_date": "2026-03-02", "start_time": "17:00"}


@pytest.fixture
def cast(store, wei, ming, fang, bo):
    elsewhere = open_store("bund")
    former = manager(store, "Gone").user
    former.is_staff = False
    former.save()
    return {
        "guest": None,
        "customer": fang,
        "other customer": bo,
        "realtor": wei.user,
        "colleague": ming.user,
        "other realtor": hire(elsewhere, "Yun").user,
        "manager": manager(store).user,
        "other manager": manager(elsewhere, "Yan").user,
        "operator": register("Root", is_staff=True, is_superuser=True),
        "former manager": former,
    }


def press(route, by, store, wei, fang, now):
    """Make what the route needs, and call it as ``by``."""
    if route in ("accept", "decline", "cancel", "move", "history"):
        booked = book(store, clock("14:00"), customer=fang, realtor=wei)
    elif route in ("start", "no-show"):
        booked = confirmed(store, clock("14:00"), customer=fang, realtor=wei)
        now.move_to(clock("14:00"))
    elif route == "complete":
        booked = running(store, clock("14:00"), customer=fang, realtor=wei)
        now.move_to(clock("14:00"))
    day = store.special_days.create(date="2026-03-06")
    off = away(wei, NOW + 40 * HOUR, NOW + 42 * HOUR)
    days, times = f"stores/{store.pk}/special-days", f"realtors/{wei.pk}/time-off"
    calls = {
        "cancel": lambda: by.post(f"appointments/{booked.code}/cancel"),
        "move": lambda: by.post(f"appointments/{booked.code}/reschedule", TO_SEVENTEEN),
        "history": lambda: by.get(f"appointments/{booked.code}/history"),
        "list": lambda: by.get("appointments"),
        "hours": lambda: by.put(f"stores/{store.pk}/hours", WEEK),
        "day+": lambda: by.post(days, {"date": "2026-03-05"}),
        "day~": lambda: by.patch(f"{days}/{day.pk}", {"note": "fair"}),
        "day-": lambda: by.delete(f"{days}/{day.pk}"),
        "shift": lambda: by.put(f"realtors/{wei.pk}/hours", WEEK),
        "off?": lambda: by.get(times),
        "off+": lambda: by.post(times, OFF),
        "off~": lambda: by.patch(f"{times}/{off.pk}", {"reason": "ill"}),
        "off-": lambda: by.delete(f"{times}/{off.pk}"),
    }
    if route in calls:
        return calls[route]()
    return by.post(f"appointments/{booked.pk}/{route}")


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("route", MATRIX)
def test_matrix(route, subject, cast, store, wei, fang, now):
    wanted = MATRIX[route].split()[SUBJECTS.index(subject)]

    answer = press(route, caller(cast[subject]), store, wei, fang, now)

    if wanted == "-":
        assert answer.status_code in (200, 201, 204), answer.content
    elif wanted == "403p":
        refusal_of(answer, 403, "proof_required")
    else:
        refusal_of(answer, int(wanted), CODES[int(wanted)])


@pytest.mark.parametrize("verb", ["accept", "decline", "start", "complete", "no-show"])
def test_what_is_not_yours_answers_like_what_is_not_there(store, wei, bo, verb):
    booked = book(store, clock("14:00"))

    foreign = caller(bo).post(f"appointments/{booked.pk}/{verb}")
    absent = caller(bo).post(f"appointments/987654/{verb}")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


def test_a_disabled_manager_loses_everything_at_once(store, wei):
    boss = manager(store).user
    app = caller(boss)
    boss.is_active = False
    boss.save()
    booked = book(store, clock("14:00"))

    refusal_of(app.post(f"appointments/{booked.pk}/accept"), 404, "not_found")
    refusal_of(app.put(f"stores/{store.pk}/hours", WEEK), 403, "forbidden")
    assert app.get("appointments").json()["data"] == []


def test_a_realtor_who_was_passed_over_sees_nothing_of_it_any_more(store, wei, ming):
    booked = book(store, clock("14:00"))
    refuser, taker = (wei, ming) if booked.realtor == wei else (ming, wei)
    caller(refuser.user).post(f"appointments/{booked.pk}/decline")

    assert caller(refuser.user).get("appointments").json()["data"] == []
    assert len(caller(taker.user).get("appointments").json()["data"]) == 1
