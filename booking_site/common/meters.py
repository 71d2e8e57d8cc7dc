"""What a process counts of its own work, from its start on, for ``GET /metrics``.

Labels have few values and carry no names, codes, ids of people or paths as they were asked for.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)

# A second series for each counter, that says when it began: twice the lines for a date.
disable_created_metrics()

REGISTRY = CollectorRegistry()

HTTP_REQUESTS = Counter(
    "http_requests",
    "Requests answered, by route and class of status.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "http_request_duration_seconds",
    "Seconds from a request's turn to its answer, without the wait for a turn.",
    ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
TRANSACTION_RETRIES = Counter(
    "database_transaction_retries",
    "Transactions begun again, because the database had rolled them back.",
    registry=REGISTRY,
)
TRANSACTIONS_GIVEN_UP = Counter(
    "database_transactions_given_up",
    "Transactions refused with 503, because the database kept refusing.",
    registry=REGISTRY,
)

# Sockets. ``livesum``: over the processes that are there.
SOCKETS = Gauge(
    "websocket_connections",
    "Sockets that are open.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
SOCKET_HANDSHAKES = Counter(
    "websocket_handshakes",
    "Sockets that were asked for: accepted, or the code they were refused with.",
    ["outcome"],
    registry=REGISTRY,
)
SOCKET_CLOSES = Counter(
    "websocket_closes", "Sockets that have ended, by close code.", ["code"], registry=REGISTRY
)
SOCKET_FRAMES = Counter(
    "websocket_frames",
    "Frames put on their way: durable ones, and others by their event.",
    ["event"],
    registry=REGISTRY,
)
SOCKET_REPAIRS = Counter(
    "websocket_repairs",
    "Times the database was asked, because a hint was missing, doubtful, or too long to carry it.",
    ["cause"],
    registry=REGISTRY,
)
SOCKET_LAG = Histogram(
    "websocket_lag_seconds",
    "Seconds from the moment of a fact to its frame on the way, of those that hints brought.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)

# Conversations.
CHAT_MESSAGES = Counter(
    "chat_messages", "Messages written, by people and by the site.", ["kind"], registry=REGISTRY
)
CHAT_FAILED = Counter(
    "chat_send_failures",
    "Messages that were not sent: the code of the refusal, or error.",
    ["code"],
    registry=REGISTRY,
)

# Seats and money.
SEATS_BOOKED = Counter("seats_booked", "Seats of sessions that were booked.", registry=REGISTRY)
SEATS_NOT_PAID = Counter(
    "seats_not_paid", "Seats called off because nobody paid in time.", registry=REGISTRY
)
PAYMENTS = Counter(
    "payments", "Payments that ended: succeeded or failed.", ["outcome"], registry=REGISTRY
)
REFUNDS = Counter(
    "refunds",
    "Refunds that ended: done, or stuck until a person sees to them.",
    ["outcome"],
    registry=REGISTRY,
)
