"""The caller's pets."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.callers import user_of
from accounts.api.shapes import PetShape
from booking_site.common.api.envelope import answers, created, listed, ok
from booking_site.common.api.inputs import parsed
from booking_site.common.api.parameters import IDEMPOTENCY_KEY, PAGING
from booking_site.common.api.writing import idempotent, write
from booking_site.common.callers import actor_of
from booking_site.common.pagination import paginate
from booking_site.common.transactions import run_in_transaction

TAGS = ["me"]


class PetsView(APIView):
    @extend_schema(
        operation_id="list_pets",
        tags=TAGS,
        parameters=PAGING,
        responses=answers(PetShape, many=True),
    )
    def get(self, request: Request) -> Response:
        page = paginate(selectors.pets_of(user_of(request)), request.query_params)
        return listed(list(PetShape(page.rows, many=True).data), page)

    @extend_schema(
        operation_id="add_pet",
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY],
        request=PetShape,
        responses=answers(PetShape, status=201),
    )
    @idempotent
    def post(self, request: Request) -> Response:
        facts = parsed(PetShape, request)

        def work() -> Response:
            pet = services.add_pet(facts=facts, by=actor_of(request), at=timezone.now())
            return created(PetShape(pet).data)

        return write(request, work)


class PetView(APIView):
    @extend_schema(operation_id="pet", tags=TAGS, responses=answers(PetShape))
    def get(self, request: Request, pet_id: str) -> Response:
        return ok(PetShape(selectors.pet_of(user_of(request), pet_id)).data)

    @extend_schema(
        operation_id="change_pet", tags=TAGS, request=PetShape, responses=answers(PetShape)
    )
    def patch(self, request: Request, pet_id: str) -> Response:
        """Only what is named changes."""
        facts = parsed(PetShape, request, partial=True)

        def work() -> Response:
            pet = selectors.pet_of(user_of(request), pet_id)
            services.change_pet(pet, facts=facts, by=actor_of(request), at=timezone.now())
            return ok(PetShape(pet).data)

        return run_in_transaction(work)

    @extend_schema(operation_id="remove_pet", tags=TAGS, responses=answers(status=204))
    def delete(self, request: Request, pet_id: str) -> Response:
        def work() -> Response:
            pet = selectors.pet_of(user_of(request), pet_id)
            services.remove_pet(pet, by=actor_of(request), at=timezone.now())
            return Response(status=204)

        return run_in_transaction(work)
