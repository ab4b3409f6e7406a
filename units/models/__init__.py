from units.models.api_token import ApiToken, ApiWrite, Scope
from units.models.area import Area, AreaAlias, AreaLevel
from units.models.calendar import CalendarDay, CalendarYear
from units.models.deputation import Deputation
from units.models.imports import ImportState, ListImport
from units.models.membership import Membership
from units.models.unit import GroupMember, Succession, Unit, UnitGroup, UnitKind, UnitVersion
from units.roles import Role

__all__ = [
    "ApiToken",
    "ApiWrite",
    "Area",
    "AreaAlias",
    "AreaLevel",
    "CalendarDay",
    "CalendarYear",
    "Deputation",
    "GroupMember",
    "ImportState",
    "ListImport",
    "Membership",
    "Role",
    "Scope",
    "Succession",
    "Unit",
    "UnitGroup",
    "UnitKind",
    "UnitVersion",
]
