"""The objects of the world: everything an address may name, with canaries in what somebody typed."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from accounts.models import HeldForm, TrustedDevice
from notifications.models import Message, MessageState, Notice, NoticeRule, NoticeState, UnitAddress
from records.audit import record
from records.models import Job, PartialUpload, StoredFile, UploadPart
from records.models.jobs import JobState
from records.results import keep_file
from tasks import tallies
from tasks.digests.making import make_now
from tasks.enums import (
    AssignmentRole,
    AssignmentState,
    ConditionState,
    DirectiveState,
    DueSource,
    ReportState,
    SectionState,
)
from tasks.links.addresses import token_of
from tasks.links.making import ensure, pass_on_by_name, revoke
from tasks.models import (
    Activity,
    ActivityPhoto,
    ActivityStep,
    Addressee,
    Amendment,
    AmendmentUnit,
    Assignment,
    CallNote,
    ChaseLetter,
    CitedDocument,
    CitedFile,
    Comment,
    CommentMention,
    CommentScope,
    ContributionRequest,
    DelayNote,
    DirectiveTask,
    DraftChange,
    DraftCopy,
    DraftPresence,
    DueChange,
    ExtensionPermit,
    ExtensionRequest,
    Finding,
    FindingStep,
    IdleWork,
    IncomingFile,
    IncomingPlace,
    Indicator,
    IndicatorValue,
    InspectedPlace,
    Inspection,
    Instruction,
    InstructionStep,
    Nudge,
    Partner,
    ProductRelease,
    ProgressReport,
    ReleaseRecipient,
    ReportingPeriod,
    ReportLink,
    ReportRound,
    SavedFilter,
    ScanPage,
    ScanReading,
    SectionFile,
    SectionProduct,
    StatusChange,
    SummaryFile,
    SummaryReport,
    TaskRecipient,
    UnitQuestion,
    UnitReport,
    UpwardReport,
    UpwardReportStep,
)
from tasks.reporting import content_of
from tests.factories import (
    make_assignment,
    make_directive,
    make_product,
    make_reporter,
    make_task,
    make_text,
    make_unit,
)
from tests.matrix.api_rows import build_tokens
from tests.matrix.feeds_rows import build_feeds
from tests.matrix.gratitude_rows import build_gratitude, open_campaign
from tests.matrix.ranking_rows import build_rankings
from tests.matrix.summary_rows import build_summaries
from tests.matrix.world import AREA_RELATIONS, NOW, RELATIONS, SIGNED_IN, TODAY, World
from units.importing import service as import_service
from units.models import CalendarDay, Deputation, GroupMember, UnitGroup
from veterans import sensitive
from veterans.enums import Category, Living, ReviewSource, ReviewState, Verification
from veterans.importing import values as list_values
from veterans.lists.rows import Person as ReadPerson
from veterans.models import (
    AreaReview,
    Campaign,
    Condolence,
    Consent,
    DataRequest,
    DuplicatePair,
    ImportedRow,
    Person,
    PersonCategory,
    PersonImport,
    PersonScan,
    VerificationStep,
    Visit,
)

# One task of each of these states; every unit that leads it has its part in that state.
WORK = {
    "work": AssignmentState.IN_PROGRESS,
    "new": AssignmentState.ASSIGNED,
    "paused": AssignmentState.PAUSED,
    "done": AssignmentState.COMPLETED,
    "given_back": AssignmentState.RETURNED_BY_UNIT,
    "submitted": AssignmentState.SUBMITTED,
    "late": AssignmentState.IN_PROGRESS,
}
LEADS = ("own", "below", "sibling", "foreign", "ended")


def docx(text: str) -> bytes:
    """The least of a Word file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:t>{text}</w:t></w:document>")
    return buffer.getvalue()


def xlsx(text: str) -> bytes:
    """A workbook with the text in one cell."""
    book, buffer = Workbook(), io.BytesIO()
    book.active["A1"] = text
    book.save(buffer)
    return buffer.getvalue()


def zipped(text: str) -> bytes:
    """An archive with a Word file in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("trong.docx", docx(text))
    return buffer.getvalue()


def pdf(text: str) -> bytes:
    """One page with one line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


KINDS = {"docx": docx, "xlsx": xlsx, "zip": zipped, "pdf": pdf, "txt": str.encode, "csv": str.encode}


def make_file(world: World, what: str, kind: str, *, by: Any, readers: str | None = None) -> StoredFile:
    """A stored file with a canary in its name and another one inside."""
    name, inside = world.cage.new(what, readers), world.cage.new(what, readers)
    content = KINDS[kind](f"{inside.word} {inside.card}")
    return keep_file(content, f"{name.word}.{kind}", "application/octet-stream", by=by, now=NOW)


def _summary_file(world: World, report: SummaryReport) -> None:
    """The Word file of a draft, under an address of its own."""
    made = make_file(world, "summary made", "docx", by=world.people["office"])
    SummaryFile.objects.create(report=report, kind="docx", file=world.put("file", "summary", made), made_at=NOW)


def build_rows(world: World) -> None:
    """Everything, in the order in which one needs the other."""
    _links(world)
    _directives(world)
    _tasks(world)
    for relation in RELATIONS:
        _sent_report(world, relation)
        _draft_report(world, relation)
    _listed_links(world)
    _instructions(world)
    _own_reports(world)
    _figures(world)
    _letters(world)
    _desk(world)
    _events(world)
    _together(world)
    _closed_work(world)
    _digest(world)
    _summary_file(world, build_summaries(world))
    _arrived(world)
    for name in ("issued", "closed"):
        directive = world.objects["directive"][name]
        parts = Assignment.objects.filter(directive=directive)
        unit_ids, task_ids = set(parts.values_list("unit", flat=True)), set(parts.values_list("task", flat=True))
        tallies.refresh(directive, unit_ids=unit_ids, task_ids=task_ids, today=TODAY)
    _registry(world)
    _personal(world)
    _own_machines(world)
    _standing_in(world)
    _import(world)
    _records(world)


# --- documents ----------------------------------------------------------------------------------


