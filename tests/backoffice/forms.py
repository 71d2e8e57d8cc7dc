"""What a browser would send from the pages of a store and of a realtor."""

from stores.models import BookingPolicy


def formset(prefix, rows=(), initial=0):
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": str(value) for name, value in row.items()}
    return sent


def store_form(store, hours=None, policy=None):
    """What the browser would send from the store's page, with these rows changed."""
    names = ("name", "slug", "phone", "city", "time_zone", "address", "plan")
    sent = {name: getattr(store, name) for name in names} | {"is_active": "on"}
    there = [
        {"id": row.pk, "weekday": row.weekday, "opens": row.opens, "closes": row.closes}
        for row in store.opening_intervals.all()
    ]
    sent |= formset("opening_intervals", hours if hours is not None else there, len(there))
    sent |= formset("special_days") | formset("memberships")
    row = BookingPolicy.objects.filter(store=store).first()
    known = [{"id": row.pk if row else "", **(policy or {})}]
    return sent | formset("policy_row", known, 1 if row else 0)


def realtor_form(realtor, work=()):
    there = list(realtor.intervals.filter(kind="work"))
    kept = [
        {"id": row.pk, "weekday": row.weekday, "starts": row.starts, "ends": row.ends}
        for row in there
    ]
    sent = {"name": realtor.name, "is_active": "on", "commission_percent": "0"}
    sent |= formset("intervals", [*kept, *work], len(there))
    return sent | formset("intervals-2") | formset("time_off")
