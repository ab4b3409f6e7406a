"""Who sees what, row by row and role by role: the table of the design, its answers typed by hand.

One house holds a row of every kind that a role must see and one that it must not; each test asks every door for one
kind of row and compares the names.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from directive_tracker import clock
from records import access
from records.models import AuditEvent, StoredFile
from records.results import keep_file
from tasks import tallies
from tasks.drafts.opening import open_report
from tasks.models import (
    Assignment,
    AssignmentProduct,
    CallNote,
    ChaseLetter,
    DelayNote,
    Directive,
    DirectiveTask,
    DirectiveText,
    ExtensionRequest,
    Nudge,
    Product,
    ProgressReport,
    ReportRound,
    SectionFile,
    StatusChange,
    Tally,
    UnitReport,
)
from tasks.overview import build_overview
from tasks.panel import build_panel
from tests.factories import (
    at,
    make_area,
    make_assignment,
    make_directive,
    make_membership,
    make_office,
    make_office_user,
    make_product,
    make_task,
    make_text,
    make_unit,
    make_user,
)
from tests.tasks.story import Story, send
from units.access import access_of
from units.calendar import with_calendar
from units.models import AreaLevel
from veterans import sensitive
from veterans.enums import Category, Living
from veterans.figures import registry_figures
from veterans.models import AreaReview, Campaign, Person, PersonCategory, Visit
from veterans.permissions import can_keep_registry, can_read_figures, can_read_sensitive

pytestmark = pytest.mark.django_db

NOW = at("2024-04-15", "09:00")
TODAY = date(2024, 4, 15)
WHO = (
    "office reporter unit_head lead above commune sibling reader monitor registrar administrator several nobody "
    "deactivated ended anonymous"
).split()


@pytest.fixture(autouse=True)
def _monday(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    settings.MEDIA_ROOT = tmp_path


@dataclass
class House:
    """Users by role, and rows by name."""

    users: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def seen(self, queryset, who: str) -> set[str]:
        """The names of the rows of this model that the door shows."""
        shown = set(queryset.visible_to(self.users[who]).values_list("pk", flat=True))
        names = {row.pk: name for name, row in self.rows.items() if type(row) is queryset.model}
        return {names[pk] for pk in shown if pk in names}

    def table(self, queryset) -> dict[str, set[str]]:
        """Role → the names of the rows of this model that the door shows."""
        return {who: self.seen(queryset, who) for who in WHO}

    def files(self, name: str) -> dict[str, bool]:
        """Role → whether the file is handed over."""
        return {who: access.may_see(self.users[who], self.rows[name]) for who in WHO}


def stored(name: str, by) -> StoredFile:
    return keep_file(b"%PDF-1.7", name, "application/pdf", by=by, now=NOW)


@pytest.fixture
def house() -> House:
    """Huyện ủy Đắk Hà ("reporter") leads 1a with a commune below it; Hội CCB contributes to 1b, which MTTQ leads and
    Ban Tuyên giáo monitors; Huyện ủy Ngọc Hồi ("sibling") has work that is nobody else's affair."""
    made = House()
    _people(made)
    _work(made)
    _reports(made)
    _registry(made)
    return made


def _people(made: House) -> None:
    district, other = make_unit("Huyện ủy Đắk Hà"), make_unit("Huyện ủy Ngọc Hồi")
    commune = make_unit("Đảng ủy xã Đắk Hring", parent=district)
    front, veterans_, propaganda = make_unit("MTTQ"), make_unit("Hội Cựu chiến binh"), make_unit("Ban Tuyên giáo")
    made.rows |= {
        "district": district,
        "other": other,
        "commune": commune,
        "front": front,
        "helpers": veterans_,
        "propaganda": propaganda,
    }
    province = make_area("Tỉnh Kon Tum", level=AreaLevel.PROVINCE)
    near, far = (make_area(name, parent=province) for name in ("Huyện Đắk Hà", "Huyện Sa Thầy"))
    made.rows["near"] = make_area("Xã Đắk Hring", level=AreaLevel.COMMUNE, parent=near)
    made.rows["far"] = make_area("Xã Rờ Kơi", level=AreaLevel.COMMUNE, parent=far)
    users = {name: make_user(name) for name in WHO if name not in ("office", "anonymous", "deactivated")}
    users["office"] = make_office_user()
    users["deactivated"] = make_user("deactivated", is_active=False)
    users["anonymous"] = AnonymousUser()
    made.users = users
    for who, role, unit in (
        ("reporter", "reporter", district),
        ("unit_head", "unit_head", district),
        ("lead", "reporter", front),
        ("above", "reporter", make_unit("Đảng bộ tỉnh")),
        ("commune", "reporter", commune),
        ("sibling", "reporter", other),
        ("reader", "reader", make_unit("Thường trực")),
        ("monitor", "reporter", propaganda),
        ("administrator", "administrator", make_office()),
        ("several", "reporter", veterans_),
        ("several", "administrator", district),
        ("deactivated", "office", make_office()),
    ):
        make_membership(users[who], unit, role)
    make_membership(users["ended"], district, "reporter", valid_to=date(2024, 4, 14))
    make_membership(users["registrar"], role="registrar", area=near, may_read_sensitive=True)
    make_membership(users["several"], role="registrar", area=far)


