"""Logs: rows that are only ever added."""

from typing import Any

from django.db import models


class Appended(models.Model):
    """Neither edited nor deleted, whoever asks."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError(f"{self._meta.label}: a log is never edited")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self._meta.label}: a log is never deleted")