def _directives(world: World) -> None:
    states = {"draft": DirectiveState.DRAFT, "issued": DirectiveState.ISSUED, "closed": DirectiveState.CLOSED}
    for name, state in states.items():
        what = f"directive {name}"
        new, office = world.cage.new, world.people["office"]
        directive = make_directive(
            state=state,
            title=f"Trích yếu {new(what).word}",
            short_title=f"Văn bản {new(what).word}",
            signer_name=f"Người ký {new(what).word}",
            recorded_by=office,
        )
        world.put("directive", name, directive)
        text = make_text(directive, f"1. Nội dung {new(what).word}.\nMột câu chưa xét.")
        text.source_file = world.put("file", f"text {name}", make_file(world, what, "docx", by=office))
        text.save()
        cited = CitedDocument.objects.create(
            directive=directive, number=f"12-CV/{new(what).word}", title=new(what).word
        )
        cited.file = world.put("file", f"cited {name}", make_file(world, what, "pdf", by=office))
        cited.save()
        world.put("cited", name, cited)
        Addressee.objects.create(directive=directive, written=new(what).word).units.add(world.units["own"])


def _task(world: World, directive: str, kind: str, code: str, **values: Any) -> DirectiveTask:
    bird = world.cage.new(f"directive {directive}")
    values.setdefault("title", f"Nhiệm vụ {bird.word}")
    values.setdefault("short_title", f"Việc {bird.word}")
    task = make_task(world.objects["directive"][directive], code, **values)
    return world.put("task", kind, task)


def _tasks(world: World) -> None:
    for number, (kind, state) in enumerate(WORK.items(), start=1):
        task = _task(world, "issued", kind, f"{number}a")
        product = make_product(task, name="Kế hoạch", kind="plan", has_paper=True)
        for relation in LEADS:
            _part(world, kind, relation, task, product, state)
        _part(world, kind, "helper", task, product, state, role=AssignmentRole.COORDINATING)
        monitored = _task(world, "issued", f"{kind} monitored", f"{number}b")
        monitored.monitors.add(world.units["watch"])
        _part(world, kind, "watched", monitored, make_product(monitored), state)
    other = _task(world, "issued", "foreign", "8")
    for relation in ("helper", "watched", "foreign"):
        make_assignment(other, world.units[relation], state=AssignmentState.IN_PROGRESS)
    undecided = {"condition_state": ConditionState.UNDECIDED}
    _task(world, "issued", "undecided", "9", **undecided)
    draft = _task(world, "draft", "draft", "1", **undecided)
    TaskRecipient.objects.create(task=draft, role=AssignmentRole.LEAD, unit=world.units["own"])
    make_product(draft)
    about = world.cage.new("directive draft").word
    DraftChange.objects.create(
        directive=draft.directive,
        number=1,
        verb="edit",
        about=about,
        before={"orders": {}, "tasks": {}},
        by=world.people["office"],
        at=NOW,
    )
    _task(world, "closed", "closed", "1", **undecided)
    _amendments(world)
    _upward(world)


def _upward(world: World) -> None:
    """What the office owes the bodies above: open, sent, of a draft; a file that a cited document had before."""
    new, office = world.cage.new, world.people["office"]
    for name, directive in (("open", "issued"), ("sent", "issued"), ("draft", "draft")):
        what = "directive draft"
        report = UpwardReport.objects.create(
            directive=world.objects["directive"][directive],
            # Stands under "Nơi nhận" of the summary report, which readers read.
            to_whom=f"Ban {new('summary made' if directive == 'issued' else what).word}",
            about=f"Kết quả {new(what).word}",
            due=TODAY,
            note=new(what).word,
            state="sent" if name == "sent" else "open",
            sent_on=TODAY if name == "sent" else None,
            signer=new(what).word if name == "sent" else "",
            file=world.put("file", "upward", make_file(world, what, "docx", by=office)) if name == "sent" else None,
            made_by=office,
            made_at=NOW,
            updated_at=NOW,
        )
        before = make_file(world, what, "docx", by=office) if name == "open" else None
        UpwardReportStep.objects.create(
            report=report, kind="made", words=new(what).word, file=before, by=office, at=NOW
        )
        if before is not None:
            world.put("file", "upward before", before)
        world.put("upward", name, report)
    old = world.put("file", "cited before", make_file(world, "directive issued", "pdf", by=office))
    CitedFile.objects.create(cited=world.objects["cited"]["issued"], file=old, by=office, at=NOW)


def _amendments(world: World) -> None:
    """What the draft would do to issued work, and what issued work did to a closed document."""
    for name, amended, task in (("draft", "issued", "work"), ("issued", "closed", "closed")):
        what = f"directive {name}"
        row = Amendment.objects.create(
            document=world.objects["directive"][name],
            amended=world.objects["directive"][amended],
            task=world.objects["task"][task],
            kind="units",
            words=f"Câu {world.cage.new(what).word}",
            note=f"Ghi chú {world.cage.new('directive draft').word}",
            made_by=world.people["office"],
            made_at=NOW,
            applied_at=None if name == "draft" else NOW,
        )
        AmendmentUnit.objects.create(amendment=row, unit=world.units["own"], change="take")
        world.put("amendment", name, row)


def _part(world, kind, relation, task, product, state, role=AssignmentRole.LEAD) -> Assignment:
    """One unit's part with everything that may be typed about it."""
    what, person, office = f"work {relation}", world.staff[relation], world.people["office"]
    bird = world.cage.new(what)
    # Late work was due last Wednesday and nobody was chased in these days.
    late = kind == "late"
    part = make_assignment(
        task,
        world.units[relation],
        state=state,
        role=role,
        due_version=2,
        due=date(2024, 4, 10) if late else date(2024, 4, 19),
        state_reason=f"Lý do {world.cage.new(what).word}",
    )
    world.put(kind, relation, part)
    delivery = part.products.create(product=product, number="12", symbol=world.cage.new(what).word)
    delivery.file = world.put("file", f"product {kind} {relation}", make_file(world, what, "xlsx", by=person))
    delivery.save()
    StatusChange.objects.create(assignment=part, new_state=state, by=person, at=NOW, note=f"Ghi chú {bird.word}")
    DueChange.objects.create(
        assignment=part,
        version=2,
        new_due=part.due_current,
        source=DueSource.OFFICE,
        reason=f"Đổi hạn {world.cage.new(what).word}",
        by=office,
        at=NOW,
    )
    nudged_at = NOW - timedelta(days=7) if late else NOW
    Nudge.objects.create(assignment=part, by=office, at=nudged_at, message=f"Đôn đốc {world.cage.new(what).word}")
    if late:
        _said(world, part, what, office, person)
    if kind == "work":
        question = UnitQuestion.objects.create(
            assignment=part,
            kind="unclear",
            words=f"Hỏi {world.cage.new(what).word}",
            due_version=2,
            asked_by=person,
            asked_at=NOW,
        )
        world.put("question", relation, question)
    if kind == "late":
        ExtensionPermit.objects.create(
            assignment=part, reason=f"Cho phép {world.cage.new(what).word}", until=TODAY, given_by=office, given_at=NOW
        )
    if kind == "done":
        return part
    extension = ExtensionRequest.objects.create(
        assignment=part,
        requested_due=date(2024, 4, 26),
        reason=f"Xin thêm ngày {world.cage.new(what).word}",
        requested_by=person,
        requested_at=NOW,
    )
    if kind == "submitted":
        world.put("extension", relation, extension)
    else:
        ExtensionRequest.objects.filter(pk=extension.pk).update(
            state="refused", decided_by=office, decided_at=NOW, decision_reason=world.cage.new(what).word
        )
    return part


