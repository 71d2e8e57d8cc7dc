"""``GET /api/v1/me/export``."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from booking_site.common.api.envelope import answers, ok
from booking_site.site.export import export_of


class ExportShape(serializers.Serializer):
    profile = serializers.DictField()
    profile_before = serializers.ListField(child=serializers.DictField())
    email_addresses = serializers.ListField(child=serializers.DictField())
    pets = serializers.ListField(child=serializers.DictField())
    children = serializers.ListField(child=serializers.DictField())
    app_sign_ins = serializers.ListField(child=serializers.DictField())
    listings = serializers.ListField(child=serializers.DictField())
    interests = serializers.ListField(child=serializers.DictField())
    appointments = serializers.ListField(child=serializers.DictField())
    payments = serializers.ListField(child=serializers.DictField())
    payment_shares = serializers.ListField(child=serializers.DictField())
    refunds = serializers.ListField(child=serializers.DictField())
    reviews = serializers.ListField(child=serializers.DictField())
    review_replies = serializers.ListField(child=serializers.DictField())
    review_reports = serializers.ListField(child=serializers.DictField())
    review_photos_not_sent = serializers.ListField(child=serializers.DictField())
    orders = serializers.ListField(child=serializers.DictField())
    cancel_requests = serializers.ListField(child=serializers.DictField())
    packages = serializers.ListField(child=serializers.DictField())
    seat_wishes = serializers.ListField(child=serializers.DictField())
    feedback_on_viewings = serializers.ListField(child=serializers.DictField())
    pets_of_stays = serializers.ListField(child=serializers.DictField())
    hints_at_seats = serializers.ListField(child=serializers.DictField())
    acts = serializers.ListField(child=serializers.DictField())
    holds = serializers.ListField(child=serializers.DictField())
    conversations = serializers.ListField(child=serializers.DictField())
    messages = serializers.ListField(child=serializers.DictField())
    messages_from_the_site = serializers.ListField(child=serializers.DictField())
    messages_of_others = serializers.ListField(child=serializers.DictField())
    attachments_not_sent = serializers.ListField(child=serializers.DictField())
    blocked_people = serializers.ListField(child=serializers.DictField())
    message_reports = serializers.ListField(child=serializers.DictField())
    letters = serializers.ListField(child=serializers.DictField())
    hints_at_messages = serializers.ListField(child=serializers.DictField())
    last_seen = serializers.DateTimeField(allow_null=True)
    notifications = serializers.ListField(child=serializers.DictField())
    notification_preferences = serializers.ListField(child=serializers.DictField())
    devices = serializers.ListField(child=serializers.DictField())


class ExportView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="export_me", tags=["me"], responses=answers(ExportShape))
    def get(self, request: Request) -> Response:
        """Everything we hold on the caller."""
        assert isinstance(request.user, User)
        answer = ok(export_of(request.user))
        answer["Cache-Control"] = "no-store"
        answer["Content-Disposition"] = 'attachment; filename="yuejian-export.json"'
        return answer
