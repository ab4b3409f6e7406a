"""The demo's campaign: what stands on 15/4/2024, that it continues and never plays anything twice, and by which means."""

import ast
import os
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import User
from directive_tracker.demo_story.cast import DISTRICTS
from directive_tracker.management.commands.seed_demo import read_day
from directive_tracker.vietnamese import ZONE
from notifications.models import Message, Notice
from records.models import AuditEvent, StoredFile
from tasks import tallies
from tasks.forms.report_editor import ReportEditor
from tasks.handing import contributions
from tasks.issuing import issue
from tasks.models import (
    Assignment,
    AssignmentProduct,
    CallNote,
    DelayNote,
    Directive,
    ExtensionRequest,
    IndicatorValue,
    Nudge,
    ProductRelease,
    ProgressReport,
    ReportRound,
    StatusChange,
    UnitReport,
)
from tasks.timeliness import Timeliness, timeliness_of
from tests.conftest import bring_rules_back
from tests.directive_tracker.told_by_day import mail_days, told_by_day
from units.calendar import work_calendar
from units.models import Unit
from veterans.models import Gift, Person, Visit

ROOT = Path(__file__).parents[2]
TOLD = Path(__file__).with_name("told-2024.txt")
TODAY = date(2024, 4, 15)
ROWS = (
    Directive,
    Assignment,
    StatusChange,
    AssignmentProduct,
    UnitReport,
    ProgressReport,
    ReportRound,
    IndicatorValue,
    ExtensionRequest,
    Nudge,
    Notice,
    Message,
    AuditEvent,
    StoredFile,
    Person,
    Visit,
    User,
    Unit,
)