def _said(world: World, part: Assignment, what: str, office: Any, person: Any) -> None:
    """A call about late work, and what its unit says of the delay."""
    CallNote.objects.create(
        assignment=part,
        spoke_with=f"Chánh văn phòng {world.cage.new(what).word}",
        called_on=TODAY,
        said=f"Hẹn {world.cage.new(what).word}",
        by=office,
        at=NOW,
    )
    DelayNote.objects.create(
        assignment=part,
        cause="subjective",
        reason=f"Chờ {world.cage.new(what).word}",
        expected_on=TODAY,
        noted_on=TODAY,
        by=person,
        at=NOW,
    )


# --- reports ------------------------------------------------------------------------------------


def _report(world: World, relation: str, state: str, note: str, directive: str = "issued") -> UnitReport:
    person = world.staff[relation]
    sent = state not in (ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD)
    return UnitReport.objects.create(
        directive=world.objects["directive"][directive],
        unit=world.units[relation],
        state=state,
        general_note=f"Đánh giá chung {note}",
        paper_signer=f"Người ký {note}",
        created_by=person,
        created_at=NOW,
        saved_by=person,
        saved_at=NOW,
        **({"submitted_by": person, "submitted_at": NOW} if sent else {}),
    )


def _section(world: World, report: UnitReport, assignment: Assignment, state: str, what: str) -> ProgressReport:
    """A section with words, a paper and an attached file."""
    section = ProgressReport.objects.create(
        unit_report=report,
        assignment=assignment,
        state=state,
        results=f"Kết quả {world.cage.new(what).word}",
        difficulties=f"Khó khăn {world.cage.new(what).word}",
        proposals=f"Kiến nghị {world.cage.new(what).word}",
    )
    for delivery in assignment.products.all():
        bird = world.cage.new(what)
        SectionProduct.objects.create(
            section=section, delivery=delivery, number="7", symbol=bird.word, signer=f"Ký {world.cage.new(what).word}"
        )
    return section


def _attach(world: World, section: ProgressReport, what: str, kind: str, place: str):
    stored = world.put("file", place, make_file(world, what, kind, by=section.unit_report.created_by))
    SectionFile.objects.create(section=section, file=stored)
    return stored


def _send(section: ProgressReport) -> ReportRound:
    sent = ReportRound.objects.create(
        section=section,
        number=section.rounds.count() + 1,
        submitted_by=section.unit_report.created_by,
        submitted_at=NOW,
        submitted_on=TODAY,
        content=content_of(section),
    )
    sent.files.set([item.file_id for item in section.files.all()])
    return sent


def _sent_report(world: World, relation: str) -> None:
    """A report that waits for the office, with one section; helper and watched have another one besides."""
    what = f"work {relation}"
    report = _report(world, relation, ReportState.SUBMITTED, world.cage.new(f"note {relation}").word)
    world.put("report sent", relation, report)
    section = _section(world, report, world.objects["submitted"][relation], SectionState.SUBMITTED, what)
    world.put("section sent", relation, section)
    _attach(world, section, what, "zip", f"sent {relation}")
    _send(section)
    if relation in ("helper", "watched"):
        what = f"other section {relation}"
        other = Assignment.objects.get(task=world.objects["task"]["foreign"], unit=world.units[relation])
        section = _section(world, report, other, SectionState.SUBMITTED, what)
        world.put("section other", relation, section)
        _attach(world, section, what, "pdf", f"other section {relation}")
        _send(section)


def _draft_report(world: World, relation: str) -> None:
    what = f"draft {relation}"
    report = _report(world, relation, ReportState.DRAFT, world.cage.new(what).word)
    world.put("report draft", relation, report)
    section = _section(world, report, world.objects["new"][relation], SectionState.DRAFT, what)
    world.put("section draft", relation, section)
    _attach(world, section, what, "docx", f"draft {relation}")
    paper = section.products.first()
    paper.file = world.put("file", f"draft paper {relation}", make_file(world, what, "pdf", by=report.created_by))
    paper.save()
    signed = world.put("file", f"draft signed {relation}", make_file(world, what, "pdf", by=report.created_by))
    UnitReport.objects.filter(pk=report.pk).update(signed_file=signed)
    kept = {"results": f"Bản khác {world.cage.new(what).word}"}
    DraftCopy.objects.create(section=section, by=report.created_by, at=NOW, content=kept)
    DraftPresence.objects.create(report=report, user=report.created_by, seen_at=timezone.now())
    if relation == "own":
        _files_on_their_way(world, section)


def _files_on_their_way(world: World, section: ProgressReport) -> None:
    """A photo of the draft, and a file of which the first part has come."""
    person, buffer = section.unit_report.created_by, io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    photo = keep_file(buffer.getvalue(), "anh.png", "image/png", by=person, now=NOW)
    SectionFile.objects.create(section=section, file=world.put("file", "photo own", photo))
    bird = world.cage.new("draft own")
    moment = timezone.now()
    upload = PartialUpload.objects.create(
        owner=world.people["reporter"],
        name=f"{bird.word}.txt",
        size=100,
        mark="1",
        received=4,
        begun_at=moment,
        touched_at=moment,
    )
    UploadPart.objects.create(upload=upload, start=0, data=b"abcd")
    world.put("partial upload", "own", upload)


