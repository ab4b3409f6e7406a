"""What stands on the papers, and what never does: money beside needs, anything sealed, anybody who is gone or objected."""

import io
from datetime import date, time

import docx
import pytest

from records import jobs_runner
from records.models import AuditEvent, Job
from tests.veterans.conftest import NOW, logged_words
from tests.veterans.delegations.test_route import make_gone
from units.models import Area
from veterans import gifts
from veterans.gifts import Given
from veterans.models import Consent, DataRequest, GratitudePlan, Person
from veterans.papers import signatures
from veterans.protection.jobs import forget_exports

pytestmark = pytest.mark.django_db

PLAN_PAPERS = "/so-tri-an/doan/giay-to/"
SECRETS = {
    "id_number": "062030000123",
    "health": "limited",
    "circumstances": "alone",
    "phone": "0950000001",
    "relative_contact": "Chị Hoa, con gái",
    "relative_phone": "0950000002",
}
SECRET_WORDS = ("062030000123", "Đi lại hạn chế", "Sống một mình", "0950000001", "Chị Hoa", "0950000002")


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO = False


def promise(entry, source, money=0, goods="", *, land, now=NOW, kind="gift"):
    given = Given(source, money, goods, kind)
    return gifts.promise(entry.person, given, unit=land.unit, entry=entry, by=land.of_near, now=now)


def lines_of(content) -> list[str]:
    """Every paragraph of the body outside of tables."""
    return [row.text for row in docx.Document(io.BytesIO(content)).paragraphs if row.text]


def tables_of(content) -> list[list[list[str]]]:
    found = docx.Document(io.BytesIO(content)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def words_of(content) -> str:
    paper = docx.Document(io.BytesIO(content))
    heads = [row.text for section in paper.sections for row in section.first_page_header.paragraphs]
    return "\n".join([*heads, *lines_of(content), *(str(table) for table in tables_of(content))])


def taken(client, user, delegation, paper, purpose="paper_for_going") -> bytes:
    client.force_login(user)
    answer = client.post(
        f"/so-tri-an/doan/{delegation.pk}/giay-to/", {"giay-to-paper": paper, "giay-to-purpose": purpose}
    )
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return answer.content


def made(client, user, plan, paper, purpose="paper_for_gifts", **more) -> bytes:
    """A paper of the plan: the page is asked, a worker makes it, the asker downloads it."""
    client.force_login(user)
    answer = client.post(PLAN_PAPERS, {"plan": plan.pk, "paper": paper, "purpose": purpose, **more})
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.latest("pk")
    jobs_runner.run(job.pk, now=NOW)
    return Job.objects.get(pk=job.pk).result_file.open_plain().read()


def test_a_paper_is_made_with_the_rights_of_the_moment_of_its_making(client, land, plan, enter):
    promise(enter("A Anh", land.hring), land.sources["province"], 2_000_000, land=land)
    client.force_login(land.of_near)
    given = {"plan": plan.pk, "paper": "paper_signatures", "purpose": "paper_for_gifts"}
    assert client.post(PLAN_PAPERS, given).status_code == 302
    job = Job.objects.latest("pk")
    land.of_near.memberships.update(area=land.far)
    with pytest.raises(GratitudePlan.DoesNotExist):
        jobs_runner.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.result_file) == ("failed", None)


