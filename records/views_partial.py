"""A file in parts, as the browser sends it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from records import partial
from records.errors import UploadRefused
from records.models import PartialUpload


@require_POST
@never_cache
@login_required
def partial_begin(request: HttpRequest) -> JsonResponse:
    """Announce a file: where to send its parts, and how much of it has come already."""
    return begin_for(request, request.user)


def begin_for(request: HttpRequest, owner, *, mark_start: str = "") -> JsonResponse:
    """The answer to an announcement in the name of `owner`; `mark_start` keeps apart what comes by another way."""
    size = request.POST.get("size", "")
    if not size.isdecimal() or len(size) > 15:
        return JsonResponse({"message": "Không rõ cỡ của tệp. Hãy chọn lại tệp."}, status=422)
    try:
        upload = partial.begin(
            name=request.POST.get("name", ""),
            size=int(size),
            mark=mark_start + request.POST.get("mark", ""),
            owner=owner,
            now=timezone.now(),
        )
    except UploadRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    return JsonResponse({"upload": upload.pk, "received": upload.received, "most": partial.MOST_BYTES_AT_ONCE})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def partial_part(request: HttpRequest, pk: int) -> JsonResponse:
    """How much has come (GET), or the next part as the body of a POST (?start=…)."""
    return take_part(request, get_object_or_404(PartialUpload.objects.visible_to(request.user), pk=pk))


def take_part(request: HttpRequest, upload: PartialUpload) -> JsonResponse:
    """The answer about one file on its way that the sender may go on with."""
    if request.method != "POST":
        return JsonResponse({"received": upload.received})
    start = request.GET.get("start", "")
    if not start.isdecimal() or len(start) > 15:
        return JsonResponse({"received": upload.received}, status=409)
    try:
        received = partial.append(upload, start=int(start), data=request.body, now=timezone.now())
    except partial.WrongPlace as place:
        return JsonResponse({"received": place.received}, status=409)
    except UploadRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    return JsonResponse({"received": received})
