"""Every page reads a model through its door: `visible_to(user)` stands first in every chain.

The source of all views, forms, admin pages and of what pages are built from is read; what does not begin at the door
stands below with its reason, and a reason that is not needed any more fails as well.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOMS = ("records", "accounts", "units", "notifications", "tasks", "veterans")
PAGES = (
    "*/views*.py",
    "*/views/**/*.py",
    "*/forms*.py",
    "*/forms/**/*.py",
    "*/admin*.py",
    "*/jobs.py",
    "*/exports/**/*.py",
    *(
        f"tasks/{name}.py"
        for name in (
            "assignment_reading brief handing/contributions handing/parts chasing/notes chasing/nudging chasing/section drafts/reading events/month events/section fileaccess history indicators/book listing matrix overview panel passages reportview textview today unit_reading unit_work"
        ).split()
    ),
    "tasks/arriving/reading.py",
    "tasks/assigning/*.py",
    "tasks/links/opening.py",
    "tasks/instructions/reading.py",
    "tasks/desk/*.py",
    "tasks/feeds/entries.py",
    "tasks/papers/*.py",
    "tasks/ranking/reading.py",
    "tasks/sheets/*.py",
    "records/own_files.py",
    "tasks/talking/*.py",
    "tasks/whole/*.py",
    "veterans/area_reviews.py",
    "veterans/figures.py",
    "veterans/history.py",
    "directive_tracker/api/*.py",
    "units/deputies.py",
    "units/leaving.py",
)
MANAGERS = ("objects", "_default_manager", "_base_manager")
# The first word of a chain that begins at the user as well.
DOORS = ("visible_to", "visible_for_work_of", "written_by", "addressed_to", "of_units_of", "none")

# Models without a door of their own, and why.
WITHOUT_A_DOOR = {
    "Area": "names of places, known to everybody who may sign in",
    "AreaAlias": "other spellings of names of places",
    "CalendarDay": "working days, known to everybody",
    "CalendarYear": "of which years the days off are official, known to everybody",
    "GroupMember": "which units a group of addressees means, printed in documents",
    "Succession": "which unit followed which, known to everybody",
    "Unit": "names of offices, known to everybody who may sign in",
    "UnitGroup": "groups of addressees, printed in documents",
    "UnitVersion": "former names of offices",
    "Membership": "who works for a unit: units.people takes the units a page may show; administrators keep it",
    "User": "the own account, colleagues through units.deputies, all of them for administrators",
    "NoticeRule": "when to remind: a rule of the program, kept by the office and administrators",
    "Pulse": "one row: when the tick ran, whether sending is held; the office's page asks office_only first",
    "JobTally": "how often functions of the workers ran, of nobody; /metrics wants its token",
    "SignInFailure": "counts for the throttle, on no page",
    "UploadPart": "stretches of a file on its way, reached through the own PartialUpload",
    "StoredFile": "served by records.access.may_see, which asks every room; listed on no page of its own",
    "AccountLink": "opened by the secret in its address alone; administrators see that there is one",
    "TrustedDevice": "the own ones, read by accounts.devices for the signed-in person",
    "ApiWrite": "answers to programs, asked for by the key they were given to; on no page",
    "HistoricalPerson": "former values, on the page of an entry found by visible_to",
    "HistoricalPersonCategory": "former values, on the page of an entry found by visible_to",
    "HistoricalAreaReview": "former values, on no page",
    "PaperTemplate": "an office's words for letters, nothing of a person; its page asks for the right first",
    "ColumnMemory": "which heading means what in a sender's lists; nothing of a person",
    "Erasure": "numbers of erased entries; its page asks for the right first",
    "RegistryRule": "what the office set for a campaign; nothing of a person",
    "HistoricalUnit": "former values, on no page",
    "HeldForm": "the own ones, read by accounts.held for the signed-in person",
}

# (file, function, model) → why it does not begin at the door.
ASKED_OTHERWISE: dict[tuple[str, str, str], str] = {
    ("accounts/views_sessions.py", "session_end", "Session"): "a row that visible_to has just found",
    (
        "directive_tracker/admin_mixins.py",
        "AuditedMixin.history_view",
        "AuditEvent",
    ): "of one object whose admin page the person may open",
    ("directive_tracker/admin_site.py", "TrackerAdminSite.index", "AuditEvent"): "the person's own changes",
    (
        "directive_tracker/views_setup.py",
        "_page",
        "Message",
    ): "how many invitations failed: a count for the first administrator",
    ("records/own_files.py", "forget", "Job"): "files whose time is over, taken away by a job of nobody",
    (
        "notifications/views_sending.py",
        "next_mails",
        "UnitAddress",
    ): "the page asks office_only first, who sees all of them",
    ("notifications/views_addresses.py", "addresses", "DeliveryTry"): "the last try of addresses found by visible_to",
    ("notifications/views_addresses.py", "address", "DeliveryTry"): "of an address found by visible_to",
    ("notifications/views_addresses.py", "address", "Message"): "of an address found by visible_to: how many wait",
    (
        "notifications/views_addresses.py",
        "try_out",
        "DeliveryTry",
    ): "of an address found by visible_to: whether just tried",
    ("notifications/views.py", "_read", "Notice"): "a row that the door has just found",
    ("notifications/views.py", "open_notice", "Notice"): "the person's own notice of the same obligation",
    (
        "tasks/brief.py",
        "_conditions",
        "DirectiveTask",
    ): "of a directive found by visible_to, for office and readers only",
    ("tasks/brief.py", "_extensions", "ExtensionRequest"): "on assignments found by visible_to",
    (
        "tasks/brief.py",
        "_newest_contents",
        "ReportRound",
    ): "of assignments found by visible_to, for office and readers only",
    ("tasks/brief.py", "_newest_requests", "ExtensionRequest"): "on assignments found by visible_to",
    ("tasks/chasing/notes.py", "explain_delay", "DelayNote"): "written for an assignment that the page has just found",
    ("tasks/chasing/notes.py", "note_call", "CallNote"): "a row of the assignment that the page has just found",
    ("tasks/chasing/notes.py", "_said", "CallNote"): "of assignments found by visible_to",
    ("tasks/chasing/notes.py", "_said", "ChaseLetter"): "sent ones, about assignments found by visible_to",
    ("tasks/chasing/notes.py", "_said", "DelayNote"): "of assignments found by visible_to",
    ("tasks/chasing/nudging.py", "_last_nudges", "Nudge"): "when assignments found by visible_to were last chased",
    ("tasks/chasing/nudging.py", "nudge_together", "Assignment"): "the rows found by visible_to once more, under lock",
    ("tasks/chasing/nudging.py", "nudge_together", "Nudge"): "written for assignments found by visible_to",
    ("tasks/events/section.py", "with_events", "Activity"): "whether an assignment found by visible_to has one",
    ("tasks/events/section.py", "with_events", "Finding"): "whether an assignment found by visible_to has one",
    ("tasks/handing/contributions.py", "_asked_on", "Assignment"): "the row that the page has just found, under lock",
    ("tasks/handing/contributions.py", "_asked_on", "ContributionRequest"): "of assignments found by visible_to",
    ("tasks/handing/contributions.py", "ask", "ContributionRequest"): "written for assignments found by visible_to",
    ("tasks/handing/contributions.py", "count_of", "ReportRound"): "whether assignments found by visible_to have one",
    **{
        ("tasks/handing/contributions.py", "sources_of_report", model): "of works in a report the person writes"
        for model in ("Assignment", "ProgressReport")
    },
    ("tasks/handing/contributions.py", "lines_of", "ReportRound"): "of assignments found by visible_to",
    ("tasks/handing/contributions.py", "others_of", "Assignment"): "whether assignments found by visible_to have parts",
    ("tasks/handing/contributions.py", "others_of", "ContributionRequest"): "of assignments found by visible_to",
    ("tasks/handing/contributions.py", "others_of", "ExtensionRequest"): "of assignments found by visible_to",
    ("tasks/handing/contributions.py", "others_of", "ReportRound"): "of assignments found by visible_to",
    ("tasks/handing/parts.py", "_sent", "ProgressReport"): "what assignments found by visible_to have sent",
    ("tasks/fileaccess.py", "_of_a_directive", "CitedDocument"): "of directives found by visible_to",
    ("tasks/fileaccess.py", "_of_a_directive", "DirectiveText"): "of directives found by visible_to",
    ("tasks/fileaccess.py", "_of_a_sent_round", "ReportRound"): "of sections found by visible_to",
    (
        "tasks/forms/report_editor.py",
        "ReportEditor.attach_kept_files",
        "SectionFile",
    ): "of the report that is being typed, found by visible_to",
    (
        "tasks/forms/report_editor.py",
        "ReportEditor.refresh",
        "SectionFile",
    ): "of the report that is being typed, found by visible_to",
    ("tasks/drafts/reading.py", "_copies", "DraftCopy"): "of the report that is being typed",
    ("tasks/drafts/reading.py", "_last_rounds", "ReportRound"): "of the unit's own assignments",
    ("tasks/drafts/reading.py", "_last_rounds", "ProgressReport"): "sections of the report that is being typed",
    ("tasks/drafts/reading.py", "returned_rounds", "ReportRound"): "of the sections being typed",
    ("tasks/drafts/reading.py", "_newest_rounds", "ReportRound"): "of the unit's own sections",
    (
        "tasks/indicators/book.py",
        "_rows",
        "IndicatorValue",
    ): "sums of the whole for office, readers and where they are published; else through the door",
    ("tasks/indicators/book.py", "build_book", "Indicator"): "of a directive found by visible_to",
    ("tasks/indicators/book.py", "find_doubts", "Indicator"): "of a directive found by visible_to",
    ("tasks/indicators/book.py", "find_doubts", "IndicatorValue"): "of such a directive, for office and readers only",
    ("tasks/indicators/book.py", "kept_pairs", "FiguresKept"): "pairs of ids of a directive, for office and readers",
    ("tasks/indicators/book.py", "left_out", "IndicatorValue"): "of such a directive, for office and readers only",
    ("tasks/matrix.py", "_deliveries", "AssignmentProduct"): "of assignments found by visible_to",
    ("tasks/matrix.py", "_members", "Assignment"): "whether units have work: groups_of leaves out those not asked for",
    ("tasks/desk/finding.py", "with_words", "SearchWord"): "narrows rows found by visible_to",
    ("tasks/desk/finding.py", "_work_of", "DirectiveTask"): "narrows assignments found by visible_to",
    ("tasks/desk/filling.py", "fill_words", "DirectiveTask"): "words of rows that were just loaded in bulk",
    ("tasks/desk/filling.py", "fill_words", "SearchWord"): "written for rows that were just loaded in bulk",
    (
        "tasks/matrix.py",
        "_tasks",
        "DirectiveTask",
    ): "of a directive found by visible_to: its tasks are seen with it",
    ("tasks/overview.py", "_monitored_tasks", "Assignment"): "which tasks the person's units monitor: ids only",
    (
        "tasks/whole/kept.py",
        "_rows",
        "Tally",
    ): "added up for the whole; build_overview shows the lines the access allows (tests/test_seeing.py)",
    ("tasks/whole/reports.py", "_facts", "Assignment"): "since when units have work: days only",
    ("tasks/whole/reports.py", "_facts", "ReportingPeriod"): "of a directive found by visible_to",
    ("tasks/whole/reports.py", "_facts", "UnitReport"): "whether units whose lines are shown have sent: ids only",
    ("tasks/whole/reports.py", "_in_time", "ReportRound"): "whether a report came in time: nothing of it is shown",
    (
        "tasks/ranking/reading.py",
        "whole",
        "RankingAnswer",
    ): "how many units answered to a ranking found by visible_to, for who sees the whole",
    ("tasks/panel.py", "_last_report", "ReportRound"): "of an assignment found by visible_to; rounds are what was sent",
    (
        "tasks/panel.py",
        "_leads",
        "Assignment",
    ): "a coordinating unit sees lead, date and state, no more (design, section 5)",
    ("tasks/passages.py", "_spans", "TaskSpan"): "of a task that is seen with its directive",
    ("tasks/talking/writing.py", "_still_stands", "Comment"): "whether what a planned mail tells still stands",
    ("tasks/talking/writing.py", "take_back", "Comment"): "the person's own words that the page has just found",
    ("tasks/talking/writing.py", "take_back", "Notice"): "what was told of the person's own words",
    ("tasks/talking/writing.py", "write_comment", "Comment"): "written for an assignment found by visible_to",
    ("tasks/talking/writing.py", "write_comment", "CommentMention"): "of the words that are being written",
    ("tasks/today.py", "_sentence", "Directive"): "days to the next event, for the office",
    ("tasks/today.py", "_sentence", "Tally"): "one sum, for the office",
    ("tasks/today.py", "_conditions", "Assignment"): "leaves out what the person must not judge",
    ("tasks/today.py", "build_today", "ReportingPeriod"): "the periods of issued directives, for the office",
    (
        "tasks/unit_work.py",
        "_leads_of",
        "Assignment",
    ): "a coordinating unit sees lead, date and state, no more (design, section 5)",
    ("tasks/unit_work.py", "_listed", "ExtensionRequest"): "an annotation of assignments found by visible_to",
    ("tasks/unit_work.py", "_listed", "ReportRound"): "an annotation of assignments found by visible_to",
    ("tasks/unit_work.py", "_return_reasons", "ReportRound"): "of sections of assignments found by visible_to",
    ("tasks/unit_work.py", "_to_mend", "ProgressReport"): "narrowed to assignments found by visible_to",
    ("tasks/unit_work.py", "reports_to_write", "Assignment"): "of a unit the person writes for",
    (
        "tasks/unit_work.py",
        "reports_to_write",
        "Directive",
    ): "issued ones in which the unit the person writes for has work",
    ("tasks/unit_work.py", "reports_to_write", "ReportingPeriod"): "of those directives",
    ("tasks/unit_work.py", "reports_to_write", "UnitReport"): "of a unit the person writes for",
    ("tasks/unit_work.py", "rows_of", "AssignmentProduct"): "of assignments found by visible_to",
    ("tasks/unit_work.py", "rows_of", "ReportRound"): "of assignments found by visible_to; rounds are what was sent",
    ("tasks/views/directives.py", "sentence_dismiss", "NonTaskSpan"): "written for a directive found by visible_to",
    ("tasks/drafts/reading.py", "_spans", "TaskSpan"): "of the tasks of a report the person writes",
    ("tasks/drafts/reading.py", "_spans", "ProgressReport"): "sections of a report the person writes",
    ("tasks/drafts/reading.py", "load_sections", "Indicator"): "of the tasks of a report the person writes",
    **{
        ("tasks/drafts/reading.py", "_whole_sections", model): "of a report the person writes"
        for model in ("ProgressReport", "Indicator", "SectionProduct", "SectionFile", "DraftCopy")
    },
    ("tasks/assignment_reading.py", "_rounds", "ReportRound"): "of sections found by visible_to",
    ("tasks/assignment_reading.py", "_products", "AssignmentProduct"): "of an assignment found by visible_to",
    **{
        ("tasks/history.py", "_steps", model): "of an assignment found by visible_to"
        for model in ("StatusChange", "DueChange", "Nudge")
    },
    ("tasks/views/events.py", "_activity", "ActivityFigure"): "of an event found by visible_to",
    ("tasks/views/events.py", "_activity", "ActivityPhoto"): "of an event found by visible_to",
    ("tasks/views/inspections.py", "inspection_detail", "Finding"): "at places found by visible_to",
    (
        "tasks/views/office.py",
        "_leads",
        "Assignment",
    ): "of coordinating work the leads: name, date and state",
    ("tasks/views/reports.py", "head_reason", "AuditEvent"): "why the head sent the unit's own report back",
    ("tasks/papers/reminding.py", "_still_missing", "UnitReport"): "what notices are about, as their mail leaves",
    ("tasks/papers/reminding.py", "_told", "Notice"): "of reports found by visible_to",
    ("tasks/papers/reminding.py", "plan_reminders", "UnitReport"): "which of those found by visible_to lack a scan",
    ("tasks/papers/reminding.py", "remind", "UnitReport"): "the rows found by visible_to once more, under lock",
    ("tasks/papers/reminding.py", "with_last_reminder", "Notice"): "when those found by visible_to were told",
    ("tasks/papers/scans.py", "attach_scan", "UnitReport"): "the row that visible_to has just found",
    ("tasks/views/unit.py", "_reports_for_head", "UnitReport"): "of the unit whose head the person is",
    (
        "tasks/instructions/reading.py",
        "any_instruction",
        "Instruction",
    ): "whether a document has any at all: which ones is asked of visible_to",
    ("tasks/links/opening.py", "report_of", "UnitReport"): "the one report of a link whose secret was in the address",
    ("tasks/views/links.py", "_is_of", "ProgressReport"): "of the one report that the link opens",
    (
        "units/admin_deputations.py",
        "DeputationAdmin.save_model",
        "Deputation",
    ): "the row being changed, as it was before",
    ("units/deputies.py", "end_deputation", "Deputation"): "a row that its page has just found",
    ("units/deputies.py", "principals_of", "Deputation"): "whom the person may stand in for",
    ("units/jobs.py", "_given_back", "ListImport"): "written by the job of the person who asked",
    ("units/jobs.py", "_refuse", "Job"): "the job that is running, of the person who asked",
    ("units/jobs.py", "check_file", "ListImport"): "written by the job of the person who asked",
    ("units/jobs.py", "import_file", "ListImport"): "written by the job of the person who asked",
    ("units/leaving.py", "_standing_deputations", "Deputation"): "of the person who leaves, for administrators",
    ("units/leaving.py", "leave", "Session"): "of the person who leaves, for administrators",
    ("units/leaving.py", "preview", "Session"): "how many sessions the person who leaves has, for administrators",
    ("units/views.py", "end_own_deputy", "Deputation"): "the person's own request",
    ("units/views.py", "own_deputies", "Deputation"): "the person's own requests",
    ("units/views_import.py", "_hand_over", "ListImport"): "written for the person who uploads",
    ("veterans/area_reviews.py", "reviewed", "Campaign"): "which occasion the reviews are of; nothing of a person",
    (
        "veterans/area_reviews.py",
        "reviewed_by",
        "AreaReview",
    ): "which communes are done: sums of the province for office, readers and registrars",
    ("veterans/area_reviews.py", "write", "AreaReview"): "of a commune the page has asked can_review for",
    (
        "veterans/figures.py",
        "_asked",
        "Campaign",
    ): "which occasion the sums are of; nothing of a person",
    (
        "veterans/figures.py",
        "_asked",
        "Person",
    ): "sums of the province for office, readers and registrars; no person",
    ("veterans/figures.py", "public_districts", "Campaign"): "which occasion the sums are of; nothing of a person",
    ("veterans/history.py", "_users", "AuditEvent"): "who changed a person found by visible_to",
    ("veterans/history.py", "history_of", "AuditEvent"): "of a person found by visible_to: names of fields",
    (
        "veterans/views/campaigns.py",
        "_events",
        "AuditEvent",
    ): "of an occasion found by visible_to, which names no person",
    ("veterans/views/card.py", "history", "AuditEvent"): "of a person found by visible_to: names of fields",
}


def our_models() -> dict[str, type]:
    """The models of the rooms by name."""
    return {model.__name__: model for room in ROOMS for model in apps.get_app_config(room).get_models()}


def page_files() -> list[Path]:
    """The files that pages are made of."""
    found = {path for pattern in PAGES for path in Path().glob(pattern)}
    return sorted(path for path in found if path.parts[0] in (*ROOMS, "directive_tracker"))


def queries(source: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(function, model) of every query in the source that does not begin at a door."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        model = _model_of(node, names)
        if model in known and not _begins_at_a_door(node, parents):
            yield _function_of(node, parents), model


def _model_of(node: ast.AST, names: dict[str, str]) -> str:
    """The model of `Model.objects`, and of `get_object_or_404(Model, …)` and its like."""
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS and isinstance(node.value, ast.Name):
        return names.get(node.value.id, node.value.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("get_"):
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Name):
            return names.get(first.id, first.id)
    return ""


def _begins_at_a_door(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    above = parents.get(node)
    return isinstance(above, ast.Attribute) and above.attr in DOORS


def _function_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    names = []
    while node in parents:
        node = parents[node]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
    return ".".join(reversed(names))


def found_beside_the_doors() -> set[tuple[str, str, str]]:
    """What the rooms' pages ask without going through a door."""
    known = frozenset(our_models()) - WITHOUT_A_DOOR.keys()
    return {
        (path.as_posix(), function, model)
        for path in page_files()
        for function, model in queries(path.read_text(), known)
    }


