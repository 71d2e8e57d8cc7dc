"""Figures of a store or of one's own: what goes in, whose they may be, what comes out."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from appointments.selectors.statistics import RealtorFigures, Span, Statistics, Tally
from booking_site.common.api.inputs import IdField, not_there, row_id
from booking_site.common.api.times import QueryDateField
from booking_site.common.callers import actor_of
from booking_site.common.errors import Forbidden
from realtors.models import Realtor
from stores.models import Store
from stores.permissions import manages


class StatisticsQueryShape(serializers.Serializer):
    store_id = IdField(
        required=False, help_text=gettext_lazy("All stores of the caller when missing.")
    )
    realtor_id = IdField(
        required=False, help_text=gettext_lazy("Only what this realtor has, or had.")
    )
    date_from = QueryDateField(
        required=False, help_text=gettext_lazy("29 days before date_to when missing.")
    )
    date_to = QueryDateField(
        required=False,
        help_text=gettext_lazy("Included. Today, by each store's calendar, when missing."),
    )


class RoundedField(serializers.FloatField):
    """A figure to so many places; null where there is nothing to reckon with."""

    def __init__(self, places: int, **options: Any) -> None:
        self.places = places
        super().__init__(**options)

    def to_representation(self, value: Any) -> Any:
        return round(float(value), self.places)


def _rate() -> RoundedField:
    return RoundedField(4, allow_null=True, min_value=0, max_value=1)


def _minutes(*, allow_null: bool = False) -> RoundedField:
    return RoundedField(1, allow_null=allow_null, min_value=0)


class TallyShape(serializers.Serializer):
    """``created``: made in the range. ``completed``, ``cancelled``, ``no_show``, ``open``: what
    became of those that start in it; ``success_rate`` is completed / (completed + cancelled +
    no_show). Wait: from joining the live line to a realtor's yes. Answer: from an offer of a
    scheduled appointment to yes or no. ``utilisation``: busy of working minutes. Rates are from 0
    to 1, and what cannot be said is null."""

    created = serializers.IntegerField()
    completed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    no_show = serializers.IntegerField()
    open = serializers.IntegerField()
    success_rate = _rate()
    waited = serializers.IntegerField()
    mean_wait_minutes = _minutes(allow_null=True)
    p95_wait_minutes = _minutes(allow_null=True)
    answered = serializers.IntegerField()
    mean_answer_minutes = _minutes(allow_null=True)
    p95_answer_minutes = _minutes(allow_null=True)
    working_minutes = _minutes()
    busy_minutes = _minutes()
    utilisation = _rate()


class RealtorFiguresShape(TallyShape):
    """``load``: live customers this realtor holds at this moment, of at most ``max_load``."""

    realtor_id = serializers.CharField()
    realtor_name = serializers.CharField()
    store_id = serializers.CharField()
    load = serializers.IntegerField()
    max_load = serializers.IntegerField()


class DayFiguresShape(TallyShape):
    date = serializers.DateField()


class HourFiguresShape(TallyShape):
    hour = serializers.IntegerField(min_value=0, max_value=23)


class StatisticsShape(TallyShape):
    """``by_hour``: by the wall clock, all days together. ``fairness``: Jain's index of the
    realtors' utilisation, 1 when all are equally busy."""

    store_id = serializers.CharField(allow_null=True)
    realtor_id = serializers.CharField(allow_null=True)
    date_from = serializers.DateField(allow_null=True)
    date_to = serializers.DateField(allow_null=True)
    fairness = _rate()
    realtors = RealtorFiguresShape(many=True)
    by_day = DayFiguresShape(many=True)
    by_hour = HourFiguresShape(many=True)


def scope_of(
    request: Request, *, store_id: str | None, realtor_id: str | None
) -> tuple[list[Store], Realtor | None]:
    """The stores whose figures the caller may see, and the one realtor they are restricted to.

    Who runs a store sees all of it, a provider what is their own. Raises Forbidden for everybody
    else, NotFound for stores and realtors of others.
    """
    assert isinstance(request.user, User)
    own = Realtor.objects.filter(user=request.user).select_related("store").first()
    run = list(Store.objects.managed_by(request.user))
    if own is not None and own.store not in run and manages(actor_of(request), own.store):
        run.append(own.store)
    if not run and own is None and not request.user.is_superuser:
        raise Forbidden
    stores = run
    if store_id is not None:
        number = row_id(store_id, field="store_id")
        stores = [store for store in run if store.pk == number]
        if not stores and (own is None or own.store_id != number):
            raise not_there("store_id")
    if not stores and own is not None:
        return [own.store], _one_of(Realtor.objects.filter(pk=own.pk), realtor_id) or own
    return stores, _one_of(Realtor.objects.filter(store__in=stores), realtor_id)


def _one_of(rows: Any, realtor_id: str | None) -> Realtor | None:
    if realtor_id is None:
        return None
    realtor: Realtor | None = rows.filter(pk=row_id(realtor_id, field="realtor_id")).first()
    if realtor is None:
        raise not_there("realtor_id")
    return realtor


def statistics_answer(
    spans: Sequence[Span], found: Statistics, *, one_store: bool, realtor: Realtor | None
) -> dict[str, Any]:
    return {
        "store_id": str(spans[0].store.pk) if one_store else None,
        "realtor_id": str(realtor.pk) if realtor else None,
        "date_from": min((span.first.isoformat() for span in spans), default=None),
        "date_to": max((span.last.isoformat() for span in spans), default=None),
        **_figures(found.total),
        "fairness": None if found.fairness is None else round(found.fairness, 4),
        "realtors": [_of_realtor(one) for one in found.realtors],
        "by_day": [
            {"date": day.isoformat(), **_figures(tally)} for day, tally in found.by_day.items()
        ],
        "by_hour": [{"hour": hour, **_figures(tally)} for hour, tally in enumerate(found.by_hour)],
    }


def _of_realtor(one: RealtorFigures) -> dict[str, Any]:
    return {
        "realtor_id": str(one.realtor.pk),
        "realtor_name": one.realtor.name,
        "store_id": str(one.realtor.store_id),
        "load": one.load,
        "max_load": one.max_load,
        **_figures(one.tally),
    }


def _figures(tally: Tally) -> dict[str, Any]:
    return dict(TallyShape(tally).data)