def _work(made: House) -> None:
    rows = made.rows
    rows["draft"], rows["issued"] = make_directive(state="draft", short_title="Bản thảo"), make_directive()
    rows["closed"] = make_directive(state="closed", short_title="Đã xong")
    for name in ("draft", "issued", "closed"):
        rows[f"text of {name}"] = make_text(rows[name])
    rows["task of draft"], rows["1a"], rows["1b"] = (
        make_task(rows["draft"], "1"),
        make_task(rows["issued"], "1a"),
        make_task(rows["issued"], "1b"),
    )
    rows["1b"].monitors.add(rows["propaganda"])
    for task in ("task of draft", "1a"):
        rows[f"paper of {task}"] = make_product(rows[task])
    for name, task, unit, role in (
        ("own", "1a", "district", "lead"),
        ("below", "1a", "commune", "lead"),
        ("theirs", "1a", "other", "lead"),
        ("front's", "1b", "front", "lead"),
        ("contribution", "1b", "helpers", "coordinating"),
    ):
        rows[name] = make_assignment(rows[task], rows[unit], role=role, state="in_progress")
        rows[f"move of {name}"] = rows[name].status_changes.create(new_state="in_progress", at=NOW)
        rows[f"nudge of {name}"] = rows[name].nudges.create(by=made.users["office"], at=NOW, message="Nhắc")
        rows[f"call of {name}"] = rows[name].call_notes.create(
            by=made.users["office"], at=NOW, spoke_with="Văn thư", called_on=TODAY, said="Sẽ gửi"
        )
        rows[f"delay of {name}"] = rows[name].delay_notes.create(
            by=made.users["reporter"], at=NOW, cause="objective", reason="Mưa lũ", noted_on=TODAY, expected_on=TODAY
        )
        rows[f"request of {name}"] = ExtensionRequest.objects.create(
            assignment=rows[name],
            old_due=date(2024, 4, 19),
            requested_due=date(2024, 4, 26),
            reason="Chờ các xã",
            requested_by=made.users["reporter"],
            requested_at=NOW,
        )
    for name, unit in (("own", "district"), ("below", "commune"), ("theirs", "other"), ("front's", "front")):
        for kind, sent in (
            ("letter", {}),
            (
                "sent letter",
                {"number": "1-CV", "sent_on": TODAY, "sent_by": made.users["office"], "sent_noted_at": NOW},
            ),
        ):
            rows[f"file of {kind} {name}"] = stored("cong-van.docx", made.users["office"])
            rows[f"{kind} {name}"] = ChaseLetter.objects.create(
                unit=rows[unit],
                content={"groups": []},
                as_of=TODAY,
                report_by=TODAY,
                file=rows[f"file of {kind} {name}"],
                made_by=made.users["office"],
                made_at=NOW,
                **sent,
            )
    rows["delivery"] = rows["own"].products.create(product=rows["paper of 1a"])
    rows["delivery of theirs"] = rows["theirs"].products.create(product=rows["paper of 1a"])


REPORTERS = {"own": "reporter", "below": "commune", "theirs": "sibling", "front's": "lead", "contribution": "several"}


