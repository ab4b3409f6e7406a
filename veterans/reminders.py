"""What the registry tells and when (notifications/apps.py imports this once all models are there)."""

from notifications import kinds
from veterans import alarms
from veterans.protection import telling

kinds.register(telling.KIND, "Yêu cầu về dữ liệu", reminds=True)
kinds.before_planning.append(telling.tell_due)
kinds.register_family(alarms.KIND, alarms.words_of)
kinds.planners.append(alarms.OccasionPlanner())