def _own_reports(world: World) -> None:
    """A report that came back and is being typed on, one that waits for the unit's head, and a file taken off again."""
    for relation in ("own", "foreign"):
        report = _report(world, relation, ReportState.RETURNED, world.cage.new(f"note {relation}").word)
        world.put("report returned", relation, report)
        section = _section(world, report, world.objects["work"][relation], SectionState.RETURNED, f"work {relation}")
        _send(section)
        section.rounds.update(
            decision="returned", decided_by=world.people["office"], decided_at=NOW, reason="Thiếu số liệu."
        )
        section.results = f"Đang sửa {world.cage.new(f'draft {relation}').word}"
        section.difficulties = section.proposals = ""
        section.save()
        for product in section.products.all():
            product.symbol = product.signer = world.cage.new(f"draft {relation}").word
            product.save()
        stored = _attach(world, section, "removed file", "csv", f"removed {relation}")
        section.files.filter(file=stored).update(removed_at=NOW)
        waiting = _report(world, relation, ReportState.AWAITING_UNIT_HEAD, world.cage.new(f"draft {relation}").word)
        world.put("report waiting", relation, waiting)
        _section(world, waiting, world.objects["given_back"][relation], SectionState.DRAFT, f"draft {relation}")


# --- mailed links -------------------------------------------------------------------------------


def _links(world: World) -> None:
    """A unit of its own for each link, with one work, all without canaries: what sings behind a link came from elsewhere."""
    directive = make_directive(short_title="Văn bản có đường dẫn", title="Văn bản có đường dẫn trong thư")
    task = make_task(directive, "1")
    for relation in ("open", "begun", "revoked", "expired", "left", "inactive", "unwanted"):
        unit = make_unit(f"Đơn vị có đường dẫn {relation}", wants_report_links=relation != "unwanted")
        person = make_reporter(unit, f"duongdan-{relation}", full_name="Người nhận đường dẫn")
        part = make_assignment(task, unit, state=AssignmentState.IN_PROGRESS)
        link = ensure(unit, directive, None, person, now=NOW, today=TODAY)
        world.tokens[relation] = token_of(link)
        if relation == "open":
            world.tokens["colleague"] = token_of(
                pass_on_by_name(link, "Lê Thị Cúc", by=person, now=NOW, at=NOW, today=TODAY)
            )
        if relation == "begun":
            _begun(world, unit, directive, part, person)
        if relation == "revoked":
            revoke(link, by=person, now=NOW, at=NOW)
        if relation == "expired":
            ReportLink.objects.filter(pk=link.pk).update(last_day=TODAY - timedelta(days=1))
        if relation == "left":
            person.memberships.update(valid_to=TODAY - timedelta(days=1))
        if relation == "inactive":
            person.is_active = False
            person.save()


def _begun(world: World, unit: Any, directive: Any, part: Assignment, person: Any) -> None:
    """The report of a link, with a file."""
    report = UnitReport.objects.create(
        directive=directive, unit=unit, created_by=person, created_at=NOW, saved_by=person, saved_at=NOW
    )
    world.put("linked report", "begun", report)
    section = ProgressReport.objects.create(unit_report=report, assignment=part)
    stored = keep_file(b"Noi dung", "bao-cao.txt", "text/plain", by=person, now=NOW)
    world.put("file", "linked", stored)
    SectionFile.objects.create(section=section, file=stored)


def _listed_links(world: World) -> None:
    """Links of two units of the world, to be taken back."""
    for relation in ("own", "foreign"):
        link = ensure(
            world.units[relation],
            world.objects["directive"]["issued"],
            None,
            world.staff[relation],
            now=NOW,
            today=TODAY,
        )
        world.put("report link", relation, link)


def _figures(world: World) -> None:
    """Figures that are asked for, periods, and two accepted figures of every relation that cannot both be right."""
    for name, task in {"draft": "draft", "issued": "done", "closed": "closed"}.items():
        bird = world.cage.new(f"directive {name}")
        indicator = Indicator.objects.create(
            task=world.objects["task"][task],
            code="CT01",
            order=1,
            name=f"Chỉ tiêu {bird.word}",
            measure="buổi",
            counted_from="veterans.visited",
        )
        world.put("indicator", name, indicator)
        period = ReportingPeriod.objects.create(
            directive=world.objects["directive"][name],
            name=f"Kỳ {world.cage.new(f'directive {name}').word}",
            starts_on=TODAY,
            opens_on=TODAY + timedelta(days=30),
            cutoff_on=TODAY + timedelta(days=40),
            due_on=TODAY + timedelta(days=42),
        )
        world.put("period", name, period)
    watched = Indicator.objects.create(
        task=world.objects["task"]["done monitored"],
        code="CT01",
        order=1,
        name="Chỉ tiêu theo dõi",
        measure="buổi",
        counted_from="veterans.visited",
    )
    for relation in RELATIONS:
        indicator = watched if relation == "watched" else world.objects["indicator"]["issued"]
        for kind, value in (("figure", 30), ("figure later", 12)):
            _figure(world, kind, relation, indicator, value)


def _figure(world: World, kind: str, relation: str, indicator: Indicator, value: int) -> None:
    what = f"work {relation}"
    report = _report(world, relation, ReportState.DECIDED, world.cage.new(f"note {relation}").word)
    part = world.objects["done"][relation]
    section = ProgressReport.objects.create(unit_report=report, assignment=part, state=SectionState.ACCEPTED)
    sent = _send(section)
    office = world.people["office"]
    ReportRound.objects.filter(pk=sent.pk).update(decision="accepted", decided_by=office, decided_at=NOW)
    row = IndicatorValue.objects.create(
        round=sent, indicator=indicator, value=value, comment=f"Giải thích {world.cage.new(what).word}"
    )
    world.put(kind, relation, row)


def _instructions(world: World) -> None:
    """What a leader said about three units: a monitor reads the unit's work, but not what was said of the unit."""
    for relation, what in (("own", "work own"), ("foreign", "work foreign"), ("watched", "note watched")):
        said = Instruction.objects.create(
            directive=world.objects["directive"]["issued"],
            words=f"Đề nghị làm sớm {world.cage.new(what).word}",
            said_by=f"Đồng chí {world.cage.new(what).word}",
            said_on=TODAY,
            source="briefing",
            written_by=world.people["office"],
            written_at=NOW,
        )
        said.units.add(world.units[relation])
        said.tasks.add(world.objects["task"]["work monitored" if relation == "watched" else "work"])
        world.put("instruction", relation, said)
        InstructionStep.objects.create(
            instruction=said,
            kind="noted",
            words=f"Ghi thêm {world.cage.new(what).word}",
            by=world.people["office"],
            at=NOW,
        )


