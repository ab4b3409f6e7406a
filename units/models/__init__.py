from units.models.area import Area, AreaAlias, AreaLevel
from units.models.calendar import CalendarDay
from units.models.membership import Membership, Role
from units.models.unit import GroupMember, Succession, Unit, UnitGroup, UnitKind, UnitVersion

__all__ = [
    "Area",
    "AreaAlias",
    "AreaLevel",
    "CalendarDay",
    "GroupMember",
    "Membership",
    "Role",
    "Succession",
    "Unit",
    "UnitGroup",
    "UnitKind",
    "UnitVersion",
]
