"""Channels as its documentation has it: a consumer a socket, in a group, sent to as it comes.

``uvicorn benchmarks.realtime.stock:application``. Nobody is asked who they are: the user's id
stands in the query.
"""

from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from booking_site.site.lifespan import Lifespan  # noqa: E402


class Stock(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        user_id = parse_qs(self.scope["query_string"].decode())["user_id"][0]
        self.group = f"u.{user_id}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept("rt.v1")
        await self.send_json({"event": "welcome", "data": {"u": 0}})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def rt_stock(self, message: dict[str, Any]) -> None:
        await self.send_json(message["frame"])


application = ProtocolTypeRouter(
    {"http": django_application, "websocket": Stock.as_asgi(), "lifespan": Lifespan()}
)