def _closed_work(world: World) -> None:
    """Work and a report of a document that is no longer followed."""
    task = world.objects["task"]["closed"]
    product = make_product(task, has_paper=True)
    for relation in ("own", "foreign"):
        part = make_assignment(task, world.units[relation], state=AssignmentState.IN_PROGRESS)
        part.products.create(product=product)
        world.put("closed work", relation, part)
        report = _report(
            world, relation, ReportState.SUBMITTED, world.cage.new(f"note {relation}").word, directive="closed"
        )
        world.put("closed report", relation, report)
        section = _section(world, report, part, SectionState.SUBMITTED, f"work {relation}")
        world.put("closed section", relation, section)
        _send(section)


# --- documents on their way in --------------------------------------------------------------------


def _arrived(world: World) -> None:
    """Arrived files in each state, a scan that is being read and one that has ended."""
    office = world.people["office"]
    for number, (state, values) in enumerate(
        {
            "waiting": {},
            "ignored": {"decided_by": office, "decided_at": NOW},
            "refused": {"refusal": f"Không nhận tệp “{world.cage.new('arrived').word}”."},
            "recorded": {"directive": world.objects["directive"]["draft"]},
        }.items()
    ):
        name = f"{world.cage.new('arrived').word}.pdf"
        row = IncomingFile.objects.create(
            name=name, sha256=f"{number:064}", size=1, source="thu-muc", seen_at=NOW, state=state, **values
        )
        world.put("incoming", state, row)
        IncomingPlace.objects.create(
            key=f"{number:064}", source="thu-muc", size=1, changed=0, noted_at=NOW, incoming=row
        )
    values = {"pages": 2, "begun_by": office, "begun_at": NOW}
    scan = ScanReading.objects.create(
        file=make_file(world, "orphan file", "pdf", by=office),
        name=f"{world.cage.new('arrived').word}.pdf",
        sha256="a" * 64,
        lease_until=timezone.now() + timedelta(days=1),
        **values,
    )
    ScanPage.objects.create(reading=scan, number=1, text=world.cage.new("orphan file").word)
    world.put("scanned", "reading", scan)
    ended = ScanReading.objects.create(
        name=f"{world.cage.new('arrived').word}.pdf",
        state="failed",
        words=f"Không đọc được “{world.cage.new('arrived').word}”.",
        ended_at=NOW,
        **values,
    )
    world.put("scanned", "ended", ended)


# --- digests ------------------------------------------------------------------------------------


def _digest(world: World) -> None:
    """Figures frozen yesterday, with everything that is late and what its units say of it."""
    digest = make_now(by=world.people["office"], now=NOW - timedelta(days=1), send=False)
    world.put("digest", "made", digest)


# --- the desk: words beside the work, filters ------------------------------------------------------


def _desk(world: World) -> None:
    """Open words and the office's own about every part of the work; a filter of everybody, one that the office shares."""
    office = world.people["office"]
    for relation in RELATIONS:
        part = world.objects["work"][relation]
        for scope, what in ((CommentScope.ALL, f"work {relation}"), (CommentScope.OFFICE, "office words")):
            comment = Comment.objects.create(
                assignment=part, scope=scope, text=f"Trao đổi {world.cage.new(what).word}", by=office, at=NOW
            )
            if scope == CommentScope.ALL:
                CommentMention.objects.create(comment=comment, user=world.staff[relation])
                world.put("comment", relation, comment)
            elif relation == "own":
                world.put("comment", "inside", comment)
    for owner in (*SIGNED_IN, "stranger"):
        word = world.cage.new(f"filter of {owner}", owner if owner != "stranger" else "").word
        row = SavedFilter.objects.create(
            owner=world.people[owner], page="assignments", query="role=lead", name=f"Lọc {word}", saved_at=NOW
        )
        if owner == "stranger":
            world.put("filter", "foreign", row)
        else:
            world.personal.setdefault("filter", {})[owner] = row
    shared = SavedFilter.objects.create(
        owner=world.people["colleague"],
        page="assignments",
        query="role=lead",
        name=f"Lọc {world.cage.new('office words').word}",
        shared=True,
        saved_at=NOW,
    )
    world.put("filter", "shared", shared)


# --- letters ------------------------------------------------------------------------------------


def _letters(world: World) -> None:
    """For each unit a letter that waits for its signature, and one that was sent."""
    office = world.people["office"]
    for relation in LEADS:
        for kind, what in (("letter made", "letter made"), ("letter sent", f"note {relation}")):
            work = {"code": "7a", "title": world.cage.new(what).word, "due": "2024-04-10", "expected_on": ""}
            sent = {"number": "9-CV/VPTU", "sent_on": TODAY, "sent_by": office, "sent_noted_at": NOW}
            letter = ChaseLetter.objects.create(
                unit=world.units[relation],
                content={
                    "symbol": "CV/VPTU",
                    "groups": [{"works": [{**work, "working_days_late": 3, "cause": ""}]}],
                    **dict.fromkeys(("superior", "organ", "place", "authority", "position"), "Văn phòng"),
                },
                as_of=TODAY,
                report_by=TODAY,
                file=world.put("file", f"{kind} {relation}", make_file(world, what, "docx", by=office)),
                made_by=office,
                made_at=NOW,
                **(sent if kind == "letter sent" else {}),
            )
            letter.assignments.set([world.objects["late"][relation]])
            world.put(kind, relation, letter)


# --- events and inspections ---------------------------------------------------------------------


def _events(world: World) -> None:
    """An event of every unit; of every inspected unit an open and an answered finding; two inspections being written."""
    for relation, part in world.objects["work"].items():
        _activity(world, relation, part)
        # A lead reads the work of who contributes, but not what was found at their places.
        what = "note helper" if relation == "helper" else f"work {relation}"
        inspector = "watch" if relation == "watched" else "office"
        _inspection(world, relation, part.task, inspector, part.unit, what)
    for inspector, relation in (("office", "own"), ("watch", "watched")):
        part = world.objects["work"][relation]
        _inspection(world, inspector, part.task, inspector, part.unit, f"inspection of {inspector}", sent=False)