def _reports(made: House) -> None:
    """Everybody has sent a report with a file; Đắk Hà then goes on with a new draft, with a file of its own."""
    rows, users = made.rows, made.users
    for name, who in REPORTERS.items():
        work = rows[name]
        story = Story(rows["issued"], work.task, work.unit, None, users["office"], users[who], None, work, None)
        report = open_report(work.unit, rows["issued"], by=users[who], now=NOW)
        rows[f"file of {name}"] = stored(f"{name}.pdf", users[who])
        SectionFile.objects.create(section=report.sections.get(), file=rows[f"file of {name}"])
        section = send(story, day="2024-04-15")
        rows[f"report of {name}"], rows[f"section of {name}"] = section.unit_report, section
        rows[f"round of {name}"] = section.rounds.get()
    for name, unit, who in (("draft", "district", "reporter"), ("draft below", "commune", "commune")):
        rows[f"{name} report"] = UnitReport.objects.create(
            unit=rows[unit], directive=rows["issued"], created_by=users[who], created_at=NOW, saved_at=NOW
        )
        work = rows["own" if name == "draft" else "below"]
        rows[f"{name} section"] = ProgressReport.objects.create(unit_report=rows[f"{name} report"], assignment=work)
    rows["draft file"] = stored("nhap.pdf", users["reporter"])
    rows["typed file"] = SectionFile.objects.create(section=rows["draft section"], file=rows["draft file"])
    rows["file of the text"] = stored("van-ban.pdf", users["office"])
    rows["text of issued"].source_file = rows["file of the text"]
    rows["text of issued"].save()
    rows["file of the draft text"] = stored("ban-thao.pdf", users["office"])
    rows["text of draft"].source_file = rows["file of the draft text"]
    rows["text of draft"].save()


def _registry(made: House) -> None:
    rows, keeper = made.rows, made.users["office"]
    campaign = Campaign.objects.create(
        name="Đợt tri ân", starts_on=TODAY, honour_day=TODAY, ends_on=TODAY, opened_at=NOW
    )
    for name, commune in (("A Thử", "near"), ("Y Mẫu", "far")):
        person = Person(
            full_name=name,
            sex="male",
            residence=rows[commune],
            living_state=Living.LIVING,
            living_on=TODAY,
            living_source="Trưởng thôn",
            verification="province",
            verified_on=TODAY,
            verified_by=keeper,
            finding="enough",
            created_by=keeper,
            created_at=NOW,
        )
        person.save()
        sensitive.write(person, {"relative_phone": "0950000001"}, by=keeper, now=NOW)
        rows[name] = person
        rows[f"group of {name}"] = person.categories.create(category=Category.values[0])
        rows[f"visit of {name}"] = person.visits.create(
            on=TODAY, unit=rows["front"], campaign=campaign, recorded_by=keeper, recorded_at=NOW
        )
        rows[f"review of {commune}"] = AreaReview.objects.create(
            area=rows[commune], campaign=campaign, reviewed_on=TODAY, by=keeper, at=NOW
        )


# --- the table ------------------------------------------------------------------------------------

NOBODY = {"administrator", "nobody", "deactivated", "ended", "anonymous"}
WORKS = {"reporter", "unit_head", "lead", "above", "commune", "sibling", "reader", "monitor", "registrar", "several"}
ALL_WORK = {"own", "below", "theirs", "front's", "contribution"}
# Of the five pieces of work: "all; own and below; a lead also its coordinating parts; monitor: of its tasks".
ASSIGNMENTS = {
    "office": ALL_WORK,
    "reader": ALL_WORK,
    "reporter": {"own", "below"},
    "unit_head": {"own", "below"},
    "lead": {"front's", "contribution"},
    "above": set(),
    "commune": {"below"},
    "sibling": {"theirs"},
    "monitor": {"front's", "contribution"},
    "registrar": set(),
    "administrator": set(),
    "several": {"contribution"},
    "nobody": set(),
    "deactivated": set(),
    "ended": set(),
    "anonymous": set(),
}
PERSONS = {who: set() for who in WHO} | {"registrar": {"A Thử"}, "several": {"Y Mẫu"}}


def everywhere(sentence: str = "{}") -> dict[str, set[str]]:
    """The table of work, each name in a sentence: "file of {}"."""
    return {who: {sentence.format(name) for name in names} for who, names in ASSIGNMENTS.items()}


def directives(*known: str, draft: str) -> dict[str, set[str]]:
    """What is seen with a directive: the office also sees the draft's."""
    return {who: {*known, draft} if who == "office" else (set(known) if who in WORKS else set()) for who in WHO}


def test_directives_their_texts_tasks_and_products(house):
    assert house.table(Directive.objects) == directives("issued", "closed", draft="draft")
    assert house.table(DirectiveText.objects) == directives("text of issued", "text of closed", draft="text of draft")
    assert house.table(DirectiveTask.objects) == directives("1a", "1b", draft="task of draft")
    assert house.table(Product.objects) == directives("paper of 1a", draft="paper of task of draft")