def test_the_sheet_says_who_goes_whom_they_call_on_and_what_to_bring(client, land, enter, send):
    Area.objects.filter(pk=land.hamon.pk).update(code="1")
    Area.objects.filter(pk=land.hring.pk).update(code="2")
    first = enter("A Anh", land.hring, hamlet="Thôn 1", needs_interpreter=True, needs_vehicle=True, **SECRETS)
    second = enter("Y Bôn", land.hamon, form="gift", birth_year=1932, birth_is_estimated=True)
    promise(first, land.sources["province"], 2_000_000, land=land)
    members = (("Trần Văn Hai", "Hội Cựu chiến binh"), ("Lê Văn Ba", ""))
    row = send(
        first, second, members=members, starts_at=time(7, 30), starts_from="Huyện ủy", leader_title="Phó Chủ tịch"
    )
    content = taken(client, land.of_near, row, "paper_sheet")
    assert lines_of(content) == [
        "ỦY BAN MTTQ TỈNH",
        "PHIẾU CỦA ĐOÀN THĂM",
        "Đoàn số 1",
        "Kỷ niệm 70 năm",
        "Trưởng đoàn: Ông Nguyễn Văn Trưởng, Phó Chủ tịch",
        "Thành viên: Trần Văn Hai, Hội Cựu chiến binh; Lê Văn Ba",
        "Đi: Chủ nhật, 05/5/2024, 07:30, từ Huyện ủy",
        "Đường đi: Xã Hà Mòn → Xã Đăk Hring",
        "Cộng: 2 người, 2 xã, phường, thị trấn.",
        "Lập bởi Nguyễn Văn Dakha, lúc 09:00 15/4/2024. Mục đích: đoàn đi thăm. "
        "Có dữ liệu cá nhân: chỉ dùng cho mục đích trên, hủy khi xong.",
    ]
    assert tables_of(content) == [
        [
            ["TT", "Họ và tên", "Năm sinh", "Xã, thôn", "Hình thức", "Khi đến thăm", "Ghi của đoàn"],
            ["1", "Y Bôn", "khoảng 1932", "Xã Hà Mòn", "Tặng quà", "–", ""],
            [
                "2",
                "A Anh",
                "1930",
                "Thôn 1, Xã Đăk Hring",
                "Thăm tận nhà",
                "cần người phiên dịch, cần xe đưa đón",
                "",
            ],
        ]
    ]
    text = words_of(content)
    assert [word for word in (*SECRET_WORDS, "2.000.000", "đồng") if word in text] == []


def test_the_log_says_who_took_which_paper_along_for_what_and_no_name(client, land, enter, send):
    row = send(enter("A Kín"))
    taken(client, land.of_near, row, "paper_sheet")
    event = AuditEvent.objects.get(verb="registry.paper_made")
    assert (event.target_id, event.actor_id) == (row.pk, land.of_near.pk)
    assert event.data == {"paper": "paper_sheet", "count": 1, "purpose": "paper_for_going"}
    assert "A Kín" not in logged_words()


@pytest.mark.parametrize("data", [{}, {"giay-to-paper": "paper_press", "giay-to-purpose": "paper_for_going"}])
def test_without_a_paper_and_a_purpose_nothing_is_made(client, land, enter, send, data):
    row = send(enter())
    client.force_login(land.of_near)
    assert client.post(f"/so-tri-an/doan/{row.pk}/giay-to/", data).status_code == 422
    assert AuditEvent.objects.filter(verb="registry.paper_made").count() == 0


def test_who_is_gone_or_objected_stands_on_no_paper(client, land, plan, enter, send):
    dead, against, alive = enter("A Mất"), enter("A Phản"), enter("A Còn")
    for entry in (dead, against, alive):
        promise(entry, land.sources["province"], 1_000_000, land=land)
        say_yes(entry.person, land)
    row = send(dead, against, alive)
    make_gone(dead.person, land, "dead")
    object_to(against.person, land)
    papers = [
        taken(client, land.of_near, row, "paper_sheet"),
        taken(client, land.of_near, row, "paper_signatures"),
        made(client, land.of_near, plan, "paper_signatures"),
        made(client, land.of_near, plan, "paper_press"),
    ]
    for content in papers:
        text = words_of(content)
        assert ("A Mất" in text, "A Phản" in text, "A Còn" in text) == (False, False, True)


def object_to(person, land):
    DataRequest.objects.create(
        person=person,
        kind="object",
        state="done",
        received_on=date(2024, 4, 1),
        answer_due=date(2024, 4, 3),
        done_due=date(2024, 4, 16),
        recorded_by=land.of_near,
        recorded_at=NOW,
        closed_by=land.of_near,
        closed_at=NOW,
    )


