"""The project: settings, entry points, the site's top layer and what every app shares."""

from .celery import app as celery_app

__all__ = ("celery_app",)
