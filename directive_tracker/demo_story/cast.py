"""Who and what the story is about, looked up once for a run."""

from dataclasses import dataclass, field

from accounts.models import User
from directive_tracker.demo_people import COMMUNES, HEAD_SUFFIX, RECIPIENTS
from tasks.errors import Refused
from tasks.models import Assignment, Directive, DirectiveTask
from units.models import Unit

DISTRICTS = (
    "tu-kon-tum",
    "hu-dak-glei",
    "hu-ngoc-hoi",
    "hu-dak-to",
    "hu-kon-plong",
    "hu-kon-ray",
    "hu-dak-ha",
    "hu-sa-thay",
    "hu-tu-mo-rong",
    "hu-ia-hdrai",
)
USERNAMES = {unit: username for unit, username, *_ in (*RECIPIENTS, *COMMUNES)}


@dataclass
class Cast:
    """The directive with the people and units of the demo."""

    directive: Directive
    users: dict[str, User]
    units: dict[str, Unit] = field(default_factory=lambda: {unit.code: unit for unit in Unit.objects.all()})

    @property
    def office(self) -> User:
        """Who acts for the office."""
        return self.users["vanphong"]

    def reporter(self, unit: str) -> User:
        """Who writes for the unit."""
        return self.users[USERNAMES[unit]]

    def head(self, unit: str) -> User:
        """Who signs for the unit."""
        return self.users[USERNAMES[unit] + HEAD_SUFFIX]

    def assignments(self, unit: str):
        """The unit's assignments, with what the services look at."""
        rows = Assignment.objects.filter(directive=self.directive, unit=self.units[unit])
        return rows.select_related("task", "unit", "directive").order_by("task__order", "pk")

    def assignment(self, unit: str, code: str) -> Assignment:
        """One of them by its task's code. Errors: Refused when the unit has no such work."""
        found = self.assignments(unit).filter(task__code=code).first()
        if found is None:
            raise Refused(f"{unit} không có việc {code}.")
        return found

    def task(self, code: str) -> DirectiveTask:
        """A task by its code. Errors: DoesNotExist."""
        return self.directive.tasks.select_related("directive").get(code=code)
