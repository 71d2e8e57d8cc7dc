"""Webhooks of a store, for whoever runs it."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed, parsed_query
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction
from notifications.api.webhook_lookups import (
    RunsAStore,
    delivery_of,
    store_to_run,
    user_of,
    webhook_of,
    webhooks_of,
)
from notifications.api.webhook_shapes import (
    OfStoreShape,
    SecretWishShape,
    WebhookChangeShape,
    WebhookDeliveryShape,
    WebhookShape,
    WebhookTestShape,
    WebhookWishShape,
    WebhookWithSecretShape,
    answer_of_test,
    changes_in,
)
from notifications.gateways.webhooks import post
from notifications.presenters.webhooks import ping_of
from notifications.services import posting, webhooks
from notifications.webhook_limits import count_test, look_up_for, one_of_few

TAGS = ["webhooks"]


class StoreStaffView(APIView):
    permission_classes = [IsAuthenticated, RunsAStore]


class WebhooksView(StoreStaffView):
    @extend_schema(
        operation_id="list_webhooks",
        tags=TAGS,
        parameters=[OfStoreShape, *PAGING],
        responses=answers(WebhookShape, many=True),
    )
    def get(self, request: Request) -> Response:
        """Of the stores that the caller runs; secrets are not told again."""
        rows = webhooks_of(request, parsed_query(OfStoreShape, request).get("store_id"))
        page = paginate(rows, request.query_params)
        return listed(WebhookShape(page.rows, many=True).data, page)

    @extend_schema(
        operation_id="add_webhook",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=WebhookWishShape,
        responses=answers(WebhookWithSecretShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Messages follow Standard Webhooks: signed with the secret of this answer, sent at least
        once under one `webhook-id`, and tried ten times in three days. `url` must be https and lead
        to the public internet."""
        body, at = parsed(WebhookWishShape, request), timezone.now()
        store = store_to_run(request, body.get("store_id"))
        webhooks.require_room(store)
        place = look_up_for(user_of(request).pk, body["url"], at)

        def work() -> Response:
            endpoint = webhooks.add_webhook(
                store,
                name=body["name"],
                place=place,
                events=body.get("events", ()),
                is_active=body.get("is_active", True),
                secret=body.get("secret") or "",
                by=actor_of(request),
                at=at,
            )
            return created(WebhookWithSecretShape(endpoint).data)

        return write(request, work)


class WebhookView(StoreStaffView):
    @extend_schema(operation_id="webhook", tags=TAGS, responses=answers(WebhookShape))
    def get(self, request: Request, webhook_id: str) -> Response:
        return ok(WebhookShape(webhook_of(request, webhook_id)).data)

    @extend_schema(
        operation_id="change_webhook",
        tags=TAGS,
        request=WebhookChangeShape,
        responses=answers(WebhookShape),
    )
    def patch(self, request: Request, webhook_id: str) -> Response:
        """Only what is named changes. One that was switched off after failures goes on with
        `isActive: true`; what was missed can be replayed."""
        endpoint = webhook_of(request, webhook_id)
        body, at = parsed(WebhookChangeShape, request, partial=True), timezone.now()
        changes = changes_in(body)
        if body.get("url", endpoint.url) != endpoint.url:
            place = look_up_for(user_of(request).pk, body["url"], at)
            changes = replace(changes, place=place)

        def work() -> Response:
            changed = webhooks.change_webhook(endpoint, changes, by=actor_of(request), at=at)
            return ok(WebhookShape(changed).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_webhook", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, webhook_id: str) -> Response:
        endpoint = webhook_of(request, webhook_id)
        run_in_transaction(
            lambda: webhooks.remove_webhook(endpoint, by=actor_of(request), at=timezone.now())
        )
        return Response(status=204)


class RotateView(StoreStaffView):
    @extend_schema(
        operation_id="rotate_webhook_secret",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=SecretWishShape,
        responses=answers(WebhookWithSecretShape),
    )
    @idempotent
    def post(self, request: Request, webhook_id: str) -> Response:
        """Another secret at once. For 24 hours messages are signed with both."""
        endpoint = webhook_of(request, webhook_id)
        secret, at = parsed(SecretWishShape, request).get("secret") or "", timezone.now()

        def work() -> Response:
            rotated = webhooks.rotate_secret(endpoint, secret=secret, by=actor_of(request), at=at)
            return ok(WebhookWithSecretShape(rotated).data)

        return write(request, work)


class WebhookTestView(StoreStaffView):
    @extend_schema(
        operation_id="test_webhook", tags=TAGS, request=None, responses=answers(WebhookTestShape)
    )
    def post(self, request: Request, webhook_id: str) -> Response:
        """Send a `webhook.test` at once, also where it is switched off, and tell what came of it.
        429 after ten in a minute."""
        endpoint, at = webhook_of(request, webhook_id), timezone.now()
        count_test(user_of(request).pk, at)
        with one_of_few():
            return ok(answer_of_test(post(ping_of(endpoint, at=at))))


class WebhookDeliveriesView(StoreStaffView):
    @extend_schema(
        operation_id="list_webhook_deliveries",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(WebhookDeliveryShape, many=True),
    )
    def get(self, request: Request, webhook_id: str) -> Response:
        """The newest first."""
        rows = webhook_of(request, webhook_id).deliveries.select_related(
            "endpoint__store", "event__appointment"
        )
        page = paginate(rows, request.query_params)
        return listed(WebhookDeliveryShape(page.rows, many=True).data, page)


class ReplayView(StoreStaffView):
    @extend_schema(
        operation_id="replay_webhook_delivery",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses=answers(WebhookDeliveryShape),
    )
    @idempotent
    def post(self, request: Request, webhook_id: str, delivery_id: str) -> Response:
        """Have it sent again under the same `webhook-id`, with all its tries. 409 `conflict` while
        it is on its way, or its webhook is switched off."""
        delivery = delivery_of(webhook_of(request, webhook_id), delivery_id)

        def work() -> Response:
            again = posting.replay(delivery, by=actor_of(request), at=timezone.now())
            return ok(WebhookDeliveryShape(again).data)

        return write(request, work)
