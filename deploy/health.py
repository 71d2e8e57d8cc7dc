"""Whether the site in this container serves: for HEALTHCHECK and probes. Standard library only.

`health.py` wants a 200 of `/health`; with `--alive` any answer will do, because a process that says
that its database is gone is not helped by being started again.
"""

import http.client
import os
import sys

SECONDS = 4


def main(arguments: list[str]) -> int:
    port = int(os.environ.get("PORT") or 8000)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health", headers={"Host": own_name()})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"no answer: {error}", file=sys.stderr)
        return 1
    return 0 if status == 200 or "--alive" in arguments else 1


def own_name() -> str:
    """The first name that the site answers to."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in ("", "*") else "localhost"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
