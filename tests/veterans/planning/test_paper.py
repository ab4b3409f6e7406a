"""The plan as a paper: numbers and money without names; the list of names without money, asked for and logged."""

import io
from datetime import time

import pytest
from docx import Document

from records import jobs_runner
from records.models import AuditEvent, Job
from tasks.errors import Refused
from tests.veterans.conftest import NOW, TODAY
from veterans.enums import SensitiveKind
from veterans.models import DataRequest, Delegation, PlanEntry
from veterans.planning import choosing, jobs, paper, plans
from veterans.protection import jobs as protection_jobs

pytestmark = pytest.mark.django_db


def read(content: bytes) -> list[str]:
    """Every line of the file, a table's row joined by bars; what is merged stands once."""
    found = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = {id(cell._tc): cell.text for cell in row.cells}
                found.append(" | ".join(" ".join(text.split()) for text in cells.values()))
        else:
            found.append(block.text)
    return [line for line in found if line.strip()]


def put(plan, land, verified, *people, lines=()):
    """Somebody for each (name, commune, form)."""
    wanted = {verified(name, commune).pk: form for name, commune, form in people}
    return choosing.put_in(plan, wanted, lines=lines, by=land.of_province, now=NOW).added


THREE = ("A Một", "A Hai", "A Ba")


def test_the_plan_of_a_district_holds_numbers_money_and_delegations_and_no_name(funded, land, verified, lines):
    entries = put(
        funded,
        land,
        verified,
        *((name, land.hring, "home") for name in THREE),
        ("A Bốn", land.hamon, "meeting"),
        lines=lines,
    )
    funded.intent = "Thăm đúng người."
    delegation = Delegation.objects.create(
        plan=funded,
        unit=land.unit,
        name="Đoàn số 1",
        leader="Bà Y Hà",
        leader_title="Phó Chủ tịch",
        on=TODAY,
        starts_at=time(7),
        made_by=land.of_near,
        made_at=NOW,
    )
    PlanEntry.objects.filter(pk__in=[entries[0].pk, entries[1].pk]).update(delegation=delegation)

    found = read(paper.plan_file(funded, now=NOW, demo=True))

    assert [
        line for line in found if line in ("Xã Đăk Hring | – | 3 | – | – | 3", "Xã Hà Mòn | 1 | – | – | – | 1")
    ] == [
        "Xã Đăk Hring | – | 3 | – | – | 3",
        "Xã Hà Mòn | 1 | – | – | – | 1",
    ]
    assert [line for line in found if line.startswith("Tổng số")] == [
        "Tổng số | 1 | 3 | – | – | 4",
        "Tổng số |  |  | 6 | 10.000.000",
    ]
    assert [line for line in found if line.startswith(("I", "V"))] == [
        "I- MỤC ĐÍCH, YÊU CẦU",
        "II- ĐỐI TƯỢNG, HÌNH THỨC, THỜI GIAN",
        "III- KINH PHÍ",
        "IV- CÁC ĐOÀN",
    ]
    assert "Tỉnh | 2.000.000 | – | 3 | 10.000.000" in found
    assert "Huyện, thành phố | – | Sữa | 3 | –" in found
    assert "Đoàn số 1 | Bà Y Hà, Phó Chủ tịch | 15/4/2024 | 2" in found
    assert "Thời gian: từ ngày 15/02/2024 đến ngày 15/5/2024." in found
    assert [name for name in (*THREE, "A Bốn") if name in " ".join(found)] == []


def test_small_numbers_of_a_district_do_not_stand_in_the_plan_of_the_province(land, verified):
    whole = plans.make_plan(area=land.province, unit=land.unit, title="Kế hoạch tỉnh", by=land.of_province, now=NOW)
    five = [(f"A {word}", land.hring, "gift") for word in ("Một", "Hai", "Ba", "Bốn", "Năm")]
    put(whole, land, verified, *five, ("Siu Y", land.rokoi, "home"))

    found = read(paper.plan_file(whole, now=NOW, demo=False))

    assert [line for line in found if line.startswith(("Huyện Đăk", "Huyện Sa", "Tổng"))] == [
        "Huyện Đăk Hà | – | – | 5 | – | 5",
        "Huyện Sa Thầy | – | dưới 5 | – | – | dưới 5",
        "Tổng số | – | 1 | 5 | – | 6",
    ]
    assert paper.SMALL_NOTE in found
    assert "Chưa ghi kinh phí." in found


