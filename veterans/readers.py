"""Which part of the log who keeps the registry reads (records/seeing.py asks)."""

from django.db.models import Q

from records.seeing import NOTHING, Sight
from records.topics import Topic
from veterans.models import Person
from veterans.querysets import access_for


def sight_of(user) -> Sight:
    """Who opened and changed the entries of the own areas; an entry that has left them takes its events along."""
    if not access_for(user).is_registrar:
        return NOTHING
    people = Person.objects.visible_to(user)
    return Sight(
        also=Q(topic=Topic.REGISTRY, target_type=Person._meta.label_lower, target_id__in=people.order_by().values("pk"))
    )