def say_yes(person, land, given=True):
    Consent.objects.create(
        person=person,
        purpose="name",
        given=given,
        said_by="Con trai",
        way="phone",
        on=date(2024, 4, 1),
        recorded_by=land.of_near,
        recorded_at=NOW,
    )


def test_the_list_for_signature_has_a_commune_a_page_and_the_sums_by_source(client, land, plan, enter):
    Area.objects.filter(pk=land.hamon.pk).update(code="1")
    Area.objects.filter(pk=land.hring.pk).update(code="2")
    anh = enter("A Anh", land.hring, hamlet="Thôn 1", needs_vehicle=True, **SECRETS)
    bon, chi = enter("Y Bôn", land.hamon, form="gift"), enter("Y Chi", land.hamon)
    promise(anh, land.sources["province"], 2_000_000, land=land)
    promise(anh, land.sources["company"], 0, "Chăn & <gạo>", land=land)
    promise(bon, land.sources["province"], 2_000_000, land=land)
    promise(chi, land.sources["province"], 30_000_000, land=land, kind="house")
    content = made(client, land.of_near, plan, "paper_signatures")
    heads = ["TT", "Họ và tên", "Thôn, làng, tổ", "Nguồn", "Số tiền (đồng)", "Hiện vật", "Người nhận ký"]
    lists = [table for table in tables_of(content) if len(table) > 1]
    assert lists == [
        [
            heads,
            ["1", "Y Bôn", "–", "Tỉnh", "2.000.000", "–", ""],
            ["2", "Y Chi", "–", "Tỉnh (hỗ trợ nhà ở)", "30.000.000", "–", ""],
        ],
        [
            heads,
            ["1", "A Anh", "Thôn 1", "Tỉnh", "2.000.000", "–", ""],
            ["2", "A Anh", "Thôn 1", "Doanh nghiệp, nhà hảo tâm", "–", "Chăn & <gạo>", ""],
        ],
    ]
    lines = lines_of(content)
    assert [line for line in lines if line.startswith(("Cộng", "CỘNG", "Trong", "Nguồn"))] == [
        "Cộng: 2 suất, 32.000.000 đồng.",
        "Trong đó: Tỉnh: 1 suất, 2.000.000 đồng; Tỉnh (hỗ trợ nhà ở): 1 suất, 30.000.000 đồng.",
        "Cộng: 2 suất, 2.000.000 đồng, 1 suất có hiện vật.",
        "Trong đó: Tỉnh: 1 suất, 2.000.000 đồng; Doanh nghiệp, nhà hảo tâm: 1 suất hiện vật.",
        "CỘNG CÁC XÃ THEO NGUỒN",
        "Cộng: 4 suất, 34.000.000 đồng, 1 suất có hiện vật.",
        "Trong đó: Tỉnh: 2 suất, 4.000.000 đồng; Tỉnh (hỗ trợ nhà ở): 1 suất, 30.000.000 đồng; "
        "Doanh nghiệp, nhà hảo tâm: 1 suất hiện vật.",
    ]
    paper = docx.Document(io.BytesIO(content))
    starts = [row.text for row in paper.paragraphs if row.paragraph_format.page_break_before]
    assert starts == ["ỦY BAN MTTQ TỈNH", "ỦY BAN MTTQ TỈNH"]
    text = words_of(content)
    assert [word for word in (*SECRET_WORDS, "xe đưa đón", "1930") if word in text] == []


def test_a_gift_that_was_withdrawn_or_given_waits_for_no_signature(client, land, plan, enter):
    entry = enter()
    gift = promise(entry, land.sources["province"], 2_000_000, land=land)
    gifts.withdraw(gift, why="Nhập trùng", by=land.of_near, now=NOW)
    assert "Không có suất quà nào chờ trao." in lines_of(made(client, land.of_near, plan, "paper_signatures"))