def test_assignments_with_their_history_requests_and_nudges(house):
    assert house.table(Assignment.objects) == everywhere()
    assert house.table(StatusChange.objects) == everywhere("move of {}")
    assert house.table(Nudge.objects) == everywhere("nudge of {}")
    assert house.table(ExtensionRequest.objects) == everywhere("request of {}")
    assert house.table(CallNote.objects) == everywhere("call of {}")
    assert house.table(DelayNote.objects) == everywhere("delay of {}")
    deliveries = {"own": "delivery", "theirs": "delivery of theirs"}
    assert house.table(AssignmentProduct.objects) == {
        who: {deliveries[name] for name in names if name in deliveries} for who, names in ASSIGNMENTS.items()
    }


def test_a_letter_is_the_offices_until_it_is_sent_then_the_readers_the_units_and_those_above(house):
    every = {"own", "below", "theirs", "front's"}
    sent = {who: set() for who in WHO} | {
        "office": every,
        "reader": every,
        "reporter": {"own", "below"},
        "unit_head": {"own", "below"},
        "commune": {"below"},
        "sibling": {"theirs"},
        "lead": {"front's"},
    }
    expected = {who: {f"sent letter {name}" for name in names} for who, names in sent.items()}
    expected["office"] |= {f"letter {name}" for name in every}

    assert house.table(ChaseLetter.objects) == expected
    for name in every:
        assert house.files(f"file of letter {name}") == {who: who == "office" for who in WHO}
        assert house.files(f"file of sent letter {name}") == {who: name in names for who, names in sent.items()}


def test_a_coordinating_unit_sees_of_its_lead_the_name_the_day_and_the_state(house):
    user = house.users["several"]
    panel = build_panel(house.rows["contribution"], user, access_of(user, today=TODAY), today=TODAY)

    assert [
        (lead.assignment.unit.name, lead.assignment.due_current, lead.assignment.state) for lead in panel.leads
    ] == [("MTTQ", date(2024, 4, 19), "in_progress")]
    assert "front's" not in house.seen(Assignment.objects, "several")


def test_a_draft_is_the_units_own(house):
    own = {who: who in ("reporter", "unit_head") for who in WHO}

    for model, name in ((UnitReport, "draft report"), (ProgressReport, "draft section"), (SectionFile, "typed file")):
        assert {who: name in names for who, names in house.table(model.objects).items()} == own
    assert house.files("draft file") == own
    below = {who: who == "commune" for who in WHO}
    for model, name in ((UnitReport, "draft below report"), (ProgressReport, "draft below section")):
        assert {who: name in names for who, names in house.table(model.objects).items()} == below


def test_a_report_that_was_sent_is_seen_with_the_work_it_is_about(house):
    drafts = {f"{name} {kind}" for name in ("draft", "draft below") for kind in ("report", "section")}

    assert {who: names - drafts for who, names in house.table(UnitReport.objects).items()} == everywhere("report of {}")
    assert {who: names - drafts for who, names in house.table(ProgressReport.objects).items()} == everywhere(
        "section of {}"
    )
    assert house.table(ReportRound.objects) == everywhere("round of {}")
    for name in sorted(ALL_WORK):
        assert house.files(f"file of {name}") == {who: name in names for who, names in ASSIGNMENTS.items()}


def test_files_of_the_text_go_with_the_directive(house):
    assert house.files("file of the text") == {who: who == "office" or who in WORKS for who in WHO}
    assert house.files("file of the draft text") == {who: who == "office" for who in WHO}


# --- figures --------------------------------------------------------------------------------------

# (units whose row is shown, tasks whose row is shown, counted work); None: the page is not for this role.
FIGURES = {
    "office": ({"district", "commune", "other", "front"}, {"1a", "1b"}, 4),
    "reader": ({"district", "commune", "other", "front"}, {"1a", "1b"}, 4),
    "reporter": ({"district", "commune"}, set(), 2),
    "unit_head": ({"district", "commune"}, set(), 2),
    "lead": ({"front"}, set(), 1),
    "above": (set(), set(), 0),
    "commune": ({"commune"}, set(), 1),
    "sibling": ({"other"}, set(), 1),
    "monitor": (set(), {"1b"}, 0),
    "several": (set(), set(), 0),
}


