"""A list is read row by row; each row is kept, sealed, with what an import would make of it. Nothing of it is in the registry yet."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from directive_tracker import bulk, collecting, crypto, vietnamese
from records.audit import record
from tasks.errors import Refused
from veterans.area_rows import area_rows
from veterans.enums import SensitiveKind
from veterans.importing import memory, values
from veterans.importing.following import Step, no_step
from veterans.importing.matching import Line, id_blind, in_chunks, match, name_key, point_rows
from veterans.importing.scope import Scope, scope_of
from veterans.importing.taking import opened
from veterans.importing.updating import with_sealed
from veterans.lists import aside
from veterans.lists.codes import FileRefused, Problem
from veterans.lists.reading import RowRead, SheetRead, TableRead
from veterans.models import ImportedRow, PersonImport

Outcome = ImportedRow.Outcome
# Nothing of such a list is in the registry.
LEFT_FROM = (PersonImport.State.CHECKED, PersonImport.State.REFUSED, PersonImport.State.READING)
# Texts shown before and after an old encoding was turned into Unicode.
MOST_CONVERTED = 12
NOT_NOW = "Danh sách này đang được xử lý hoặc đã nhập rồi."
MISSING_FILE = "Không còn đọc được tệp này. Hãy gửi lại tệp."


class _Left(Exception):
    """The list was left while it was read, because somebody in it was erased: nothing of it may be kept."""


class _Again(Exception):
    """A heading was found whose role this sender's lists have been taught; read from the beginning with it."""


@collecting.seldom()
def check(found: PersonImport, *, by: Any, now: datetime, step: Step = no_step) -> None:
    """Read the list and keep what every row would become; the state then is checked or refused.

    A list that was left meanwhile stays so, and nothing of it is kept.

    Args:
        by: whose areas bound what the list may write. step: called with rows done and 0.
    Errors: what `step` raises; the rows kept so far are then left for a new reading, which begins by removing them.
    """
    forget_rows(found)
    try:
        file = opened(found)
    except (OSError, crypto.Unreadable):
        _refuse(found, MISSING_FILE)
        return
    taught: dict[str, dict[str, str]] = {}
    while True:
        reading = _Reading(found, taught, by=by, now=now, step=step)
        try:
            reading.read(file)
        except _Again:
            forget_rows(found)
            continue
        except _Left:
            found.refresh_from_db()
            return
        except FileRefused as refusal:
            forget_rows(found)
            _refuse(found, str(refusal))
            return
        break
    reading.finish()


def _close(found: PersonImport, **changes: Any) -> bool:
    """Write down how the reading ended; not where the list was left meanwhile."""
    is_read = PersonImport.objects.filter(pk=found.pk, state=PersonImport.State.READING).update(**changes)
    if is_read:
        for name, value in changes.items():
            setattr(found, name, value)
    else:
        forget_rows(found)
        found.refresh_from_db()
    return bool(is_read)


@transaction.atomic
def check_at_once(found: PersonImport, *, by: Any, now: datetime) -> None:
    """Read a short list while the person waits; of two who ask at the same moment one reads after the other."""
    PersonImport.objects.select_for_update().get(pk=found.pk)
    check(found, by=by, now=now)


def begin_again(found: PersonImport) -> None:
    """The list is to be read once more; a reading that was cut off leaves it so."""
    found.state, found.refusal = PersonImport.State.READING, ""
    found.save(update_fields=["state", "refusal"])


def forget_rows(found: PersonImport) -> None:
    """Remove what was kept of the rows."""
    rows = found.rows.order_by()
    rows._raw_delete(rows.db)  # nothing hangs on them; a list may have a hundred thousand


@transaction.atomic
def leave(found: PersonImport, *, by: Any, now: datetime) -> None:
    """Leave a list that was not imported: what was read of it and its file go at once; nobody needs them any more.

    Errors: Refused when it is in the registry by now, or a job is at work on it.
    """
    waits = PersonImport.objects.select_for_update(of=("self",)).select_related("job", "file").get(pk=found.pk)
    if waits.state not in LEFT_FROM or (waits.job is not None and waits.job.is_running):
        raise Refused(NOT_NOW)
    PersonImport.objects.filter(pk=found.pk).update(state=PersonImport.State.CANCELLED, converted=None, emptied_at=now)
    forget_rows(found)
    waits.file.empty()
    record("import.left", by=by, at=now, target=found)


