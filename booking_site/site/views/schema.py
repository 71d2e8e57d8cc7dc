"""The OpenAPI document, and Swagger UI on it from our own host."""

from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView


class RememberingGenerator(SchemaGenerator):
    """The document changes with the code only, so each process makes it once a language; making
    it anew for every request would let anybody keep us busy."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        return _document(get_language())


class RefusesInJSON(APIView):
    """Whatever it serves else, a refusal is the envelope."""

    def handle_exception(self, exc: Exception) -> Response:
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


class SchemaView(RefusesInJSON, SpectacularAPIView):
    permission_classes = [AllowAny]
    generator_class = RememberingGenerator


# The page brings a <style> of its own; scripts come from our host only, as everywhere.
@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class DocsView(RefusesInJSON, SpectacularSwaggerSplitView):
    permission_classes = [AllowAny]
    url_name = "schema"


@cache
def _document(language: str | None) -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document
