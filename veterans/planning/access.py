"""Who may see the signed scan of a plan: the registrars of its area."""

from records.models import StoredFile
from veterans.models import PlanApproval


def may_see(user, stored_file: StoredFile) -> bool:
    """A plan holds numbers, so whoever keeps it reads its scan."""
    return user.is_authenticated and PlanApproval.objects.visible_to(user).filter(file=stored_file).exists()
