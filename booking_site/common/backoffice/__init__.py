"""The back office as a whole. What is listed in it stands in each app's ``admin``; its theme and
``BaseAdmin`` in booking_site.common.admin."""
