from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment

from .conversation import Conversation

if TYPE_CHECKING:
    from accounts.models import User


class OrderLinkQuerySet(models.QuerySet["OrderLink"]):
    def visible_to(self, user: "User") -> "OrderLinkQuerySet":
        """In conversations of which they are a member now."""
        return self.filter(conversation__in=Conversation.objects.visible_to(user))


class OrderLink(models.Model):
    """An order that was made in a conversation. Two who talk about a service may make many;
    ``Conversation.appointment`` is the one that all of a conversation is about."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.PROTECT,
        related_name="order_links",
        verbose_name=_("conversation"),
    )
    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, related_name="chat_link", verbose_name=_("order")
    )
    created_at = models.DateTimeField(_("created"))

    objects = OrderLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("order made in a conversation")
        verbose_name_plural = _("orders made in conversations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.appointment_id}"
