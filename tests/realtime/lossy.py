"""A channel layer that loses hints, brings some twice and some late: it may, by its contract.

``LOSSY_LAYER="0.2,0.1,0.05"`` (tests/settings.py) has a server receive through it: the shares of
hints that are dropped, doubled and delayed. Canaries pass, so that no hole in them gives the loss
away: what is lost must be found by numbers and by positions. It is done on the receiving side,
because hints are published past the layer (notifications/consumers/carrier.py).
"""

import asyncio
import random
from collections.abc import Awaitable
from typing import Any

from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

Message = dict[str, Any]
LATEST_SECONDS = 1.0


class Lossy:
    def __init__(self, *args: Any, shares: list[float], **options: Any) -> None:
        super().__init__(*args, **options)
        self.dropped, self.doubled, self.delayed = [*shares, 0.0, 0.0, 0.0][:3]
        self.chance = random.Random()
        self.again: dict[str, asyncio.Queue[Message]] = {}
        self.coming: dict[str, asyncio.Future[Message]] = {}

    def pure(self, channel: str) -> Awaitable[Message]:
        """What the layer itself receives next."""
        raise NotImplementedError

    async def receive(self, channel: str) -> Message:
        again = self.again.setdefault(channel, asyncio.Queue())
        while True:
            from_layer = self.coming.get(channel)
            if from_layer is None:
                from_layer = self.coming[channel] = asyncio.ensure_future(self.pure(channel))
            from_us = asyncio.ensure_future(again.get())
            try:
                await asyncio.wait((from_layer, from_us), return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                from_us.cancel()
                self.coming.pop(channel).cancel()
                raise
            if from_us.done():
                return from_us.result()
            from_us.cancel()
            del self.coming[channel]
            message = from_layer.result()
            if message["type"] != "rt.hint" or self.lets_pass(message, again):
                return message

    def lets_pass(self, message: Message, again: "asyncio.Queue[Message]") -> bool:
        fate = self.chance.random()
        if fate < self.dropped:
            return False
        fate -= self.dropped
        if fate < self.doubled:
            again.put_nowait(message)
            return True
        if fate - self.doubled < self.delayed:
            late = self.chance.uniform(0, LATEST_SECONDS)
            asyncio.get_running_loop().call_later(late, again.put_nowait, message)
            return False
        return True


class LossyRedis(Lossy, RedisPubSubChannelLayer):
    def pure(self, channel: str) -> Awaitable[Message]:
        return self._get_layer().receive(channel)


class LossyMemory(Lossy, InMemoryChannelLayer):
    def pure(self, channel: str) -> Awaitable[Message]:
        return InMemoryChannelLayer.receive(self, channel)