def _activity(world: World, relation: str, part: Assignment) -> None:
    what, person = f"work {relation}", world.staff[relation]
    activity = Activity.objects.create(
        assignment=part,
        kind="meeting",
        title=f"Hội nghị {world.cage.new(what).word}",
        starts_on=TODAY,
        ends_on=TODAY,
        place=f"Hội trường {world.cage.new(what).word}",
        saved_by=person,
        saved_at=NOW,
    )
    world.put("activity", relation, activity)
    note = f"Ghi chú {world.cage.new(what).word}"
    ActivityStep.objects.create(activity=activity, new_state="planned", new_day=TODAY, note=note, by=person, at=NOW)
    stored = world.put("file", f"activity {relation}", make_file(world, what, "pdf", by=person))
    caption = f"Ảnh {world.cage.new(what).word}"
    ActivityPhoto.objects.create(activity=activity, file=stored, caption=caption, added_by=person, added_at=NOW)


def _inspection(world: World, relation: str, task, inspector: str, unit, what: str, *, sent: bool = True) -> None:
    by = world.people["monitor" if inspector == "watch" else "office"]
    state = {"sent_at": NOW, "sent_by": by} if sent else {}
    inspection = Inspection.objects.create(
        task=task, unit=world.units[inspector], day=TODAY, recorded_by=by, recorded_at=NOW, **state
    )
    kind = "sent" if sent else "draft"
    world.put(f"inspection {kind}", relation, inspection)
    name = f"Đường {world.cage.new(what).word}"
    place = InspectedPlace.objects.create(inspection=inspection, kind="road", name=name, unit=unit)
    world.put(f"place {kind}", relation, place)
    for finding_kind, finding_state in (("open", "open"), ("answered", "answered")) if sent else (("draft", "open"),):
        finding = Finding.objects.create(
            place=place,
            words=f"Kiến nghị {world.cage.new(what).word}",
            mend_by=TODAY + timedelta(days=3),
            state=finding_state,
            photo=world.put("file", f"finding {finding_kind} {relation}", make_file(world, what, "pdf", by=by)),
            recorded_by=by,
            recorded_at=NOW,
        )
        world.put(f"finding {finding_kind}", relation, finding)
        if finding_state == "answered":
            words = f"Đã làm {world.cage.new(what).word}"
            FindingStep.objects.create(
                finding=finding,
                kind="answered",
                words=words,
                done_on=TODAY,
                photo=world.put("file", f"answer {relation}", make_file(world, what, "pdf", by=by)),
                by=world.people["colleague"],
                at=NOW,
            )


# --- working together ---------------------------------------------------------------------------


def _together(world: World) -> None:
    """Work of two units of which a part was handed on, a contribution asked for, a partner; papers of both released:
    the own one's to the sibling, the foreign one's to the own unit and to the sibling."""
    task = _task(world, "issued", "given", "12")
    product = make_product(task, name="Hướng dẫn", kind="plan", has_paper=True)
    helper = make_assignment(
        task, world.units["helper"], role=AssignmentRole.COORDINATING, state=AssignmentState.IN_PROGRESS
    )
    for relation, receiver in (("own", "below"), ("foreign", "sibling")):
        work = make_assignment(task, world.units[relation], state=AssignmentState.IN_PROGRESS)
        world.put("given", relation, work)
        _handed_on(world, relation, receiver, work)
        what, person = f"work {relation}", world.staff[relation]
        partner = Partner.objects.create(
            assignment=work,
            name=f"Hội {world.cage.new(what).word}",
            does=f"Mời {world.cage.new(what).word}",
            added_by=person,
            added_at=NOW,
        )
        world.put("partner", relation, partner)
        words = f"Đề nghị {world.cage.new('work helper').word}"
        ContributionRequest.objects.create(
            assignment=helper, asking=work, words=words, asked_by=person, asked_at=NOW - timedelta(days=3)
        )
        delivery = work.products.create(
            product=product, number="12", symbol=world.cage.new(what).word, submitted_on=TODAY, delivered_on=TODAY
        )
        world.put("delivery", relation, delivery)
        _release(world, relation, delivery, what, "sibling")
    _release(world, "received", world.objects["delivery"]["foreign"], "work own", "own")
    IdleWork.objects.create(kind="unit_empty", target_id=world.units["ended"].pk, found_at=NOW)


def _handed_on(world: World, relation: str, receiver: str, work: Assignment) -> None:
    """A part of the work at another unit, with a request for more time."""
    what = f"work {receiver}"
    part = make_assignment(
        work.task,
        world.units[receiver],
        role=AssignmentRole.PART,
        parent=work,
        part_words=f"Phần {world.cage.new(what).word}",
        due=date(2024, 4, 17),
        state=AssignmentState.IN_PROGRESS,
    )
    world.put("part", relation, part)
    extension = ExtensionRequest.objects.create(
        assignment=part,
        requested_due=date(2024, 4, 18),
        reason=f"Xin thêm ngày {world.cage.new(what).word}",
        requested_by=world.staff[receiver],
        requested_at=NOW,
    )
    world.put("extension part", relation, extension)


def _release(world: World, name: str, delivery: Any, what: str, receiver: str) -> None:
    person = world.people["office"]
    stored = world.put("file", f"release {name}", make_file(world, what, "pdf", by=person))
    release = ProductRelease.objects.create(
        delivery=delivery,
        number="12",
        symbol=world.cage.new(what).word,
        file=stored,
        words=f"Xin triển khai {world.cage.new(what).word}",
        released_by=person,
        released_at=NOW - timedelta(days=3),
    )
    world.put("release", name, release)
    ReleaseRecipient.objects.create(release=release, unit=world.units[receiver], sent_at=NOW - timedelta(days=3))


# --- registry -----------------------------------------------------------------------------------


def _registry(world: World) -> None:
    colleague = world.people["colleague"]
    open_campaign(world)
    for relation in AREA_RELATIONS:
        for kind, values in {
            "person": {},
            "person dead": {"death_reported_by": colleague, "death_reported_at": NOW},
            "person removed": {"removed_on": TODAY, "removed_by": colleague},
            "person found": {"verification": Verification.HAMLET, "verified_on": TODAY, "verified_by": colleague},
            "person gone": {
                "living_state": Living.DECEASED,
                "death_reported_by": colleague,
                "death_reported_at": NOW,
                "death_confirmed_by": world.people["office"],
                "death_confirmed_at": NOW,
            },
        }.items():
            _person(world, kind, relation, values)
        _pair(world, relation)
        _checked(world, relation)
    build_gratitude(world)
    build_rankings(world)
    build_feeds(world)
    build_tokens(world)


