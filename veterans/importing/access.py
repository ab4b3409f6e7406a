"""Who may see the file of a list: the registrar who brought it, as long as the list is of the own areas."""

from records.models import StoredFile
from veterans.models import PersonImport


def may_see(user, stored_file: StoredFile) -> bool:
    """Its sender only: it holds everything, the sensitive included."""
    if not user.is_authenticated:
        return False
    return PersonImport.objects.visible_to(user).filter(uploaded_by=user, file=stored_file).exists()
