"""The archive file of one document: a .zip written to the disk piece by piece, in the same order each time.

What may not lie in it is never asked for: drafts, persons of the registry (their files are sealed), whatever the person
who had it made may not see.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from directive_tracker import crypto
from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import vn_date, vn_datetime
from records.models import StoredFile
from records.spreadsheets import csv_bytes
from tasks.closing import log, tables
from tasks.closing.naming import Names
from tasks.enums import SectionState
from tasks.exports.docx_unit_report import unit_report
from tasks.models import (
    AssignmentProduct,
    CitedDocument,
    Directive,
    SummaryFile,
    UnitReport,
    UpwardReport,
)
from tasks.querysets import READ_REPORT_STATES
from tasks.reportview import SectionReading, sections_for_reading

CONTENTS = "00-muc-luc.txt"
DOCUMENT, WORK, REPORTS, PRODUCTS = "01-van-ban", "02-nhiem-vu", "03-bao-cao", "04-san-pham"
FIGURES, SUMMARIES, DECISIONS, LOG = "05-so-lieu", "06-bao-cao-tong-hop", "07-quyet-dinh", "08-nhat-ky"
# Compressed already: squeezing them again costs time and gains nothing.
PACKED = frozenset({".docx", ".xlsx", ".pdf", ".jpg", ".jpeg", ".png", ".zip"})
CHUNK = 1 << 16


@dataclass
class Written:
    """What lies in the archive: path → checksum, in the order of writing; and what could not be found any more."""

    checksums: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    log_count: int = 0
    log_head: tuple[int, str] = (0, "")

    def by_folder(self) -> dict[str, int]:
        """Folder → number of files."""
        counts: dict[str, int] = {}
        for path in self.checksums:
            folder = path.partition("/")[0]
            counts[folder] = counts.get(folder, 0) + 1
        return counts


class ArchiveWriter:
    """Writes one archive into an open file.

    Args:
        directive, user: of what, as this person sees it.
        now: the moment that stands on every file in it (aware).
        demo: every file we make says that the data is invented.
        step: told how many reports are written, (done, total); may raise to stop.
    """

    def __init__(self, directive: Directive, user: Any, *, now: datetime, today: date, demo: bool, step) -> None:
        self.directive, self.user, self.now, self.today, self.demo = directive, user, now, today, demo
        self.step = step
        self.names, self.written = Names(), Written()

    def write(self, target: IO[bytes]) -> Written:
        """Write everything; what was written."""
        # The list of contents comes last, when the checksums are known, and sorts first.
        self.names.path(name=CONTENTS)
        with zipfile.ZipFile(target, "w") as self.zip:
            self._document()
            self._tables(WORK, "nhiem-vu", tables.work(self.directive, self.user, today=self.today))
            self._reports()
            self._products()
            self._tables(FIGURES, "so-lieu", tables.figures(self.directive))
            self._summaries()
            self._tables(DECISIONS, "quyet-dinh", tables.decisions(self.directive, self.user))
            self._log()
            self._put(CONTENTS, [self._contents().encode("utf-8-sig")], listed=False)
        return self.written

    # --- single files ---------------------------------------------------------------------------------------

    @contextmanager
    def _entry(self, path: str) -> Iterator[IO[bytes]]:
        info = zipfile.ZipInfo(path, date_time=self.now.timetuple()[:6])
        suffix = path[path.rfind(".") :].lower()
        info.compress_type = zipfile.ZIP_STORED if suffix in PACKED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as entry:
            yield entry

    def _put(self, path: str, pieces: Iterable[bytes], *, listed: bool = True) -> None:
        checksum = hashlib.sha256()
        with self._entry(path) as entry:
            for piece in pieces:
                checksum.update(piece)
                entry.write(piece)
        if listed:
            self.written.checksums[path] = checksum.hexdigest()

    def _made(self, *folders: str, name: str, content: bytes) -> None:
        self._put(self.names.path(*folders, name=name), [content])

    def _stored(self, stored: StoredFile | None, *folders: str) -> None:
        """A file as it was stored. Lists and papers of persons are sealed and stay in the registry."""
        if stored is None or stored.is_sealed:
            return
        name = stored.original_name
        try:
            content = stored.open_plain()
        except (FileNotFoundError, crypto.Unreadable):
            self.written.missing.append("/".join((*folders, name)))
            return
        with content:
            self._put(self.names.path(*folders, name=name), iter(lambda: content.read(CHUNK), b""))

    def _lines(self) -> list[str]:
        return [DEMO_LINE] if self.demo else []

    def _tables(self, folder: str, name: str, found: list[tables.Table]) -> None:
        self._made(folder, name=f"{name}.xlsx", content=tables.as_xlsx(found, lines=self._lines()))
        self._made(folder, name=f"{name}.json", content=tables.as_json(found))

    # --- what lies in it --------------------------------------------------------------------------------------

    def _document(self) -> None:
        """Every version of the text with the file it came from, then the files of what it cites."""
        for text in self.directive.texts.select_related("source_file").order_by("version"):
            self._stored(text.source_file, DOCUMENT)
            body = "\r\n".join([*self._lines(), *text.body.splitlines()])
            self._made(DOCUMENT, name=f"loi-van-ban-{text.version}.txt", content=body.encode("utf-8-sig"))
        cited = CitedDocument.objects.filter(directive=self.directive, file__isnull=False)
        for document in cited.select_related("file").order_by("order", "pk"):
            self._stored(document.file, DOCUMENT, "vien-dan")

    def _reports(self) -> None:
        """Each unit's reports with what was accepted of them, under the unit's head, and the files that were sent."""
        reports = UnitReport.objects.visible_to(self.user).filter(
            directive=self.directive, state__in=READ_REPORT_STATES, sections__state=SectionState.ACCEPTED
        )
        pks = list(
            reports.order_by("unit__sort_order", "unit_id", "submitted_at", "pk")
            .values_list("pk", flat=True)
            .distinct()
        )
        for number, pk in enumerate(dict.fromkeys(pks), start=1):
            self.step(number, len(pks))
            self._report(UnitReport.objects.select_related("directive__office", "period", "unit__parent").get(pk=pk))

    def _report(self, report: UnitReport) -> None:
        readings = [
            reading
            for reading in sections_for_reading(report, self.user)
            if reading.section.state == SectionState.ACCEPTED
        ]
        day = f"{report.submitted_at:%Y-%m-%d}" if report.submitted_at else ""
        name = f"bao-cao-{day}-{report.pk}"
        content = unit_report(report, readings, today=self.today, moment=self.now, demo=self.demo)
        self._made(REPORTS, report.unit.short_name, name=f"{name}.docx", content=content)
        self._stored(report.signed_file, REPORTS, report.unit.short_name, name)
        for reading in readings:
            self._section_files(reading, report.unit.short_name, name)

    def _section_files(self, reading: SectionReading, unit: str, name: str) -> None:
        if reading.section.assignment.task.words_and_counts_only:
            return
        for stored in sorted(reading.files, key=lambda one: one.pk):
            self._stored(stored, REPORTS, unit, name, reading.section.assignment.task.code)

    def _products(self) -> None:
        """The papers that were delivered, by task."""
        papers = (
            AssignmentProduct.objects.visible_to(self.user)
            .filter(assignment__directive=self.directive, file__isnull=False, delivered_on__isnull=False)
            .select_related("file", "assignment__task", "assignment__unit")
        )
        ordered = papers.order_by("assignment__task__order", "assignment__unit__sort_order", "product__order", "pk")
        for paper in ordered.iterator(chunk_size=tables.AT_ONCE):
            self._stored(paper.file, PRODUCTS, paper.assignment.task.code, paper.assignment.unit.short_name)

    def _summaries(self) -> None:
        """The summary reports that were made, and what was sent to the bodies above."""
        files = SummaryFile.objects.visible_to(self.user).filter(report__directive=self.directive)
        for made in files.select_related("file", "report").order_by("report__draft_number", "kind"):
            self._stored(made.file, SUMMARIES)
        upward = UpwardReport.objects.visible_to(self.user).filter(directive=self.directive, file__isnull=False)
        for report in upward.select_related("file").order_by("pk"):
            self._stored(report.file, SUMMARIES, "gui-cap-tren")

    def _log(self) -> None:
        pks = log.events_about(self.directive, self.user)
        self.written.log_count, self.written.log_head = len(pks), log.head()
        lines = [(line,) for line in self._lines()]
        self._put(self.names.path(LOG, name="nhat-ky.csv"), self._log_csv(pks, lines))
        self._put(self.names.path(LOG, name="nhat-ky.jsonl"), self._log_json(pks))

    def _log_csv(self, pks: list[int], lines) -> Iterator[bytes]:
        yield csv_bytes([*lines, log.HEAD])
        for events in log.read(pks):
            # The mark of the encoding stands at the head of the file alone.
            yield csv_bytes(map(log.row, events)).removeprefix(b"\xef\xbb\xbf")

    def _log_json(self, pks: list[int]) -> Iterator[bytes]:
        for events in log.read(pks):
            yield "".join(f"{log.as_json(event)}\n" for event in events).encode()

    def _contents(self) -> str:
        """The list of contents: what it is, made when and by whom, every file with its checksum."""
        directive, (number, head) = self.directive, self.written.log_head
        lines = [
            *self._lines(),
            "HỒ SƠ LƯU TRỮ",
            f"Văn bản: {directive.title}",
            f"Số, ký hiệu: {directive.number or 'không in trong văn bản'}; cơ quan ban hành: {directive.issuer}",
        ]
        if directive.closed_on:
            lines.append(
                f"Kết thúc theo dõi ngày {vn_date(directive.closed_on)}, theo báo cáo số {directive.closing_report}"
            )
        lines += [
            f"Lập lúc {vn_datetime(self.now)}, người lập: {self.user}",
            f"Nhật ký: {self.written.log_count} dòng về văn bản này; cả nhật ký khi lập có {number} dòng, "
            f"mã của dòng cuối {head or 'chưa có'}",
            "",
            "Mã kiểm SHA-256 và đường dẫn của từng tệp (kiểm bằng: sha256sum -c):",
            *(f"{checksum}  {path}" for path, checksum in self.written.checksums.items()),
        ]
        if self.written.missing:
            lines += ["", "Tệp không còn trong kho lưu khi lập hồ sơ:", *self.written.missing]
        return "\r\n".join(lines) + "\r\n"
