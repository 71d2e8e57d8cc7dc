"""What each user's sockets are told, in order: the durable half of the protocol ``rt.v1``."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from chat.models import Conversation


class UserStream(models.Model):
    """The position of one user's stream. ``last_u`` is raised in the transaction of the fact, and
    its row lock is held to the commit: so the numbers have no holes and become visible in order.
    Events below ``floor_u`` have been forgotten; whoever is that far behind begins anew."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="stream",
        verbose_name=_("user"),
    )
    last_u = models.PositiveBigIntegerField(_("last number"), default=0)
    floor_u = models.PositiveBigIntegerField(_("oldest number kept"), default=1)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.last_u}"


class AsSent(json.JSONEncoder):
    """As it goes over the wire: a sign of Chinese takes three bytes and not six."""

    item_separator, key_separator = ",", ":"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})


class UserEvent(models.Model):
    """One frame of a user's stream. ``payload`` is what follows ``event`` and ``u`` in it."""

    pk = models.CompositePrimaryKey("user_id", "u")
    # Without constraints: checking one would lock the person's row at the end of every booking,
    # and an erasure locks that row first. People's rows are never deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    u = models.PositiveBigIntegerField()
    event = models.CharField(max_length=32)
    # Of whom it speaks; for forgetting who that was.
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    # Of whose words it tells; for taking them out where they are taken back.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    payload = models.JSONField(encoder=AsSent)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event of a stream")
        verbose_name_plural = _("events of streams")
        ordering = ["user_id", "u"]
        indexes = [models.Index(fields=["created_at"], name="user_event_age")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.u} {self.event}"


class ToldPlace(models.Model):
    """The place in line that a waiting customer with an account was last told."""

    appointment = models.OneToOneField(
        Appointment,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="told_place",
        verbose_name=_("appointment"),
    )
    position = models.PositiveIntegerField(_("place"))

    class Meta:
        verbose_name = _("place told")
        verbose_name_plural = _("places told")

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.position}"


class LastSeen(models.Model):
    """When somebody was last connected, to the minute."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="last_seen",
        verbose_name=_("user"),
    )
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("last seen")
        verbose_name_plural = _("last seen")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d %H:%M}"