def _refuse(found: PersonImport, why: str) -> None:
    _close(found, state=PersonImport.State.REFUSED, refusal=vietnamese.shortened(why, 300))


class _Kept(NamedTuple):
    """The columns of a row that is kept."""

    sheet: str
    number: int
    outcome: str
    codes: list[list[str]]
    warnings: list[list[str]]
    sealed: bytes
    key_id: str
    line_key: str


class _Reading:
    """One going through the file."""

    def __init__(
        self, found: PersonImport, taught: dict[str, dict[str, str]], *, by: Any, now: datetime, step: Step
    ) -> None:
        self.found, self.taught, self.now, self.step = found, taught, now, step
        self.today = now.astimezone(vietnamese.ZONE).date()
        self.scope: Scope = scope_of(found, by, today=self.today)
        self.memory = memory.of(found.sender_key)
        self.hidden: dict[str, bool] = {}
        self.tables: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.converted: list[list[str]] = []
        self.lines: list[Line] = []
        self._sealer = values.RowSealer(found)
        self._table = bulk.Table(ImportedRow, *_Kept._fields, person_import_id=found.pk)

    def read(self, file: Any) -> None:
        """Go through the file, keeping rows in chunks. Errors: FileRefused, _Again, what `step` raises."""
        events = aside.read(
            file,
            name=self.found.file.original_name,
            areas=area_rows(self.today),
            today=self.today,
            corrections=self._corrections(),
        )
        done = 0
        # Each row is judged and sealed as soon as it is read: what was read of it is gone before the next one.
        with closing(events):
            for chunk in in_chunks(map(self._row, self._people(events))):
                done += len(chunk)
                self._keep(chunk)
                self.step(done, 0)

    def _corrections(self) -> dict[str, dict[str, str]]:
        """What somebody put right on the page goes before what was taught by earlier lists."""
        chosen = self.found.corrections
        return {sheet: {**self.taught.get(sheet, {}), **chosen.get(sheet, {})} for sheet in {*self.taught, *chosen}}

    def _people(self, events: Iterator[Any]) -> Iterator[RowRead]:
        """The rows about persons; sheets, tables and the other rows are noted on the way."""
        for event in events:
            if isinstance(event, SheetRead):
                self.hidden[event.name] = event.hidden
            elif isinstance(event, TableRead):
                self._note_table(event)
            elif event.outcome == "skip":
                self.counts["skip"] += 1
            else:
                yield event

    def _note_table(self, table: TableRead) -> None:
        known = self._corrections().get(table.sheet, {})
        for letter, heading in table.headings.items():
            role = self.memory.get(memory.heading_key(heading))
            if role and letter not in known and table.columns.get(letter) != role:
                self.taught.setdefault(table.sheet, {})[letter] = role
                raise _Again
        self.tables.append(
            {
                "sheet": table.sheet,
                "hidden": self.hidden.get(table.sheet, False),
                "header_rows": list(table.header_rows),
                "columns": dict(table.columns),
                "headings": dict(table.headings),
                "taught": sorted(self.taught.get(table.sheet, {})),
            }
        )

    def _keep(self, chunk: list[tuple[_Kept, tuple[str, str] | None]]) -> None:
        """Write the rows of a chunk, all or none. Errors: _Left."""
        with transaction.atomic():
            # Whoever leaves the list waits for this chunk, and the next one sees that it was left.
            still = PersonImport.objects.select_for_update().filter(state=PersonImport.State.READING)
            if not still.filter(pk=self.found.pk).values_list("pk", flat=True):
                raise _Left
            ids = bulk.reserve(ImportedRow, len(chunk))
            self._table.write([(pk, *row) for pk, (row, _) in zip(ids, chunk, strict=True)])
        for pk, (row, person) in zip(ids, chunk, strict=True):
            if person is not None:
                self.lines.append(Line(pk, (row.sheet, row.number), row.line_key, *person))

    def _row(self, read: RowRead) -> tuple[_Kept, tuple[str, str] | None]:
        """A row as it is kept; of a person also the blind index of the ID number and the name's key."""
        errors, warnings, content, key = list(read.errors), list(read.warnings), None, ""
        if read.person is not None and not errors:
            residence = self.scope.residence(read.person)
            if residence.problem is not None:
                (errors if residence.area is None else warnings).append(residence.problem)
            if residence.area is not None:
                content = values.content_of(read.person, residence=residence.area)
                key = values.line_key(content, self.found.sender_key, commune=residence.named or residence.area)
        if errors or warnings:
            self._count(errors, warnings)
        if content is not None and content.converted and len(self.converted) < MOST_CONVERTED:
            self.converted += content.converted[: MOST_CONVERTED - len(self.converted)]
        sheet = read.sheet[:120]
        said = values.Said(
            content, _told(errors, read), _told(warnings, read), "" if content else values.name_as_written(read.name)
        )
        row = _Kept(
            sheet,
            read.number,
            Outcome.ERROR if errors else Outcome.CREATE,
            [[one.code, one.letter] for one in errors],
            [[one.code, one.letter] for one in warnings],
            self._sealer.seal(said, values.place_of(sheet, read.number)),
            self._sealer.key_id,
            key,
        )
        if content is None:
            return row, None
        return row, (id_blind(content.sealed.get(SensitiveKind.ID_NUMBER, "")), name_key(content.full_name))

    def _count(self, errors: list[Problem], warnings: list[Problem]) -> None:
        self.codes.update(one.code for one in errors)
        self.warnings.update(one.code for one in warnings)
        self.counts["error"] += bool(errors)

    def finish(self) -> None:
        """Find out which rows mean an entry, and what would change in it; then the list is checked."""
        matched = match(self.found, self.lines)
        outcomes = compare(self.found, matched)
        point_rows((row, matched[row], outcome) for row, outcome in outcomes.items())
        counts = Counter(outcomes.values())
        self.counts |= {
            "update": counts[Outcome.UPDATE],
            "keep": counts[Outcome.KEEP],
            "create": len(self.lines) - len(outcomes),
        }
        found = self.found
        converted = _seal_converted(self.converted, found)
        _close(
            found,
            columns=self.tables,
            summary={
                "counts": dict(self.counts),
                "codes": dict(self.codes),
                "warnings": dict(self.warnings),
                "applied_before": newest_applied(found),
            },
            converted=converted,
            key_id=crypto.key_id(converted) if converted else "",
            state=PersonImport.State.CHECKED,
            refusal="",
        )