@pytest.fixture(scope="module")
def demo_settings(tmp_path_factory):
    """The demo, with a folder of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with override_settings(DEMO=True, VAR_DIR=folder, MEDIA_ROOT=folder / "media", TODAY=None):
        yield


@pytest.fixture(scope="module")
def campaign(django_db_setup, django_db_blocker, demo_settings):
    """The demo on the morning of 15/4, seeded in two goes; each test's changes are taken back, all of it at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        bring_rules_back()
        call_command("seed_demo", today="2024-04-10")
        call_command("seed_demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(campaign, db):
    """The directive of the seeded demo."""
    return Directive.objects.get()


def counts() -> dict[str, int]:
    """How many rows there are of each kind."""
    return {model.__name__: model.objects.count() for model in ROWS}


def states(role: str) -> dict[str, int]:
    return dict(Counter(Assignment.objects.filter(role=role).values_list("state", flat=True)))


def draft_of(unit: str) -> UnitReport:
    return UnitReport.objects.get(unit__code=unit, state="draft")


def names(assignments) -> list[str]:
    return [str(assignment) for assignment in assignments.select_related("task", "unit").order_by("pk")]


# --- what stands on 15/4 --------------------------------------------------------------------------


def test_issuing_gave_111_lead_and_with_the_ten_districts_32_coordinating_assignments(seeded):
    assert seeded.issued_on == date(2024, 2, 15)
    assert seeded.recorded_at == datetime(2024, 2, 14, 16, 0, tzinfo=ZONE)
    assert Assignment.objects.filter(role="lead").count() == 111
    assert Assignment.objects.filter(role="coordinating").count() == 32
    assert Assignment.objects.filter(role="lead").values("unit").distinct().count() == 22


def test_every_state_is_there(seeded):
    assert states("lead") == {
        "assigned": 2,
        "in_progress": 82,
        "awaiting_unit_head": 1,
        "submitted": 3,
        "redo": 1,
        "paused": 1,
        "completed": 21,
    }
    assert states("coordinating") == {"assigned": 1, "in_progress": 15, "returned_by_unit": 1, "completed": 15}


def test_the_four_classes_are_90_less_the_paused_one(seeded):
    figures = tallies.total_of(tallies.live_counts(seeded, "unit", today=TODAY).values())
    assert (figures.done_on_time, figures.done_late, figures.open_in_time, figures.open_overdue) == (18, 3, 65, 3)
    assert figures.counted == 89
    assert (figures.outside, figures.encouraged, figures.undecided, figures.paused) == (22, 20, 1, 1)
    assert (figures.open_without_due, figures.waiting, figures.not_acknowledged) == (1, 3, 2)


def test_tallies_equal_live_counts(seeded):
    assert tallies.differences(seeded, today=TODAY) == []


def test_three_are_overdue_one_of_them_sent_late_and_one_with_an_open_request(seeded):
    assert names(Assignment.objects.overdue(today=TODAY)) == [
        "1a.3 – Huyện ủy Đắk Glei",
        "1a.3 – Huyện ủy Kon Plông",
        "1a.3 – Huyện ủy Ia H'Drai",
    ]
    pending = ExtensionRequest.objects.pending().get()
    assert (str(pending.assignment), pending.requested_due) == ("1a.3 – Huyện ủy Kon Plông", date(2024, 4, 22))


def test_one_unit_has_its_1a3_extended_to_19_april(seeded):
    assignment = Assignment.objects.get(due_source="extended")
    assert str(assignment) == "1a.3 – Huyện ủy Tu Mơ Rông"
    assert (assignment.due_original, assignment.due_current) == (date(2024, 3, 29), date(2024, 4, 19))
    assert assignment.extension_requests.get().state == "approved"


def test_two_units_have_work_they_did_not_take_note_of(seeded):
    assert names(Assignment.objects.not_acknowledged(today=TODAY)) == [
        "1a.4 – Huyện ủy Ia H'Drai",
        "1a.5 – Huyện ủy Đắk Hà",
        "1b.3 – Huyện ủy Đắk Hà",
    ]


def test_19_of_22_have_delivered_the_document_that_puts_it_to_work_three_of_them_late(seeded):
    papers = AssignmentProduct.objects.filter(product__kind="deployment")
    delivered = papers.filter(delivered_on__isnull=False)
    assert (papers.count(), delivered.count()) == (22, 19)
    assert delivered.filter(delivered_on__gt=date(2024, 2, 29)).count() == 3
    paper = delivered.get(assignment__unit__code="hu-dak-ha")
    assert paper.paper_identity.endswith("-KH/HU")
    assert paper.signer == "Nguyễn Văn Tiến"
    assert paper.file.original_name.endswith(".docx")


def test_clause_2_waits_for_its_decision(seeded):
    assert seeded.tasks.get(code="2").condition_state == "undecided"
    assert states("lead").get("not_applicable", 0) == 0


def test_six_reports_wait_for_the_office_and_one_for_its_head(seeded):
    waiting = UnitReport.objects.waiting_for(User.objects.get(username="vanphong")).order_by("unit__sort_order")
    assert [report.unit.code for report in waiting.select_related("unit")] == [
        "ban-tuyen-giao",
        "ldld",
        "hoi-phu-nu",
        "hoi-ccb",
        "hu-dak-glei",
        "hu-sa-thay",
    ]
    assert {report.period.name for report in waiting} == {"Kỳ tháng 4/2024"}
    assert UnitReport.objects.get(state="awaiting_unit_head").unit.code == "bien-phong"


def test_dak_ha_has_everything_the_tour_needs(seeded):
    reports = UnitReport.objects.filter(unit__code="hu-dak-ha")
    draft = reports.get(state="draft")
    assert draft.period.name == "Kỳ tháng 4/2024"
    assert draft.sections.count() == 5
    section = ProgressReport.objects.get(unit_report=reports.get(state="returned"), state="returned")
    assert (str(section.assignment), section.rounds.count()) == ("1a.3 – Huyện ủy Đắk Hà", 2)
    assert section.assignment.due_current == date(2024, 4, 16)


def test_the_monitor_has_chased_and_some_mail_has_left_but_none_waits(seeded):
    assert Nudge.objects.filter(by__username="tuyengiao").count() == 2
    assert Nudge.objects.count() == 9
    assert (CallNote.objects.count(), DelayNote.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="issued", state="sent").count() == 56
    assert Message.objects.waiting().count() == 0


def test_three_communes_have_a_part_each_and_one_of_them_fills_the_districts_report(seeded):
    parts = Assignment.objects.filter(role="part").select_related("unit").order_by("unit__sort_order")
    assert {(part.unit.code, part.state, part.parent.unit.code) for part in parts} == {
        ("du-tt-dak-ha", "in_progress", "hu-dak-ha"),
        ("du-xa-ha-mon", "in_progress", "hu-dak-ha"),
        ("du-xa-dak-hring", "in_progress", "hu-dak-ha"),
    }
    dakha = User.objects.get(username="dakha")
    count = contributions.count_of(parts[0].parent, dakha)
    assert (count.total, count.sent, count.waiting) == (3, 2, 1)
    block = next(one for one in ReportEditor(draft_of("hu-dak-ha"), today=TODAY).blocks if one.together)
    assert (block.section.assignment.task.code, block.together.units) == ("1a.2", 1)
    assert {figure.indicator.code: figure.value for figure in block.together.figures} == {
        "CT04": 3,
        "CT05": 11,
        "CT06": 0,
        "CT07": 8,
    }


def test_the_guidance_was_handed_to_22_units_and_one_has_not_opened_it(seeded):
    release = ProductRelease.objects.get()
    assert (release.delivery.assignment.unit.code, release.recipients.count()) == ("ban-tuyen-giao", 22)
    unopened = release.recipients.unopened().get()
    assert (unopened.unit.code, unopened.reminded_at) == ("hu-ia-hdrai", datetime(2024, 3, 11, 15, 30, tzinfo=ZONE))


def test_the_registry_has_48_people_and_one_visit(seeded):
    assert (Person.objects.count(), Visit.objects.count()) == (48, 1)


def test_nothing_happens_on_the_day_itself_or_later(seeded):
    newest = AuditEvent.objects.order_by("-at").first()
    acted = AuditEvent.objects.exclude(verb="figures.noted").order_by("-at").first()
    assert (newest.verb, newest.at) == ("figures.noted", datetime(2024, 4, 14, 23, 59, tzinfo=ZONE))
    assert acted.at == datetime(2024, 4, 12, 16, 50, tzinfo=ZONE)


def test_the_people_of_the_demo_who_sign_are_the_only_ones_named(seeded):
    known = set(User.objects.values_list("full_name", flat=True))
    signers = set(AssignmentProduct.objects.exclude(signer="").values_list("signer", flat=True))
    signers |= set(UnitReport.objects.exclude(paper_signer="").values_list("paper_signer", flat=True))
    assert signers - known == set()


# --- again, and further ---------------------------------------------------------------------------


def test_seeding_again_changes_nothing(seeded):
    before = counts()
    call_command("seed_demo")
    call_command("seed_demo", today="2024-03-01")
    assert counts() == before


def test_issuing_again_changes_nothing(seeded):
    before = counts()
    again = issue(seeded, by=User.objects.get(username="vanphong"), now=datetime(2024, 4, 15, 9, 0, tzinfo=ZONE))
    assert again.created == 0
    assert counts() == before


class TestTheEndOfTheCampaign:
    """Played once: to 20/5 and not further, whatever day is asked for."""

    @pytest.fixture(scope="class")
    def ended(self, campaign, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            call_command("seed_demo", today="2024-12-31")
            yield Directive.objects.get()
            transaction.set_rollback(True)

    def test_by_20_may_clause_2_is_decided_and_a_little_is_still_overdue(self, ended, db):
        assert AuditEvent.objects.order_by("-at").first().at.date() <= date(2024, 5, 20)
        task = ended.tasks.get(code="2")
        assert (task.condition_state, task.condition_decided_at.date()) == ("applies", date(2024, 4, 17))
        assert timeliness_of(task.assignments.get(), today=date(2024, 5, 21)) == Timeliness.DONE_ON_TIME
        figures = tallies.total_of(tallies.live_counts(ended, "unit", today=date(2024, 5, 21)).values())
        assert (figures.done_on_time, figures.done_late, figures.open_in_time, figures.open_overdue) == (70, 15, 1, 5)
        assert figures.counted == 91
        assert tallies.differences(ended, today=date(2024, 5, 21)) == []
        assert (Visit.objects.count(), Gift.objects.filter(state="given").count()) == (35, 39)

    def test_who_was_told_what_by_which_way_on_each_day_stands_in_the_snapshot(self, ended, db):
        """SNAPSHOT=1 writes it anew; read the difference before committing it."""
        told = told_by_day(date(2024, 2, 15), date(2024, 5, 20))

        if os.environ.get("SNAPSHOT") == "1":
            TOLD.write_text(told, encoding="utf-8")
        assert told.splitlines() == TOLD.read_text(encoding="utf-8").splitlines()

    def test_a_district_gets_mail_on_at_most_one_working_day_in_three(self, ended, db):
        first, last = date(2024, 2, 15), date(2024, 5, 20)
        # 65 working days lie between; a third of them is 21.
        assert work_calendar().count_between(date(2024, 2, 14), last) == 65

        districts = Unit.objects.filter(code__in=[*DISTRICTS])
        counted = {unit.short_name: len(mail_days(unit, first, last)) for unit in districts}

        assert len(counted) == 10
        assert {name: days for name, days in counted.items() if days > 21} == {}


# --- by which means -------------------------------------------------------------------------------


def test_the_story_writes_through_the_services_alone():
    forbidden = {
        "bulk_create",
        "bulk_update",
        "update",
        "create",
        "get_or_create",
        "update_or_create",
        "save",
        "delete",
        "raw",
        "cursor",
        "execute",
        "executemany",
    }
    files = [ROOT / "directive_tracker/management/commands/seed_demo.py"]
    files += sorted((ROOT / "directive_tracker/demo_story").glob("*.py"))
    assert len(files) == 15
    found = [
        f"{file.name}:{node.lineno} {node.func.attr}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in forbidden
    ]
    assert found == []


def test_there_is_no_seeding_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("seed_demo")


def test_a_day_that_is_none_is_refused_in_one_line():
    assert read_day("2024-04-20") == date(2024, 4, 20)
    with pytest.raises(CommandError, match="“20/4”"):
        read_day("20/4")
