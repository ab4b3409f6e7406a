"""Two people typed in the same section: both versions stay, whichever stands in the section."""

from datetime import datetime

from tasks.drafts.inputs import SectionInput
from tasks.drafts.typed import read_content, section_content, stored_section
from tasks.models import DraftCopy, ProgressReport


def keep_aside(section: ProgressReport, typed: SectionInput, *, by, at: datetime) -> None:
    """Keep a version beside the section; the same words are kept once, empty ones not at all."""
    content = section_content(typed)
    if not content or any(copy.content == content for copy in DraftCopy.objects.filter(section=section)):
        return
    DraftCopy.objects.update_or_create(section=section, by=by, at=at, defaults={"content": content})


def keep_both(section: ProgressReport, mine: SectionInput, *, by, now: datetime) -> None:
    """Two versions met: the one that was just typed and the one that stands in the section."""
    keep_aside(section, mine, by=by, at=now)
    keep_standing(section, by=by, now=now)


def keep_standing(section: ProgressReport, *, by, now: datetime) -> None:
    """What stands in the section, before another version takes its place."""
    keep_aside(section, stored_section(section), by=section.saved_by or by, at=section.saved_at or now)


def taken(copy: DraftCopy) -> SectionInput:
    """A version that was kept, to be saved again."""
    return read_content(copy.content)


def other_versions(section: ProgressReport, copies: list[DraftCopy]) -> list[DraftCopy]:
    """Of what was kept, what does not stand in the section now."""
    if not copies:
        return []
    standing = section_content(stored_section(section))
    for copy in copies:
        copy.figures = _figures(section, copy.content)
    return [copy for copy in copies if copy.content != standing]


def _figures(section: ProgressReport, content: dict) -> list[tuple[str, int]]:
    """Name and total of the figures of a kept version."""
    totals = {
        **content.get("indicator_values", {}),
        **{code: sum(parts.values()) for code, parts in content.get("indicator_parts", {}).items()},
    }
    indicators = section.assignment.task.indicators.all()
    return [(indicator.name, totals[indicator.code]) for indicator in indicators if indicator.code in totals]
