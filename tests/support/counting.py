"""The site with a count of what it is busy with, for a server that several tests share."""

from typing import Any

# Nobody's address: the site never hears of it.
RUNNING = "/tests-count-what-runs"


class Counting:
    """Answers ``RUNNING`` with the number of requests and open sockets of the application in it."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside
        self.running = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.inside(scope, receive, send)
        elif scope["path"] == RUNNING:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": str(self.running).encode()})
        else:
            self.running += 1
            try:
                await self.inside(scope, receive, send)
            finally:
                self.running -= 1


def __getattr__(name: str) -> Any:
    """``application``, made when a server asks for it: this module is read by the tests, too."""
    if name != "application":
        raise AttributeError(name)
    from booking_site.asgi import application

    return Counting(application)
