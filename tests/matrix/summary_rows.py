"""A draft of the summary report, with what every unit's people typed in their accepted reports."""

from datetime import timedelta

from tasks.models import SummaryReport
from tasks.summary.making import make
from tests.matrix.world import NOW, World


def build_summaries(world: World) -> SummaryReport:
    """Two drafts of the issued directive, so that the newer one says what changed. Returns the older one."""
    new, made = world.cage.new, []
    for number, days in enumerate((2, 1), start=1):
        report = make(
            world.objects["directive"]["issued"],
            by=world.people["office"],
            now=NOW - timedelta(days=days),
            typed={"good": f"{new('summary made').word} {number}", "bad": "", "next": ""},
        )
        made.append(report)
    world.put("summary", "made", report)
    return made[0]
