"""The file of a cited document: attached, replaced, and what stood there before."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from records.audit import record
from records.uploads import check_upload, store_checked
from tasks.models import CitedDocument, CitedFile


def attach(cited: CitedDocument, upload: UploadedFile, *, by: Any, now: datetime) -> None:
    """Attach a file in the place of the one there may be, which stays in the history.

    Errors: records.uploads.UploadRefused (secret papers among them) before anything is stored.
    """
    checked = check_upload(upload)
    with transaction.atomic():
        row = CitedDocument.objects.select_for_update(of=("self",)).select_related("file").get(pk=cited.pk)
        old = row.file
        if old is not None and not row.files.exists():
            CitedFile.objects.create(cited=row, file=old, by=old.uploaded_by, at=old.uploaded_at)
        cited.file = store_checked(checked, by=by, now=now)
        cited.save(update_fields=["file"])
        CitedFile.objects.create(cited=cited, file=cited.file, by=by, at=now)
        verb = "cited.file_added" if old is None else "cited.file_replaced"
        record(verb, by=by, at=now, target=cited.directive, data={"cited": str(cited)})