def test_every_model_has_a_door_or_a_reason():
    without = {name for name, model in our_models().items() if not hasattr(model._default_manager.all(), "visible_to")}

    assert without == set(WITHOUT_A_DOOR)


def test_every_page_begins_at_the_door_or_says_why_not():
    assert found_beside_the_doors() == set(ASKED_OTHERWISE)


def test_every_reason_is_a_sentence():
    assert [place for place, reason in ASKED_OTHERWISE.items() if len(reason) < 15] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def page(r):\n    return Assignment.objects.all()", [("page", "Assignment")]),
        ("def page(r):\n    return Assignment.objects.visible_to(r.user).all()", []),
        ("def page(r):\n    return get_object_or_404(Assignment, pk=1)", [("page", "Assignment")]),
        ("def page(r):\n    return get_object_or_404(Assignment.objects.visible_to(r.user), pk=1)", []),
        ("from x import Assignment as A\nclass V:\n    q = A._default_manager.filter()", [("V", "Assignment")]),
        ("def page(r):\n    return Assignment.objects.filter().visible_to(r.user)", [("page", "Assignment")]),
        ("def page(r):\n    return Assignment.objects", [("page", "Assignment")]),
    ],
)
def test_the_reader_of_the_source_sees_what_it_is_for(source, found):
    assert list(queries(source, frozenset({"Assignment"}))) == found
