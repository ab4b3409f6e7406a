"""Which part of the log who keeps the registry reads (records/seeing.py asks)."""

from django.db.models import Q

from records.seeing import NOTHING, Sight
from records.topics import Topic
from units.models import Area
from veterans.models import Delegation, GratitudePlan, Person, PersonImport
from veterans.querysets import access_for


def sight_of(user) -> Sight:
    """Who opened and changed the entries of the own areas; an entry that has left them takes its events along."""
    if not access_for(user).is_registrar:
        return NOTHING
    people = Person.objects.visible_to(user)
    registry = Q(topic=Topic.REGISTRY)
    entries = Q(target_type=Person._meta.label_lower, target_id__in=people.order_by().values("pk"))
    lists = PersonImport.objects.visible_to(user).order_by()
    brought = Q(target_type=PersonImport._meta.label_lower, target_id__in=lists.values("pk"))
    delegations = Delegation.objects.visible_to(user).order_by()
    sent = Q(target_type=Delegation._meta.label_lower, target_id__in=delegations.values("pk"))
    plans = GratitudePlan.objects.visible_to(user).order_by()
    planned = Q(target_type=GratitudePlan._meta.label_lower, target_id__in=plans.values("pk"))
    # What left the registry as a file, from the own areas.
    files = Q(target_type=Area._meta.label_lower, target_id__in=list(access_for(user).area_ids))
    return Sight(also=registry & (entries | brought | sent | planned | files))