def test_every_page_of_the_demo_says_that_the_data_are_invented(funded):
    heads = []
    for demo in (True, False):
        section = Document(io.BytesIO(paper.plan_file(funded, now=NOW, demo=demo))).sections[0]
        heads.append([part.paragraphs[0].text.strip() for part in (section.header, section.first_page_header)])
    assert ["DỮ LIỆU THỬ" in text for text in heads[0]] == [True, True]
    assert heads[1] == ["", ""]


def ask(plan, user) -> Job:
    job = jobs_runner.start(jobs.PLAN_NAMES, title="Danh sách", arguments={"plan": plan.pk}, by=user, now=NOW)
    jobs_runner.run(job.pk, now=NOW)
    return Job.objects.select_related("result_file").get(pk=job.pk)


def test_the_list_holds_name_year_hamlet_and_form_and_its_making_is_logged(funded, land, verified, lines):
    person = verified(
        "A Thút", land.hring, hamlet="Thôn Kon Proh", phone="0950000001", health="bedridden", circumstances="alone"
    )
    other = verified("A Khiên", land.hamon, birth_is_estimated=True)
    choosing.put_in(funded, {person.pk: "home", other.pk: "gift"}, lines=lines, by=land.of_near, now=NOW)

    job = ask(funded, land.of_near)

    with job.result_file.open_plain() as file:
        content = file.read()
    found = read(content)
    assert [line for line in found if "|" in line or line.startswith("Xã")] == [
        "STT | Họ và tên | Năm sinh | Thôn, làng | Hình thức",
        "Xã Đăk Hring",
        "1 | A Thút | 1930 | Thôn Kon Proh | Thăm tận nhà",
        "Xã Hà Mòn",
        "2 | A Khiên | khoảng 1930 |  | Tặng quà",
    ]
    assert f"Lập bởi {land.of_near}, lúc 09:00 15/4/2024. Mục đích: lập kế hoạch thăm hỏi." in found
    assert [word for word in ("2.000.000", "0950", "Nằm một chỗ", "một mình") if word in " ".join(found)] == []
    event = AuditEvent.objects.get(verb="registry.exported")
    assert (event.target_id, event.data, event.actor) == (
        land.near.pk,
        {"count": 2, "purpose": "plan_visits"},
        land.of_near,
    )
    assert (job.state, job.result_file.is_sealed, len(SensitiveKind.values)) == ("done", True, 8)


def test_who_objected_stands_in_no_list(funded, land, verified):
    person = verified()
    choosing.put_in(funded, {person.pk: "home"}, lines=[], by=land.of_near, now=NOW)
    DataRequest.objects.create(
        person=person,
        kind="object",
        state="done",
        asked_by="A",
        words="x",
        outcome="x",
        received_on=TODAY,
        answer_due=TODAY,
        done_due=TODAY,
        recorded_by=land.of_near,
        recorded_at=NOW,
        answered_by=land.of_near,
        answered_at=NOW,
        closed_by=land.of_near,
        closed_at=NOW,
    )

    ask(funded, land.of_near)

    assert AuditEvent.objects.get(verb="registry.exported").data["count"] == 0


def test_the_list_is_made_with_the_rights_of_this_moment_and_forgotten_after_a_day(funded, land, verified):
    choosing.put_in(funded, {verified().pk: "home"}, lines=[], by=land.of_near, now=NOW)

    with pytest.raises(Refused, match="không còn thuộc địa bàn"):
        ask(funded, land.of_far)
    ask(funded, land.of_near)
    forgotten = [protection_jobs.forget_exports(now=NOW + protection_jobs.KEPT_FOR * days) for days in (1, 2)]

    assert (Job.objects.order_by("pk")[0].state, forgotten) == ("failed", [0, 1])