def figures_of(house: House, who: str):
    user, rows = house.users[who], house.rows
    directive = Directive.objects.get(pk=rows["issued"].pk)
    tallies.refresh(
        directive,
        unit_ids=[rows[name].unit_id for name in ALL_WORK],
        task_ids=[rows["1a"].pk, rows["1b"].pk],
        today=TODAY,
    )
    shown = with_calendar(Directive.objects.all()).get(pk=directive.pk)
    page = build_overview(shown, access_of(user, today=TODAY), today=TODAY)
    names = {row.pk: name for name, row in rows.items() if type(row).__name__ == "Unit"}
    door = Tally.objects.visible_to(user)
    return (
        page,
        {names[line.pk] for line in page.units if line.figures.counted},
        {line.code for line in page.tasks},
        {
            names[pk]
            for pk in door.filter(unit__isnull=False, done_late__gte=0).values_list("unit_id", flat=True)
            if pk in names
        }
        - {"helpers"},
        set(door.filter(task__isnull=False).values_list("task__code", flat=True)),
    )


def test_figures_are_the_own_ones(house):
    for who, (units, tasks, counted) in FIGURES.items():
        page, shown_units, shown_tasks, door_units, door_tasks = figures_of(house, who)

        assert (who, shown_units, shown_tasks) == (who, units, tasks)
        assert (who, page.total.counted, page.published) == (who, counted, None)
        assert (who, door_units, door_tasks) == (who, units, tasks)


def test_published_figures_are_sums_and_no_other_units_row(house):
    Directive.objects.filter(pk=house.rows["issued"].pk).update(figures_published=True)

    for who in ("reporter", "commune", "above", "monitor", "several"):
        units, _, counted = FIGURES[who]
        page, shown_units, shown_tasks, door_units, door_tasks = figures_of(house, who)

        assert (who, shown_units, shown_tasks) == (who, units, {"1a", "1b"})
        assert (who, page.total.counted, page.published.counted) == (who, counted, 4)
        assert (who, door_units, door_tasks) == (who, units, {"1a", "1b"})


def test_figures_are_for_nobody_else(house):
    for who in sorted(NOBODY | {"registrar"}):
        client = Client()
        if who != "anonymous":
            client.force_login(house.users[who])
        status = client.get(f"/tong-quan/{house.rows['issued'].pk}/").status_code

        assert (who, Tally.objects.visible_to(house.users[who]).count()) == (who, 0)
        assert (who, status) == (who, 302 if who in ("anonymous", "deactivated") else 403)


# --- the registry ---------------------------------------------------------------------------------


def persons(sentence: str = "{}") -> dict[str, set[str]]:
    """The table of persons, each name in a sentence."""
    return {who: {sentence.format(name) for name in names} for who, names in PERSONS.items()}


def test_persons_with_their_groups_and_visits(house):
    assert house.table(Person.objects) == persons()
    assert house.table(PersonCategory.objects) == persons("group of {}")
    assert house.table(Visit.objects) == persons("visit of {}")
    assert house.table(AreaReview.objects) == {who: set() for who in WHO} | {
        "registrar": {"review of near"},
        "several": {"review of far"},
    }
    assert {who for who in WHO if can_keep_registry(house.users[who])} == {"registrar", "several"}


def test_sensitive_fields_are_a_further_right(house):
    """ "several" is registrar of the other district without it."""
    allowed = [
        (who, name)
        for who in WHO
        for name in ("A Thử", "Y Mẫu")
        if can_read_sensitive(house.users[who], house.rows[name])
    ]

    assert allowed == [("registrar", "A Thử")]


def test_sensitive_fields_are_shown_for_a_purpose_that_is_logged(house, client):
    address = f"/so-tri-an/{house.rows['A Thử'].pk}/mo/"
    client.force_login(house.users["registrar"])

    without = client.post(address, {"kind": "relative_phone"})
    shown = client.post(address, {"kind": "relative_phone", "purpose-purpose": "visit_call"})

    assert ["0950000001" in answer.content.decode() for answer in (without, shown)] == [False, True]
    event = AuditEvent.objects.get(verb="person.sensitive_read")
    assert (event.actor, event.data["purpose"]) == (house.users["registrar"], "visit_call")
    assert "0950000001" not in str(event.data)


def test_the_registrys_figures(house):
    assert {who for who in WHO if can_read_figures(house.users[who])} == {"office", "reader", "registrar", "several"}
    exact = registry_figures(TODAY, area_ids=access_of(house.users["registrar"], today=TODAY).area_ids)
    assert (exact.communes_total, exact.communes_reviewed, exact.visited) == (1, 1, 1)