def test_a_delegation_takes_the_gifts_of_its_own_people_alone(client, land, enter, send):
    mine, gift_entry, other = enter("A Mình"), enter("A Quà"), enter("A Khác")
    second = enter(form="gift", person=mine.person)
    promise(second, land.sources["province"], 2_000_000, land=land)
    promise(gift_entry, land.sources["province"], 1_000_000, land=land)
    promise(other, land.sources["province"], 3_000_000, land=land)
    row = send(mine, gift_entry)
    send(other, name="Đoàn số 2")
    [table] = [rows for rows in tables_of(taken(client, land.of_near, row, "paper_signatures")) if len(rows) > 1]
    assert [(line[1], line[4]) for line in table[1:]] == [("A Mình", "2.000.000"), ("A Quà", "1.000.000")]


def test_a_gift_whose_entry_goes_with_another_delegation_is_not_taken_twice(client, land, enter, send):
    home = enter("A Hai")
    gift_entry = enter(form="gift", person=home.person)
    promise(gift_entry, land.sources["province"], 2_000_000, land=land)
    first, second = send(home), send(gift_entry, name="Đoàn quà")
    assert "2.000.000" not in words_of(taken(client, land.of_near, first, "paper_signatures"))
    assert "2.000.000" in words_of(taken(client, land.of_near, second, "paper_signatures"))


def test_the_press_gets_only_those_whose_newest_answer_is_yes(client, land, plan, enter):
    yes, changed, never, no = enter("A Có"), enter("A Đổi"), enter("A Chưa"), enter("A Không")
    say_yes(yes.person, land)
    say_yes(changed.person, land)
    say_yes(changed.person, land, given=False)
    say_yes(no.person, land, given=False)
    content = made(client, land.of_near, plan, "paper_press", "paper_for_news")
    assert tables_of(content) == [
        [
            ["TT", "Họ và tên", "Xã, phường, thị trấn", "Đối tượng"],
            ["1", "A Có", "Xã Đăk Hring, huyện Đăk Hà", "Dân công hỏa tuyến"],
        ]
    ]
    text = words_of(content)
    assert [name for name in ("A Đổi", never.person.full_name, "A Không", "1930") if name in text] == []
    seen = client.get(PLAN_PAPERS).content.decode()
    assert (
        'họ tên" class="dt-num">1</td><td data-label="Không có trong danh sách báo chí" class="dt-num">3</td>' in seen
    )


def test_the_demos_papers_say_that_all_of_it_is_invented(client, land, enter, send, settings):
    settings.DEMO = True
    content = taken(client, land.of_near, send(enter()), "paper_sheet")
    assert words_of(content).startswith("DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH")


def test_the_job_names_nobody_and_the_file_is_sealed_and_gone_after_a_day(client, land, plan, enter):
    say_yes(enter("A Kín").person, land)
    made(client, land.of_near, plan, "paper_press")
    job = Job.objects.get()
    assert (job.title, job.result_file.is_sealed) == ("Giấy tờ tri ân: Danh sách cung cấp cho báo chí", True)
    assert "A Kín" not in str(job.arguments)
    assert forget_exports(now=job.finished_at.replace(day=job.finished_at.day + 2)) == 1
    job.result_file.refresh_from_db()
    assert job.result_file.size == 0


def test_a_plan_of_another_district_is_no_choice(client, land, plan, enter):
    enter()
    client.force_login(land.of_far)
    answer = client.post(PLAN_PAPERS, {"plan": plan.pk, "paper": "paper_press", "purpose": "paper_for_news"})
    assert (answer.status_code, Job.objects.count()) == (422, 0)


def test_rights_are_those_of_the_moment_when_the_paper_is_made(client, land, plan, enter):
    entry = enter("A Đi")
    say_yes(entry.person, land)
    Person.objects.filter(pk=entry.person_id).update(residence=land.rokoi)
    assert "A Đi" not in words_of(made(client, land.of_near, plan, "paper_press"))


def test_sums_are_counted_by_source(land, enter):
    first = promise(enter("A Một"), land.sources["district"], 500_000, "Gạo", land=land)
    second = promise(enter("A Hai"), land.sources["district"], 700_000, land=land)
    assert signatures.sums_of([first, second]) == [("Huyện, thành phố", 2, 1_200_000, 1)]
