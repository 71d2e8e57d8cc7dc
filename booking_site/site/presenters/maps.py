"""Where listings lie, for _components/where.html: drawn to scale, or on tiles where the
installation has some. No query: they come with their stores."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.common.places import Point
from booking_site.site import drawing
from booking_site.site.presenters import words
from realtors.models import Listing

# Kilometres: what stands nearer to its store than this stands in it.
AT_THE_STORE = 0.03


def of_list(
    rows: Sequence[Listing], *, place: Point | None, first: int = 1
) -> dict[str, Any] | None:
    """Of a page of a list whose cards are numbered from ``first``. None where nobody knows where
    any of them is."""
    known = [(first + at, one, where(one)) for at, one in enumerate(rows)]
    there = [
        {"number": number, "name": one.title, "href": f"#listing-{one.pk}", "point": point}
        for number, one, point in known
        if point is not None
    ]
    if not there:
        return None
    missing = len(known) - len(there)
    note = ngettext(
        "Of %(count)d of them nobody has said where it is.",
        "Of %(count)d of them nobody has said where they are.",
        missing,
    )
    notes = [_("The numbers are those of the list.")]
    notes += [note % {"count": missing}] if missing else []
    return shown(there, place) | {"notes": notes}


def of_one(listing: Listing, *, place: Point | None) -> dict[str, Any] | None:
    """Of the page of one: it, and its store where that stands elsewhere. None where there would be
    nothing to compare it with, and there are no tiles."""
    here = where(listing)
    if here is None:
        return None
    there: list[dict[str, Any]] = [
        {"number": 1, "name": listing.title, "href": "#where-title", "point": here}
    ]
    store = listing.store
    stands = _sound(store.point)
    if stands is not None and stands.kilometres_to(here) > AT_THE_STORE:
        href = reverse("site:store", args=[store.pk])
        there.append({"number": 2, "name": store.name, "href": href, "point": stands})
    if len(there) == 1 and place is None and not settings.MAP_TILE_URL:
        return None
    return shown(there, place) | {"legend": there if len(there) > 1 else []}


def way_to(listing: Listing, *, place: Point | None) -> dict[str, str]:
    """``geo``: an address that apps of maps open (RFC 5870), ``away``: how far from ``place``;
    each empty where it is not known."""
    here = where(listing)
    if here is None:
        return {"geo": "", "away": ""}
    at = f"{here.latitude:.6f},{here.longitude:.6f}"
    name = quote(listing.title, safe="")
    away = words.distance(place.kilometres_to(here)) if place else ""
    return {"geo": f"geo:{at}?q={at}({name})", "away": away}


def shown(there: list[dict[str, Any]], place: Point | None) -> dict[str, Any]:
    """Of places, each with ``number``, ``name``, ``href`` and ``point``: at least one."""
    points, numbers = [one["point"] for one in there], [one["number"] for one in there]
    drawn = drawing.drawn(points, place=place, numbers=numbers)
    length = words.length(drawn.bar_km)
    squares, rings = _("Each square is %(length)s wide."), _("The rings are %(length)s apart.")
    around = [(rings if drawn.place else squares) % {"length": length}]
    if place and drawn.place is None:
        around.insert(0, _("Where you look from is too far away to be drawn with it."))
    return {
        "width": drawing.WIDTH,
        "height": drawing.HEIGHT,
        "labels": [_label(one, there) for one in drawn.labels],
        "place": _spot(drawn.place),
        "rings": [round(radius, 1) for radius in drawn.rings],
        "grid": _grid(drawn),
        "bar": {"width": round(drawn.bar, 1), "label": length},
        "around": around,
        "tiles": _tiles(there, place) if settings.MAP_TILE_URL else None,
    }


def _grid(drawn: drawing.Drawing) -> str:
    """Of a path."""
    upright = "".join(f"M{x:.1f} 0v{drawing.HEIGHT}" for x in drawn.across)
    return upright + "".join(f"M0 {y:.1f}h{drawing.WIDTH}" for y in drawn.down)


def _label(label: drawing.Label, there: list[dict[str, Any]]) -> dict[str, Any]:
    """Leads to the first of its places, and names all of them."""
    meant = [there[place] for place in label.places]
    told = _("%(number)d: %(name)s")
    return {
        "href": meant[0]["href"],
        "text": label.text,
        "name": _("; ").join(
            told % {"number": one["number"], "name": one["name"]} for one in meant
        ),
        "x": round(label.x, 1),
        "y": round(label.y, 1),
        "left": round(label.x - label.half_width, 1),
        "top": round(label.y - drawing.HALF, 1),
        "width": round(2 * label.half_width, 1),
        "height": 2 * drawing.HALF,
        "many": len(meant) > 1,
    }


def _spot(spot: drawing.Spot | None) -> dict[str, float] | None:
    return spot and {"x": round(spot[0], 1), "y": round(spot[1], 1)}


def _tiles(there: list[dict[str, Any]], place: Point | None) -> dict[str, Any]:
    """For map.js. A place that was looked for is as exact as its address, and no more."""
    marks = [
        {
            "latitude": f"{one['point'].latitude:.6f}",
            "longitude": f"{one['point'].longitude:.6f}",
            "number": one["number"],
            "name": one["name"],
            "href": one["href"],
        }
        for one in there
    ]
    if place:
        at = {"latitude": f"{place.latitude:.3f}", "longitude": f"{place.longitude:.3f}"}
        marks.append({**at, "number": "", "name": _("You look from here"), "href": ""})
    return {"url": settings.MAP_TILE_URL, "attribution": settings.MAP_ATTRIBUTION, "marks": marks}


def where(listing: Listing) -> Point | None:
    """Not its store's place where it has an address of its own."""
    if listing.address and listing.latitude is None:
        return None
    return _sound(listing.point)


def _sound(point: Point | None) -> Point | None:
    """A point that is on the earth: tables hold what staff have written."""
    if point is None or abs(point.latitude) > 90 or abs(point.longitude) > 180:
        return None
    return point