def _checked(world: World, relation: str) -> None:
    """What a level found and why, a proposed call, a commune under review."""
    colleague = world.people["colleague"]

    def new():
        return world.cage.new(f"person {relation}").word

    found = world.objects["person found"][relation]
    Person.objects.filter(pk=found.pk).update(finding="not_enough", finding_reason=f"Thiếu {new()}")
    VerificationStep.objects.create(
        person=found,
        kind=VerificationStep.Kind.FOUND,
        level=Verification.HAMLET,
        finding="not_enough",
        reason=f"Thiếu {new()}",
        by=colleague,
        at=NOW,
    )
    world.put(
        "condolence",
        relation,
        Condolence.objects.create(person=world.objects["person gone"][relation], proposed_at=NOW),
    )
    AreaReview.objects.create(
        area=world.areas[relation],
        campaign=Campaign.objects.current(),
        source=ReviewSource.VETERANS,
        state=ReviewState.DOING,
        signed_by=f"Ông {new()}",
        note=f"Ghi chú {new()}",
        by=colleague,
        at=NOW,
    )


def _pair(world: World, relation: str) -> None:
    """Two entries of the same commune that may be one."""
    first, second = world.objects["person"][relation], world.objects["person dead"][relation]
    pair = DuplicatePair.objects.create(first=first, second=second, score=80, reasons=["year_same"], found_at=NOW)
    world.put("pair", relation, pair)


def _person(world: World, kind: str, relation: str, values: dict) -> None:
    def new(what: str = "person") -> str:
        return world.cage.new(f"{what} {relation}").word

    colleague = world.people["colleague"]
    if "removed_on" in values:
        values |= {"removal_reason": f"Lý do {new()}"}
    if "death_reported_by" in values:
        values |= {"death_source": f"Tin {new()}"}
    person = Person(
        full_name=f"A {new()}",
        other_name=f"Bí danh {new()}",
        birth_year=1930,
        birth_is_estimated=False,
        residence=world.areas[relation],
        hamlet=f"Thôn {new()}",
        legal_basis=f"Căn cứ {new()}",
        created_by=colleague,
        created_at=NOW,
        **{
            "living_state": Living.LIVING,
            "living_on": TODAY,
            "living_source": f"Trưởng thôn {new()}",
            "verification": Verification.NEW,
        }
        | values,
    )
    person._history_date = NOW
    person.save()
    _sealed(world, relation, person)
    _data_of(world, kind, relation, person)
    world.put(kind, relation, person)
    number = world.cage.new(f"person {relation}").card
    PersonCategory.objects.create(person=person, category=Category.LABOURER, paper=f"Giấy {new()}", number=number)
    Visit.objects.create(
        person=person,
        on=TODAY,
        unit=world.units["office"],
        campaign=Campaign.objects.current(),
        received_by=f"Nhận thay {new()}",
        note=f"Ghi chú {new()}",
        recorded_by=colleague,
        recorded_at=NOW,
    )
    record("person.changed", by=colleague, at=NOW, target=person, data={"fields": ["full_name"]})


def _sealed(world: World, relation: str, person: Person) -> None:
    """Something of every sensitive kind."""

    def new():
        return world.cage.new(f"contact {relation}")

    values = {
        "id_number": new().card,
        "ethnicity": f"Dân tộc {new().word}",
        "health": f"Sức khỏe {new().word}",
        "circumstances": f"Hoàn cảnh {new().word}",
        "phone": new().phone,
        "relative_contact": f"Con trai {new().word}",
        "relative_phone": new().phone,
        "note": f"Ghi chú {new().word}",
    }
    sensitive.write(person, values, by=world.people["colleague"], now=NOW)


def _data_of(world: World, kind: str, relation: str, person: Person) -> None:
    """A consent, a request and a scanned paper."""

    def new(what: str = "person") -> str:
        return world.cage.new(f"{what} {relation}").word

    by = {"recorded_by": world.people["colleague"], "recorded_at": NOW}
    Consent.objects.create(
        person=person, purpose="keep", given=True, said_by=f"Con {new()}", way="spoken", witness=new(), on=TODAY, **by
    )
    values = {"received_on": TODAY, "answer_due": TODAY, "done_due": TODAY + timedelta(days=10)}
    words = {"asked_by": f"Con {new()}", "words": f"Xin xem {new()}"}
    asked = DataRequest.objects.create(person=person, kind="see", **values, **words, **by)
    content, name = new("contact").encode(), f"can-cuoc-{new('contact')}.txt"
    file = keep_file(content, name, "text/plain", by=by["recorded_by"], now=NOW, sealed=True)
    scan = PersonScan.objects.create(
        person=person, kind="identity", file=file, added_by=by["recorded_by"], added_at=NOW
    )
    prefix = "" if kind == "person" else f"{kind} "
    world.put(f"{prefix}data request", relation, asked)
    world.put(f"{prefix}scan", relation, scan)
    world.put(f"{prefix}list", relation, _list_of(world, person, new))


def _list_of(world: World, person: Person, new) -> PersonImport:
    """A checked list with one row that is new and one with an error, brought by a colleague."""
    by = world.people["colleague"]
    file = keep_file(
        f"Họ và tên;Xã\n{new()};{person.residence.name}\n".encode(),
        "danh-sach.csv",
        "text/csv",
        by=by,
        now=NOW,
        sealed=True,
    )
    found = PersonImport.objects.create(
        file=file,
        sender=f"Nơi gửi {new()}",
        sender_key="noi gui",
        area=person.residence,
        state="checked",
        columns=[
            {
                "sheet": "",
                "hidden": False,
                "header_rows": [1],
                "columns": {"A": "full_name", "B": "commune"},
                "headings": {"A": "Họ và tên", "B": "Xã"},
                "taught": [],
            }
        ],
        summary={"counts": {"create": 1, "error": 1}, "codes": {"birth_unreadable": 1}, "applied_before": 0},
        uploaded_by=by,
        uploaded_at=NOW,
    )
    read = ReadPerson(
        f"Nguyễn Văn {new()}", None, 1932, None, False, None, person.residence.name, None, f"Thôn {new()}",
        "youth_volunteer", None, None, None, None, "", (),
    )  # fmt: skip
    content = list_values.content_of(read, residence=person.residence_id)
    said = {"content": content._asdict(), "errors": [], "warnings": []}
    wrong = {"content": None, "errors": [{"code": "birth_unreadable", "sentence": new()}], "warnings": []}
    for number, kept, outcome in ((2, said, "create"), (3, wrong, "error")):
        ImportedRow.objects.create(
            person_import=found,
            number=number,
            outcome=outcome,
            sealed=list_values.seal(kept, found, list_values.place_of("", number)),
        )
    return found


