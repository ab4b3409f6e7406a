"""One page to type a unit's report: its forms, the files that come along, what meets a colleague's version."""

from datetime import date, datetime, timedelta

from records import uploads
from records.models import StoredFile
from tasks.drafts.copies import keep_both
from tasks.drafts.files import keep_file
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.reading import Beside, load_sections, returned_rounds
from tasks.drafts.saving import Clash
from tasks.drafts.typed import section_mark, stored_section, whole_mark
from tasks.enums import AssignmentState, ConditionState, SectionState
from tasks.forms.report_block import Block
from tasks.forms.reports import ReportForm, SectionForm, TypedForm
from tasks.models import ProgressReport, SectionFile, UnitReport
from tasks.timeliness import days_overdue, timeliness_words

SOON = timedelta(days=7)
OPEN_WHEN_FEW = 3


class ReportEditor:
    """The forms of one report, bound or not, and what is read beside them.

    Args:
        report: a report the unit may type on.
        data, files: the POST, or None.
        open_section: the section the person came for.
    """

    def __init__(self, report: UnitReport, *, today: date, data=None, files=None, open_section: int = 0):
        self.report = report
        self.today = today
        self.is_bound = data is not None
        self.data = data or {}
        self.posted_parts = {name.partition("-")[0] for name in (*self.data, *(files or {}))}
        self.new_files: dict[int, list[StoredFile]] = {}
        self.papers: dict[int, dict[int, StoredFile]] = {}
        self.theirs: list[tuple[str, str]] = []
        self.form = ReportForm(data, report=report)
        self.sections = load_sections(report)
        self.beside = Beside(report, self.sections, today=today)
        returned = returned_rounds(self.sections)
        self.blocks = [self._block(section, data, files, returned.get(section.pk)) for section in self.sections]
        few = len(self.blocks) <= OPEN_WHEN_FEW
        for block in self.blocks:
            block.is_open = block.form is not None and (few or block.wants_action or block.section.pk == open_section)

    @property
    def files_changed(self) -> bool:
        """Whether files came or went with the form."""
        removed = any(block.form.cleaned_data.get("remove") for block in self.posted)
        return bool(any(self.new_files.values()) or self.papers or removed)

    @property
    def sections_as_saved(self) -> list[ProgressReport] | None:
        """The sections as the database has them after they were saved; None where files came or went."""
        return None if self.files_changed else self.sections

    def _section_form(self, section, data, files) -> SectionForm:
        """The section's form; not bound where the section did not come along."""
        return SectionForm(data, files, section=section) if self._came(section) else SectionForm(section=section)

    def _came(self, section: ProgressReport) -> bool:
        return f"muc{section.pk}" in self.posted_parts

    def _block(self, section, data, files, returned) -> Block:
        assignment = section.assignment
        today = self.today
        due = assignment.due_current
        late = days_overdue(assignment, today=today) > 0
        owed = not assignment.task.is_encouraged and assignment.task.condition_state != ConditionState.UNDECIDED
        soon = due is not None and due <= today + SOON and assignment.state != AssignmentState.SUBMITTED
        return Block(
            section=section,
            form=self._section_form(section, data, files) if section.is_editable else None,
            word=assignment.word,
            timeliness=timeliness_words(assignment, today=today),
            is_late=late and owed,
            beside=self.beside,
            returned=returned,
            wants_action=section.state == SectionState.RETURNED or (soon and owed),
        )

    @property
    def editable(self) -> list[Block]:
        return [block for block in self.blocks if block.form is not None]

    @property
    def posted(self) -> list[Block]:
        """The sections that came along."""
        return [block for block in self.blocks if block.was_posted]

    @property
    def forms(self) -> list:
        """All forms that came along, in page order; of a page that was only opened, all."""
        return [self.form, *(block.form for block in (self.posted if self.is_bound else self.editable))]

    @property
    def whole_mark(self) -> str:
        """What the part about the whole report holds as stored."""
        return whole_mark(self.report)

    @property
    def labelled_forms(self) -> list[tuple[str, TypedForm]]:
        return [("", self.form), *((block.assignment.task.code, block.form) for block in self.editable)]

    @property
    def version(self) -> int:
        """The version the page was opened with; 0 (always a conflict) when that was lost."""
        return self.form.cleaned_data.get("version", 0)

    def is_valid(self) -> bool:
        """Check every field; open the sections in which something is to be mended."""
        valid = [form.is_valid() for form in self.forms]
        self.show_errors()
        return all(valid)

    def show_errors(self) -> None:
        """Open the sections with errors."""
        for block in self.editable:
            block.is_open = block.is_open or bool(block.form.errors)

    def keep_files(self, *, by, now: datetime) -> bool:
        """Check and store what was uploaded; each refusal stands beside its field.

        Returns whether all files were fit. Good files are kept whatever else is wrong.

        Raises:
            Refused: the report was sent meanwhile.
        """
        fit = True
        for block in self.posted:
            form = block.form
            for name, uploaded in self._uploads(form):
                delivery = None if name == "files" else int(name.removeprefix("paper_"))
                try:
                    checked = uploads.check_upload(uploaded)
                    stored = keep_file(block.section, checked, by=by, now=now, delivery=delivery)
                except uploads.UploadRefused as refusal:
                    form.add_error(name, str(refusal))
                    fit = False
                    continue
                kept = self.new_files.setdefault(block.section.pk, [])
                if delivery is None and stored is not None and stored not in kept:
                    kept.append(stored)
                elif delivery is not None and stored is not None:
                    self.papers.setdefault(block.section.pk, {})[delivery] = stored
        self.show_errors()
        return fit

    @staticmethod
    def _uploads(form: SectionForm) -> list[tuple[str, object]]:
        if form.plain:
            return []
        several = [("files", file) for file in form.cleaned_data.get("files") or []]
        papers = [
            (name, form.cleaned_data[name])
            for name in (f"paper_{delivery.pk}" for delivery in form.deliveries)
            if form.cleaned_data.get(name)
        ]
        return papers + several

    def typed(self) -> ReportInput:
        """What was typed, with stored values where a field has an error, and the kept files.

        Left out is what the person did not touch since the page was opened, so that it overwrites nobody's.
        """
        data = self.form.typed()
        data.keeps_whole = "chung-general_note" not in self.data or self._is_mark("chung", whole_mark(data))
        for block in self.posted:
            pk = block.section.pk
            kept = {"papers": self.papers.get(pk), "new_files": self.new_files.get(pk)}
            typed = block.form.typed(**kept)
            touches_files = any(kept.values()) or typed.removed_file_ids
            if not touches_files and self._is_mark(block.form.prefix, section_mark(typed)):
                continue
            typed.version = self._version_of(block.form.prefix)
            data.sections[pk] = typed
        return data

    def _is_mark(self, part: str, mark: str) -> bool:
        return self.data.get(f"{part}-was") == mark

    def _version_of(self, part: str) -> int | None:
        """The version the part had when the page was opened; 0 (never the present one) when it cannot be read."""
        text = self.data.get(f"{part}-version")
        return None if text is None else int(text) if text.isdecimal() and len(text) < 10 else 0

    def attach_kept_files(self, among: set[int] | None = None) -> None:
        """After a conflict: files only add, so they are attached to their sections all the same."""
        for block in self.posted:
            pk = block.section.pk
            if among is None or pk in among:
                kept = [*self.new_files.get(pk, []), *self.papers.get(pk, {}).values()]
                SectionFile.objects.bulk_create(SectionFile(section=block.section, file=file) for file in kept)

    def settle(self, clashes: list[Clash], typed: dict[int, SectionInput], *, by, now: datetime) -> list[Clash]:
        """Of the parts that somebody else saved meanwhile: keep both versions; those that say the same are no clash."""
        left = []
        blocks = {block.section.pk: block for block in self.posted}
        for clash in clashes:
            if clash.section is None:
                self.theirs = self.form.differences(ReportForm(report=self.report))
                left += [clash] if self.theirs else []
                continue
            block = blocks[clash.section.pk]
            mine = typed[clash.section.pk]
            if section_mark(mine) == section_mark(stored_section(block.section)):
                continue
            keep_both(block.section, mine, by=by, now=now)
            block.clash = clash
            left.append(clash)
        self.attach_kept_files({clash.section.pk for clash in clashes if clash.section})
        return left

    def saved_parts(self) -> dict[str, dict[str, object]]:
        """For a page that saves itself: version and mark of each part that came along and stands now."""
        parts: dict[str, dict[str, object]] = {
            block.form.prefix: {"version": block.section.version, "was": section_mark(stored_section(block.section))}
            for block in self.posted
            if block.clash is None
        }
        if "chung-general_note" in self.data and not self.theirs:
            parts["chung"] = {"whole_version": self.report.whole_version, "was": self.whole_mark}
        return parts

    def refresh(self) -> None:
        """Before showing typed fields again: the stored version and the files attached by now."""
        self.form.data = {
            **self.form.data.dict(),
            self.form.add_prefix("version"): self.report.version,
            self.form.add_prefix("whole_version"): self.report.whole_version,
        }
        attached: dict[int, list[SectionFile]] = {}
        rows = SectionFile.objects.filter(section__unit_report=self.report, removed_at=None)
        for item in rows.select_related("file"):
            attached.setdefault(item.section_id, []).append(item)
        for block in self.editable:
            block.form.attached = attached.get(block.section.pk, [])
            for product in block.section.products.all():
                product.file = self.papers.get(block.section.pk, {}).get(product.delivery_id, product.file)

    def show_conflict(self) -> None:
        """Show the colleague's values beside what was typed; saving again is then a choice made knowingly."""
        self.attach_kept_files()
        self.show_clashes(self.posted)
        self.theirs = self.form.differences(ReportForm(report=self.report))

    def show_clashes(self, blocks: list[Block]) -> None:
        """Both versions of these sections side by side."""
        self.papers = {}
        self.refresh()
        for block in blocks:
            block.theirs = block.form.differences(SectionForm(section=block.section))
            block.is_open = block.is_open or bool(block.theirs)

    def show_problems(self, problems) -> None:
        """Put what is missing for sending beside its fields (tasks.drafts.checking.ReportIncomplete)."""
        forms = {block.section.pk: block.form for block in self.editable}
        for section, name, sentence in problems:
            if section is None:
                self.form.add_error(None, sentence)
            else:
                forms[section.pk].add_problem(name, sentence)
        self.show_errors()

    def error_rows(self) -> list[dict[str, str]]:
        """What is to be mended, in page order: target (id of the field), label, message."""
        rows = []
        for code, form in self.labelled_forms:
            for name, errors in form.errors.items():
                bound = form[name] if name in form.fields else None
                label = " – ".join(str(part) for part in (code, bound.label if bound else "") if part)
                target = bound.id_for_label if bound and not bound.is_hidden else ""
                rows += [{"target": target, "label": label, "message": str(message)} for message in errors]
        return rows

    def section_of(self, data: ReportInput, block: Block) -> SectionInput:
        """What is about to be saved of a section; taken in where it was not touched."""
        if block.section.pk not in data.sections:
            typed = block.form.typed()
            typed.version = self._version_of(f"muc{block.section.pk}")
            data.sections[block.section.pk] = typed
        return data.sections[block.section.pk]
