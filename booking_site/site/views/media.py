"""Public pictures, where no proxy stands in front that would hand them out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as error:
        # Longer than any name of a file, or with a sign that none has.
        raise Http404 from error