# --- what belongs to one person -------------------------------------------------------------------


def _personal(world: World) -> None:
    for owner in (*SIGNED_IN, "stranger"):
        notice, mail, job = (f"{kind} of {owner}" for kind in ("notice", "mail", "job"))
        mail_readers = f"office deputy {owner}" if owner != "stranger" else None
        only = owner if owner != "stranger" else None
        # Whoever acts for somebody reads that person's notices.
        notice_readers = "office deputy" if owner == "office" else only
        rows = {
            "notice": _notice(world, owner, notice, notice_readers),
            "mail": _mail(world, owner, mail, mail_readers),
            "job": _job(world, owner, job, only),
        }
        for kind, row in rows.items():
            if owner == "stranger":
                world.put(kind, "foreign", row)
            else:
                world.personal.setdefault(kind, {})[owner] = row


def _notice(world: World, owner: str, what: str, readers: str | None) -> Notice:
    return Notice.objects.create(
        key=f"matrix:{owner}",
        kind="issued",
        recipient=world.people[owner],
        title=f"Thông báo {world.cage.new(what, readers).word}",
        detail=f"Chi tiết {world.cage.new(what, readers).word}",
        url="/",
        due_at=NOW,
        planned_at=NOW,
        sent_at=NOW,
        state=NoticeState.SENT,
    )


def _mail(world: World, owner: str, what: str, readers: str | None) -> Message:
    return Message.objects.create(
        key=f"matrix:mail:{owner}",
        kind="daily",
        recipient=world.people[owner],
        day=TODAY,
        due_at=NOW,
        state=MessageState.SENT if owner != "stranger" else MessageState.DEAD,
        sent_at=NOW,
        subject=f"Thư {world.cage.new(what, readers).word}",
        body=f"Nội dung {world.cage.new(what, readers).word}",
    )


def _job(world: World, owner: str, what: str, readers: str | None) -> Job:
    person = world.people[owner]
    stored = make_file(world, what, "xlsx", by=person, readers=readers)
    if owner == "stranger":
        world.put("file", "result foreign", stored)
    else:
        world.personal.setdefault("result", {})[owner] = stored
    return Job.objects.create(
        kind="matrix_xlsx",
        title=f"Xuất {world.cage.new(what, readers).word}",
        state=JobState.DONE,
        started_by=person,
        created_at=NOW,
        finished_at=NOW,
        result_file=stored,
    )


def _own_machines(world: World) -> None:
    """A trusted machine of everybody, and a form that came too late from the stranger."""
    later = timezone.now() + timedelta(days=5)
    for owner in (*SIGNED_IN, "stranger"):
        values = {"user": world.people[owner], "trusted_at": timezone.now(), "expires_at": later}
        device = TrustedDevice.objects.create(digest=f"matrix-{owner}", agent="Firefox", **values)
        if owner == "stranger":
            world.put("device", "foreign", device)
        else:
            world.personal.setdefault("device", {})[owner] = device
    form = HeldForm(user=world.people["stranger"], path="/van-ban/moi/", content=b"niem phong", held_at=timezone.now())
    form.save()
    world.put("held", "foreign", form)


def _standing_in(world: World) -> None:
    """Two strangers to everybody stand in for each other's work."""
    row = Deputation.objects.create(
        deputy=world.staff["sibling"],
        principal=world.staff["foreign"],
        valid_from=TODAY,
        valid_to=TODAY + timedelta(days=5),
        reason="Nghỉ phép",
        made_by=world.people["administrator"],
        made_at=NOW,
    )
    world.put("deputation", "foreign", row)


def _import(world: World) -> None:
    """A workbook with one new unit, checked and ready to be brought in."""
    text = 'Tên đầy đủ,Loại\nĐảng ủy xã Mới,"Huyện ủy, thành ủy, đảng ủy"\n'
    by = world.people["administrator"]
    accepted = import_service.accept(SimpleUploadedFile("don-vi.csv", text.encode()))
    found = import_service.begin(accepted, by=by, now=NOW)
    import_service.run_check(found, accepted.book, now=NOW)
    world.put("import", "own", found)


def _records(world: World) -> None:
    """A file that no room knows, audit events about each kind of thing, and what the administration lists."""
    office = world.people["office"]
    world.put("file", "orphan", make_file(world, "orphan file", "txt", by=office))
    world.put("calendar day", "own", CalendarDay.objects.create(date=TODAY, is_working=True, reason="Thử"))
    world.put("rule", "own", NoticeRule.objects.create(stage="matrix", name="Thử", working_days_before=9))
    place = UnitAddress.objects.create(unit=world.units["own"], address="vanthu.matrix@example.vn", is_active=False)
    world.put("unit address", "own", place)
    where = f"https://10.255.255.1/{world.cage.new('system foreign').word}"
    system = UnitAddress(unit=world.units["foreign"], channel="webhook", address=where)
    system.keep_secret("khoa-cua-bang-quyen")
    system.save()
    world.put("unit address", "foreign", system)
    group = UnitGroup.objects.create(name="Nhóm thử", code="nhom-thu")
    GroupMember.objects.create(group=group, unit=world.units["foreign"])
    world.put("group", "own", group)
    colleague = world.people["colleague"]
    about = {
        "tasks": (world.objects["directive"]["issued"], "directive.header_changed"),
        "account": (world.people["stranger"], "admin.changed"),
        "unit": (world.units["foreign"], "admin.changed"),
        "person own": (world.objects["person"]["own"], "person.changed"),
        "person foreign": (world.objects["person"]["foreign"], "person.changed"),
    }
    for name, (target, verb) in about.items():
        data = {"fields": ["full_name"], "reason": world.cage.new(f"audit {name}").word}
        world.put("audit", name, record(verb, by=colleague, at=NOW, target=target, data=data))
