"""How a key stands in the OpenAPI document: only at the calls that one may open."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from .key_doors import door_of


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "stores.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "Of another system that acts for a store; also as `Authorization:"
            " Api-Key …`. It may do what its scopes say.",
        }

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[str]]]:
        is_open = door_of(auto_schema.path).scope(auto_schema.method.upper()) is not None
        return [{self.name: []}] if is_open else []
