"""Pictures as people send them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from appointments.models import Appointment
from booking_site.common.actors import Actor
from reviews.gateways.pictures import photo_from
from reviews.models import ReviewPhoto
from reviews.services import add_photo
from tests.appointments import world


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (40, 110, 90)).save(output, kind, **options)
    return output.getvalue()


def upload(raw: bytes | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if raw is None else raw, "image/jpeg")


def added(appointment: Appointment, by: Actor | None = None) -> ReviewPhoto:
    """As its customer sends one."""
    return add_photo(
        appointment,
        pictures=photo_from(picture()),
        by=by or world.owner(appointment),
        at=appointment.ends_at,
    )


def files_of(photo: ReviewPhoto) -> list[bool]:
    """Whether its files are there."""
    return [one.storage.exists(one.name) for one in (photo.picture, photo.small)]
