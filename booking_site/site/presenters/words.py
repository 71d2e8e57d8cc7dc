"""Small words that several pages share."""

from django.utils.translation import gettext as _

from stores.models import Store

# What is longer stands below the times, which is what people come for.
LONGEST_INTRODUCTION = 90


def city_of(store: Store) -> str:
    """Unless the address says it already, as Chinese ones do."""
    return "" if store.city in store.address else store.city


def distance(kilometres: float) -> str:
    """``350 m``, ``1.2 km``, ``14 km``: no closer than anybody walks by."""
    if kilometres < 0.975:
        return _("%(count)d m") % {"count": max(50, round(kilometres * 20) * 50)}
    if kilometres < 9.95:
        return _("%(count)s km") % {"count": f"{kilometres:.1f}"}
    return _("%(count)s km") % {"count": round(kilometres)}


def length(kilometres: float) -> str:
    """``200 m``, ``5 km``: of a figure that is round."""
    if kilometres < 1:
        return _("%(count)d m") % {"count": round(kilometres * 1000)}
    return _("%(count)s km") % {"count": f"{kilometres:g}"}
