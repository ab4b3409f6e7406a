from veterans.models.gratitude import AreaReview, Visit
from veterans.models.person import Person, PersonCategory

__all__ = ["AreaReview", "Person", "PersonCategory", "Visit"]