def _told(problems: list[Problem], read: RowRead) -> list[str]:
    return [one.sentence(read.sheet, read.number) for one in problems]


def _seal_converted(converted: list[list[str]], found: PersonImport) -> bytes | None:
    return values.seal({"converted": converted}, found, values.CONVERTED) if converted else None


def newest_applied(found: PersonImport) -> int:
    """The number of the newest import into the registry: when it grows, what was checked may be old."""
    applied = PersonImport.objects.filter(applied_at__isnull=False).exclude(pk=found.pk)
    newest = applied.order_by("-applied_at", "-pk").values_list("pk", flat=True).first()
    reverted = PersonImport.objects.filter(reverted_at__isnull=False).count()
    return (newest or 0) + reverted


def compare(found: PersonImport, matched: dict[int, int]) -> dict[int, str]:
    """Row id → update or keep, for rows that mean an entry."""
    outcomes: dict[int, str] = {}
    for chunk in in_chunks(matched):
        rows = ImportedRow.objects.filter(pk__in=chunk).order_by("pk")
        people = with_sealed([matched[row] for row in chunk])
        for pk, sheet, number, sealed in rows.values_list("pk", "sheet", "number", "sealed"):
            person, known, categories = people[matched[pk]]
            content = values.content_in(sealed, sheet, number, found)
            changed = values.changes(person, content, known, found)
            is_new = changed or content.category not in categories or values.reports_death(person, content)
            outcomes[pk] = Outcome.UPDATE if is_new else Outcome.KEEP
    return outcomes
