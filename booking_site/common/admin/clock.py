"""Times in forms are read and shown by the wall clock of the store they belong to."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from .base import BaseAdmin


class StoreClockAdmin(BaseAdmin):
    """``zone_lookup`` leads from a row to its store's time zone."""

    zone_lookup: ClassVar[str] = "store__time_zone"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with timezone.override(self._zone_of(object_id)):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
        return response

    def _zone_of(self, object_id: str | None) -> Any:
        """The reader's own clock where there is no row yet."""
        try:
            key = self.model._meta.pk.to_python(object_id)
            rows = self.model._default_manager.filter(pk=key)
            name = rows.values_list(self.zone_lookup, flat=True).first() if key else None
        except (ValidationError, ValueError, TypeError, OverflowError):
            name = None
        return ZoneInfo(name) if name else timezone.get_current_timezone()
