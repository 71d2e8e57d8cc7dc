"""Every page of the site: its name, who looks at it, and in which states.

A new page is added to PAGES (or to NO_PAGE, with the reason why nobody looks at it);
test_registry.py says so when it is forgotten. The back office is found by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from . import worlds
from .worlds import CUSTOMER, GUEST, MANAGER, OPERATOR, PROVIDER, REALTOR, World

Args = list[Any] | dict[str, Any]
BOTH = ("empty", "full")
FULL = ("full",)
EMPTY = ("empty",)


def _none(world: World) -> Args:
    return []


def _store(world: World) -> Args:
    return [world.store.pk]


def _realtor(world: World) -> Args:
    return [world.realtor.pk]


def _code(which: str) -> Callable[[World], Args]:
    return lambda world: [world.things[which].code]


def _pk(which: str) -> Callable[[World], Args]:
    return lambda world: [world.things[which].pk]


def _ordered_there(world: World) -> Args:
    return [world.things["order_talk"].pk, world.things["service"].pk]


def _dict(**named: Any) -> Callable[[World], Args]:
    return lambda world: named


def _pet(world: World) -> Args:
    return {"kind": "pets", "dependant_id": world.things["pet"].pk}


def _hold(world: World) -> Args:
    return [world.things["hold"].token]


def _start(world: World) -> dict[str, str]:
    return {"start": worlds.full_start(world)}


def _on_map(world: World) -> dict[str, str]:
    return {"view": "map", "lat": "30.26", "lng": "120.17"}


def _nights(world: World) -> dict[str, str]:
    return dict(world.things["free_nights"])


def _full_nights(world: World) -> dict[str, str]:
    return dict(world.things["full_nights"])


def _far_nights(world: World) -> dict[str, str]:
    day = world.at.date() + timedelta(days=30)
    dates = {"check_in": day.isoformat(), "check_out": (day + timedelta(days=3)).isoformat()}
    return {**dates, "pets": "2"}


def _session(which: str) -> Callable[[World], dict[str, str]]:
    return lambda world: {"session": str(world.things[which].pk)}


def _week_of_session(world: World) -> dict[str, str]:
    session = world.things.get("session")
    return {"week": session.starts_local.date().isoformat()} if session else {}


@dataclass(frozen=True)
class Page:
    """``tag`` tells states of one page apart; ``looked_at``: also in the browser."""

    name: str
    who: str = GUEST
    args: Callable[[World], Args] = _none
    query: Callable[[World], dict[str, str]] | None = None
    worlds: tuple[str, ...] = BOTH
    tag: str = ""
    status: int = 200
    path: str = ""
    office: bool = False
    # Found, not written down: it may well lead elsewhere or not let this person in.
    found: bool = False
    looked_at: bool = True

    def address(self, world: World) -> str | None:
        """None where the world has nothing of that kind."""
        if self.path:
            return self.path
        try:
            args = self.args(world)
            query = self.query(world) if self.query else {}
        except (AttributeError, KeyError):
            return None
        named = args if isinstance(args, dict) else {}
        plain = args if isinstance(args, list) else []
        try:
            address = reverse(self.name, args=plain, kwargs=named)
        except NoReverseMatch:
            return None
        return f"{address}?{urlencode(query)}" if query else address

    def __str__(self) -> str:
        return " ".join(part for part in (self.who, self.name or self.path, self.tag) if part)


PUBLIC = [
    Page("site:home"),
    Page("site:home", CUSTOMER),
    Page("site:stores"),
    Page("site:stores", query=lambda world: {"q": "<script>window.__ran=1</script>"}, tag="none"),
    Page("site:store", args=_store),
    Page("site:store", CUSTOMER, args=_store),
    Page("site:realtor", args=_realtor),
    Page("site:houses"),
    Page("site:courses"),
    Page("site:boarding"),
    Page("site:boarding", query=_far_nights, tag="nights"),
    Page("site:boarding", query=lambda world: {"check_in": "2000-01-01"}, tag="wrong"),
    Page("site:viewing", args=_pk("shown_house"), worlds=FULL),
    Page("site:viewing", args=_pk("agencys_house"), worlds=FULL, tag="agency"),
    Page("appointments:boarding", args=_pk("boarding"), worlds=FULL),
    Page("appointments:boarding", args=_pk("boarding"), query=_nights, worlds=FULL, tag="free"),
    Page(
        "appointments:boarding", args=_pk("boarding"), query=_full_nights, worlds=FULL, tag="full"
    ),
    Page("site:services"),
    Page("site:houses", query=lambda world: {"rooms_min": "49", "q": "<script>x"}, tag="none"),
    Page("site:services", query=_on_map, tag="map"),
    Page("site:houses", query=lambda world: {"view": "map", "furnished": "0"}, tag="map"),
    Page("site:offers", args=_store),
    Page("site:listing", args=_pk("house"), worlds=FULL),
    Page("site:listing", args=_pk("flat"), query=_on_map, worlds=FULL, tag="away"),
    Page("site:listing", args=_pk("service"), worlds=FULL, tag="service"),
    Page("site:listing", REALTOR, args=_pk("draft"), worlds=FULL, tag="draft"),
    Page("reviews:of_listing", args=_pk("house"), worlds=FULL),
    Page("guide:styleguide"),
    Page("guide:tryout"),
    Page("reviews:of_store", args=_store),
    Page("reviews:of_realtor", args=_realtor),
    Page("appointments:board", args=_store),
    Page("", path="/no-such-page/", status=404, tag="missing"),
]
BOOKING = [
    Page("appointments:details", args=_hold, worlds=FULL),
    Page("appointments:confirm", args=_hold, worlds=FULL),
    Page("appointments:queue", args=_store, query=_start, worlds=FULL),
    Page("appointments:queue_confirm", args=_store, query=_start, worlds=FULL),
    Page("appointments:live", args=_store, worlds=FULL),
    Page("appointments:live_confirm", args=_store, worlds=FULL),
    Page("appointments:track"),
    Page("appointments:detail", args=_code("guest"), worlds=FULL, tag="unproven"),
    *(
        Page("appointments:detail", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("confirmed", "offered", "waiting", "cancelled", "completed", "unreviewed")
    ),
    Page("appointments:cancel", CUSTOMER, args=_code("confirmed"), worlds=FULL),
    Page("appointments:reschedule", CUSTOMER, args=_code("confirmed"), worlds=FULL),
    *(
        Page("appointments:detail", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("seat", "unpaid_seat", "packed_seat")
    ),
    *(
        Page("appointments:cancel", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("seat", "packed_seat")
    ),
    Page("appointments:reschedule", CUSTOMER, args=_code("unpaid_seat"), worlds=FULL, tag="seat"),
    Page("appointments:course", args=_pk("lessons"), worlds=FULL),
    Page("appointments:course", CUSTOMER, args=_pk("course"), worlds=FULL, tag="full"),
    Page(
        "appointments:course",
        CUSTOMER,
        args=_pk("package"),
        query=_session("package_session"),
        worlds=FULL,
        tag="package",
    ),
    Page(
        "appointments:book_seats",
        CUSTOMER,
        args=_pk("lessons"),
        query=_session("open_session"),
        worlds=FULL,
    ),
    Page("appointments:book_stay", CUSTOMER, args=_pk("boarding"), query=_nights, worlds=FULL),
    *(
        Page("appointments:detail", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("viewing", "seen", "stay", "unpaid_stay")
    ),
    Page("appointments:feedback", CUSTOMER, args=_code("seen"), worlds=FULL),
    Page("appointments:reschedule", CUSTOMER, args=_code("stay"), worlds=FULL, tag="stay"),
    Page("appointments:cancel", CUSTOMER, args=_code("stay"), worlds=FULL, tag="stay"),
    Page("appointments:reschedule", CUSTOMER, args=_code("viewing"), worlds=FULL, tag="viewing"),
    Page("appointments:order", args=_pk("service"), worlds=FULL),
    Page(
        "appointments:order_details",
        CUSTOMER,
        args=_pk("service"),
        query=lambda world: dict(world.things["order_start"]),
        worlds=FULL,
    ),
    *(
        Page("appointments:detail", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("proposed", "order", "asked_order", "own_asked_order")
    ),
    Page("appointments:call_off", CUSTOMER, args=_code("asked_order"), worlds=FULL),
    Page("appointments:cancel", CUSTOMER, args=_code("proposed"), worlds=FULL, tag="order"),
    Page("appointments:mine", CUSTOMER),
    Page("site:saved", CUSTOMER),
    Page("site:for_you"),
    Page("site:for_you", CUSTOMER),
    Page("site:services_for_you", CUSTOMER),
    Page("reviews:write", CUSTOMER, args=_code("unreviewed"), worlds=FULL),
    Page("reviews:write", CUSTOMER, args=_code("completed"), worlds=FULL, tag="written"),
    Page("reviews:report", CUSTOMER, args=_pk("review"), worlds=FULL),
]
ACCOUNT = [
    Page("account_login"),
    Page("account_signup"),
    Page("account_reset_password"),
    Page("account_reset_password_done"),
    Page("account_reset_password_from_key", args=worlds.reset_key, tag="key"),
    Page("account_reset_password_from_key_done"),
    Page("account_inactive"),
    Page("account_email_verification_sent"),
    Page("account_confirm_email", args=lambda world: [worlds.confirmation_key(world)]),
    Page("account_logout", CUSTOMER),
    Page("account_email", CUSTOMER),
    Page("account_change_password", CUSTOMER),
    Page("account_reauthenticate", CUSTOMER),
    Page("account_profile", CUSTOMER),
    Page("account_security", CUSTOMER),
    Page("account_family", CUSTOMER),
    Page("notifications:list", CUSTOMER),
    Page("notifications:preferences", CUSTOMER),
    Page("account_add_dependant", CUSTOMER, args=_dict(kind="pets"), tag="pet"),
    Page("account_add_dependant", CUSTOMER, args=_dict(kind="children"), tag="child"),
    Page("account_dependant", CUSTOMER, args=_pet, worlds=FULL),
    Page("account_remove_dependant", CUSTOMER, args=_pet, worlds=FULL),
    Page("account_avatar", CUSTOMER),
    Page("account_leave", CUSTOMER),
    Page("mfa_index", OPERATOR),
    Page("mfa_activate_totp", OPERATOR),
]
CONSOLE = [
    Page("appointments:console:today", REALTOR),
    Page("appointments:console:hours", REALTOR),
    Page("appointments:console:own_page", REALTOR),
    Page("appointments:console:listings", REALTOR),
    Page("appointments:console:listings", PROVIDER, worlds=EMPTY),
    Page("appointments:console:listing", REALTOR, args=_pk("house"), worlds=FULL),
    Page("appointments:console:listing", REALTOR, args=_pk("hidden"), worlds=FULL, tag="hidden"),
    *(
        Page("appointments:console:new_listing", REALTOR, args=_dict(kind=kind), tag=kind)
        for kind in ("house", "course", "boarding", "service")
    ),
    Page("appointments:console:own_page", PROVIDER),
    Page("appointments:console:today", PROVIDER, worlds=EMPTY),
    Page("appointments:console:time_off", REALTOR),
    Page("reviews:console", REALTOR),
    Page("appointments:console:calendar", REALTOR),
    Page("appointments:console:boarding", REALTOR),
    Page("appointments:console:orders", REALTOR),
    Page("appointments:console:orders", PROVIDER, worlds=EMPTY),
    Page("appointments:console:appointment", REALTOR, args=_pk("order"), worlds=FULL, tag="order"),
    Page("appointments:console:statistics", REALTOR),
    *(
        Page("appointments:console:appointment", REALTOR, args=_pk(which), worlds=FULL, tag=which)
        for which in ("confirmed", "in_progress", "completed")
    ),
    Page("appointments:console:sessions", REALTOR),
    Page("appointments:console:sessions", REALTOR, query=_week_of_session, worlds=FULL, tag="week"),
    *(
        Page("appointments:console:session", REALTOR, args=_pk(which), worlds=FULL, tag=which)
        for which in ("session", "begun", "blocked")
    ),
    Page("appointments:console:edit_session", REALTOR, args=_pk("session"), worlds=FULL),
    Page("appointments:console:edit_session", REALTOR, args=_pk("blocked"), worlds=FULL, tag="all"),
    Page("appointments:console:new_session", REALTOR, worlds=FULL),
    Page("appointments:console:new_rule", REALTOR, worlds=FULL),
    Page("appointments:console:session_rule", REALTOR, args=_pk("rule"), worlds=FULL),
    Page("appointments:console:appointment", REALTOR, args=_pk("seat"), worlds=FULL, tag="seat"),
    Page("appointments:desk", MANAGER, args=_store),
    Page("appointments:desks", OPERATOR, worlds=FULL),
    Page(
        "appointments:desk_code",
        MANAGER,
        args=lambda world: [world.store.pk, world.things["confirmed"].code],
        worlds=FULL,
    ),
]
TALKS = [
    Page("chat:list", CUSTOMER),
    Page("chat:list", CUSTOMER, query=lambda world: {"archived": "1"}, tag="archived"),
    *(
        Page("chat:thread", CUSTOMER, args=_pk(which), worlds=FULL, tag=which)
        for which in ("talk", "group", "archived", "site", "quiet")
    ),
    Page("chat:thread", REALTOR, args=_pk("talk"), worlds=FULL),
    *(
        Page("chat:thread", who, args=_pk("order_talk"), worlds=FULL, tag="order")
        for who in (CUSTOMER, REALTOR)
    ),
    Page("chat:services", REALTOR, args=_pk("order_talk"), worlds=FULL),
    Page("chat:order", CUSTOMER, args=_ordered_there, worlds=FULL),
    Page(
        "chat:order_details",
        CUSTOMER,
        args=_ordered_there,
        query=lambda world: dict(world.things["order_start"]),
        worlds=FULL,
    ),
    Page("chat:search", CUSTOMER),
    Page("chat:search", CUSTOMER, query=lambda world: {"q": "很"}, tag="found"),
    Page("chat:search", CUSTOMER, query=lambda world: {"q": "<script>x"}, tag="none"),
    Page(
        "chat:new",
        CUSTOMER,
        query=lambda world: {"to": str(world.people[REALTOR].pk)},
    ),
    Page("chat:new_group", CUSTOMER),
    Page("chat:members", CUSTOMER, args=_pk("group"), worlds=FULL),
    Page("chat:blocks", CUSTOMER),
    Page("chat:block", CUSTOMER, args=_pk("talk"), worlds=FULL),
    Page("chat:report", CUSTOMER, args=_pk("talk"), worlds=FULL),
    Page(
        "chat:edit",
        CUSTOMER,
        args=lambda world: [world.things["talk"].pk, world.things["message"].pk],
        worlds=FULL,
    ),
]
MONEY = [
    Page("payments:checkout", CUSTOMER, args=_code("to_pay"), worlds=FULL),
    Page("payments:checkout", CUSTOMER, args=_code("order"), worlds=FULL, tag="order"),
    *(
        Page("payments:paid", CUSTOMER, args=_code(which), worlds=FULL, tag=which)
        for which in ("to_pay", "paid")
    ),
    Page(
        "payments:paid",
        CUSTOMER,
        args=lambda world: [world.things["going"].shares.get().appointment.code],
        worlds=FULL,
        tag="asking",
    ),
    Page(
        "payments:sandbox",
        args=lambda world: [world.things["till"].number],
        worlds=FULL,
    ),
    Page("payments:mine", CUSTOMER),
    Page("payments:earnings", REALTOR),
    Page("admin:payments_payment_report", MANAGER, office=True),
]
OFFICE = [
    Page("admin:index", OPERATOR, office=True),
    Page("admin:index", MANAGER, office=True),
    Page("admin:appointments_appointment_live", MANAGER, office=True),
    Page(
        "admin:chat_conversation_reading",
        OPERATOR,
        args=_pk("reading"),
        worlds=FULL,
        office=True,
    ),
    Page(
        "admin:chat_conversation_message",
        OPERATOR,
        args=lambda world: [
            world.things["reading"].pk,
            world.things["others_message"].pk,
            "hide",
        ],
        worlds=FULL,
        office=True,
    ),
]
PAGES = [*PUBLIC, *BOOKING, *ACCOUNT, *CONSOLE, *TALKS, *MONEY, *OFFICE]

POSTED = "only takes what a form sends"
LEADS_ON = "leads on to another page"
MACHINES = "is read by machines"
FACTOR = "is only met by whoever has a second factor, between password and entry"
NO_PAGE = {
    "appointments:hold": LEADS_ON,
    "payments:go": LEADS_ON,
    "appointments:prove": LEADS_ON,
    "appointments:choose_seats": LEADS_ON,
    "appointments:wish_for_seat": POSTED,
    "appointments:desk_walk_in": POSTED,
    "appointments:console:presence": POSTED,
    "appointments:console:heartbeat": POSTED,
    "appointments:console:accept": POSTED,
    "appointments:console:decline": POSTED,
    "appointments:console:start": POSTED,
    "appointments:console:complete": POSTED,
    "appointments:console:no_show": POSTED,
    "appointments:console:remove_time_off": POSTED,
    "appointments:console:check_in": POSTED,
    "appointments:console:cancel": "a form on the appointment's page leads here",
    "appointments:console:note": "a form on the appointment's page leads here",
    "appointments:console:feed": POSTED,
    "appointments:console:block_session": "a form on the session's page leads here",
    "appointments:console:unblock_session": POSTED,
    "appointments:console:call_off_session": "a form on the session's page leads here",
    "appointments:console:session_held": POSTED,
    "appointments:feed": MACHINES,
    "appointments:calendar": MACHINES,
    "site:save": POSTED,
    "site:keep_place": POSTED,
    "site:for_you_part": "a part of the first page, asked for by its script",
    "site:suggestions": "a part of a page, asked for while somebody types",
    "appointments:console:publish_listing": POSTED,
    "appointments:console:withdraw_listing": POSTED,
    "appointments:console:add_picture": "a form on the listing's page leads here",
    "appointments:console:change_picture": POSTED,
    "realtors:picture": "a picture",
    "realtors:picture_small": "a picture",
    "reviews:photo": "a picture",
    "reviews:photo_small": "a picture",
    "reviews:reply": "a form on the realtor's list of reviews leads here",
    "chat:rows": "a part of a page, asked for by its script",
    "chat:messages": "a part of a page, asked for by its script",
    "chat:unread": MACHINES,
    "chat:act": POSTED,
    "chat:send": POSTED,
    "chat:read": POSTED,
    "chat:mute": POSTED,
    "chat:rename": POSTED,
    "chat:add": POSTED,
    "chat:leave": POSTED,
    "chat:take_back": POSTED,
    "chat:unblock": POSTED,
    "chat_files:large": "a file that somebody has sent",
    "chat_files:small": "a picture that somebody has sent",
    "notifications:open": "a form on the list of notifications leads here",
    "notifications:read_all": POSTED,
    "account_remove_avatar": POSTED,
    "set_language": POSTED,
    "account_set_password": "everybody here has a password; leads on to the page that changes it",
    "mfa_authenticate": FACTOR,
    "mfa_reauthenticate": FACTOR,
    "mfa_deactivate_totp": FACTOR,
    "mfa_view_recovery_codes": FACTOR,
    "mfa_generate_recovery_codes": FACTOR,
    "mfa_download_recovery_codes": FACTOR,
    "media": "a file that somebody has uploaded",
    "health": MACHINES,
    "metrics": MACHINES,
    "schema": MACHINES,
    "docs": "is drf-spectacular's own page, with its own style and script",
    "admin:auth_user_password_change": POSTED,
    "admin:login": LEADS_ON,
    "admin:logout": POSTED,
    "admin:password_change": LEADS_ON,
    "admin:password_change_done": LEADS_ON,
    "admin:autocomplete": MACHINES,
    "admin:jsi18n": MACHINES,
    "admin:stores_bookingpolicy_preview": POSTED,
    "admin:chat_conversation_file": "a file that somebody has sent",
    "admin:chat_conversation_write_to_somebody": LEADS_ON,
    "admin:search": "is the answer to a letter typed into the theme's search, which is off",
    "admin:app_list": "shows a part of the first page",
}


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """The name with its namespaces, the address as written, and the pattern of every door."""
    yield from _below(get_resolver().url_patterns, (), "")


def _below(found: Any, spaces: tuple[str, ...], before: str) -> Iterator[tuple[str, str, Any]]:
    for one in found:
        written = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from _below(one.url_patterns, inner, written)
        elif one.name:
            yield ":".join((*spaces, one.name)), written, one
        else:
            yield "", written, one


def every_page() -> list[Page]:
    """Those written down, and those of the back office."""
    return [*PAGES, *office_pages()]


def office_pages() -> list[Page]:
    """Lists, forms, histories, deletions and whatever else each model has there."""
    known = {page.name for page in PAGES} | set(NO_PAGE)
    found = []
    for name, _written, one in patterns():
        if not name.startswith("admin:") or name in known:
            continue
        wanted = set(one.pattern.converters) | set(getattr(one.pattern, "regex", _Bare).groupindex)
        if not wanted:
            found.append(_page_of_a_list(name))
        elif wanted == {"object_id"}:
            found.append(_page_of_a_row(name))
    return found


# What looks the same for every model is looked at for these.
SHOWN_FOR_ALL = ("appointment", "store")


class _Bare:
    groupindex: dict[str, int] = {}


def _page_of_a_list(name: str) -> Page:
    """In the browser: the list, and what is said of bringing rows in. A page that adds is one only
    where somebody may add; the choice of columns to take along looks the same for every model."""
    model, verb = _parts(name)
    own = {
        "add": "add" in getattr(admin.site._registry[model], "operators_may", ("add",)),
        "export": model._meta.model_name in SHOWN_FOR_ALL,
        "save_search": False,
        "import_example": False,
        "import_confirm": False,
    }
    return Page(name, OPERATOR, office=True, found=True, looked_at=own.get(verb, True))


def _page_of_a_row(name: str) -> Page:
    """The forms are looked at in the browser; what asks or tells about a row looks the same for
    every model, so a few do."""
    model, verb = _parts(name)
    model_name = model._meta.model_name
    own = verb not in ("history", "delete") or model_name in SHOWN_FOR_ALL

    def args(world: World) -> Args:
        row = world.things.get("confirmed") if model_name == "appointment" else None
        return [(row or world.row_of(model)).pk]  # type: ignore[union-attr]

    return Page(name, OPERATOR, args=args, office=True, found=True, looked_at=own)


def _parts(name: str) -> tuple[type[Model], str]:
    """``admin:appointments_appointment_cancel_here`` as model and what is done."""
    rest = name.removeprefix("admin:")
    for model in admin.site._registry:
        stem = f"{model._meta.app_label}_{model._meta.model_name}_"
        if rest.startswith(stem):
            return model, rest.removeprefix(stem)
    raise LookupError(f"{name} belongs to no model: write it down in PAGES or NO_PAGE")
