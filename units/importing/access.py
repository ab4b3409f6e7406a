"""Who may see the workbooks that were imported, and the files of their errors."""

from django.db.models import Q

from records.models import StoredFile
from units.models import ListImport


def may_see(user, stored_file: StoredFile) -> bool:
    """Administrators, of files of an import."""
    return ListImport.objects.visible_to(user).filter(Q(file=stored_file) | Q(error_file=stored_file)).exists()
