"""The office's own template: the program's own as a start, what is wrong is named, the one that counted stays."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from directive_tracker import clock
from records.models import AuditEvent
from records.sentences import details
from tasks.exports import templates
from tasks.exports.party_form import HD36
from tasks.models import PaperTemplate, SummaryReport
from tasks.summary import make_template
from tasks.summary.own_template import DEFAULT, FIELDS, values_of
from tasks.summary.writing import write
from tests.factories import at, make_membership, make_office_user, make_unit, make_user
from tests.tasks.summary.frozen import AS_OF, frozen, make_report
from tests.tasks.summary.measuring import opened

NOW = at("2024-05-20", "17:30")
PAGE = "/mau-van-ban/"
DEMO = "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"


@pytest.fixture
def office(client, db, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.MEDIA_ROOT = tmp_path
    user = make_office_user("ngươi-giữ-mẫu")
    client.force_login(user)
    return user


def word(*lines: str) -> bytes:
    paper = Document()
    for text in lines:
        paper.add_paragraph(text)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def send(client, data: bytes, name: str = "mau.docx"):
    return client.post(f"{PAGE}summary/", {"summary-file": SimpleUploadedFile(name, data)})


GOOD = ("{{ trich_yeu }}, đến ngày {{ so_lieu_den }}", "{{ tong_so }} việc, quá hạn {{ qua_han }}")


def everything(paper) -> list[str]:
    """All texts of a paper, tables too."""
    found = [paragraph.text for paragraph in paper.paragraphs]
    return found + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]


def test_the_programs_own_template_is_what_the_script_makes_and_uses_every_field():
    made = make_template.template()

    assert everything(Document(DEFAULT)) == everything(made)
    assert templates.check(DEFAULT.read_bytes(), FIELDS) == {*FIELDS.names, *FIELDS.lists}


def test_every_field_has_a_value_and_no_value_is_left_without_a_field():
    report = SummaryReport(draft_number=2, as_of=AS_OF, profile="HD36", data=frozen())

    values = values_of(report, HD36)

    assert set(values) == {*FIELDS.names, *FIELDS.lists}
    assert {name: set(values[name][0]) for name in FIELDS.lists} == {
        name: set(own) for name, own in FIELDS.lists.items()
    }
    assert {name: values[name] for name in ("tong_so", "dung_han", "xong_qua_han", "trong_han", "qua_han")} == {
        "tong_so": "8",
        "dung_han": "4",
        "xong_qua_han": "1",
        "trong_han": "2",
        "qua_han": "1",
    }
    assert values["don_vi"][1] == {
        "stt": "2",
        "ten": "Đoàn <A & B>",
        "so_giao": "3",
        "dung_han": "0",
        "xong_qua_han": "1",
        "trong_han": "1",
        "khong_thoi_han": "0",
        "qua_han": "1",
        "ngoai_thong_ke": "3",
        "so_gia_han": "1",
        "so_tra_lai": "1",
        "ty_le": "0/2 (0%)",
    }
    assert [(row["muc"], row["nhiem_vu"], row["doan"]) for row in values["noi_dung"]][:4] == [
        (
            "Đợt sinh hoạt chính trị tư tưởng, công tác tuyên truyền",
            "Ban hành kế hoạch tuyên truyền (nhiệm vụ 1a.1)",
            "- Huyện ủy Đắk Hà: Đã tổ chức 11 buổi nói chuyện.",
        ),
        ("", "", "- Tỉnh đoàn: Đã có 5 câu lạc bộ."),
        ("", "", "Dòng thứ hai <A & B>."),
        ("", "Cổ động trực quan (nhiệm vụ 1a.2)", "Chưa có nội dung báo cáo được xác nhận."),
    ]


def test_the_default_page_offers_the_programs_own_template_with_its_fields(client, office):
    seen = client.get(PAGE).content.decode()
    taken = client.get(f"{PAGE}summary/")

    assert "Đang dùng mẫu chung." in seen
    assert "{{ trich_yeu }}</code></dt><dd>trích yếu (phải có)</dd>" in seen
    assert "{{ x.nguyen_nhan }}" in seen
    assert taken.content == DEFAULT.read_bytes()
    assert taken["Content-Disposition"] == 'attachment; filename="mau-summary.docx"'


def test_an_own_template_counts_for_reports_made_with_it_and_stays_theirs(client, office):
    assert send(client, word(*GOOD), "mẫu văn phòng.docx").status_code == 302
    row = PaperTemplate.objects.get()
    report = make_report(template=row)
    client.post(f"{PAGE}summary/", {"do": "reset"})

    paper = opened(write(report, moment=NOW, demo=False))

    assert [paragraph.text for paragraph in paper.paragraphs] == [
        "tổng hợp kết quả thực hiện Công văn số 127-CV/TU, ngày 05/02/2024 của Ban Thường vụ Tỉnh ủy về tuyên truyền kỷ "
        "niệm 70 năm Chiến thắng Điện Biên Phủ, đến ngày 20/5/2024",
        "8 việc, quá hạn 1",
    ]
    assert [(event.verb, details(event)) for event in AuditEvent.objects.order_by("pk")] == [
        ("template.kept", "giấy tờ: summary"),
        ("template.reset", "giấy tờ: summary"),
    ]


def test_a_report_made_after_going_back_has_the_programs_own_words(client, office):
    send(client, word(*GOOD))
    client.post(f"{PAGE}summary/", {"do": "reset"})
    report = make_report(template=PaperTemplate.objects.first())

    assert "BÁO CÁO" in [paragraph.text for paragraph in opened(write(report, moment=NOW, demo=False)).paragraphs]


def test_the_demos_own_template_says_on_every_page_that_the_data_is_invented(client, office):
    send(client, DEFAULT.read_bytes())
    report = make_report(template=PaperTemplate.objects.get())

    paper = opened(write(report, moment=NOW, demo=True))

    tops = [paper.sections[0].first_page_header, *(section.header for section in paper.sections)]
    assert [top.paragraphs[0].text for top in tops] == [DEMO] * 4


def test_while_an_own_template_counts_the_programs_own_can_still_be_taken(client, office):
    send(client, word(*GOOD))

    seen = client.get(PAGE).content.decode()

    assert "Đang dùng mẫu riêng “mau.docx”" in seen
    assert client.get(f"{PAGE}summary/?mau=chung").content == DEFAULT.read_bytes()
    assert client.get(f"{PAGE}summary/").content != DEFAULT.read_bytes()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (word("{{ trich_yeu }}"), "mau.docx", "Mẫu thiếu trường: {{ so_lieu_den }} (ngày chốt số liệu)."),
        (word(*GOOD, "{{ luong }}"), "mau.docx", "Không có trường “luong”"),
        (word(*GOOD, "{% for x in don_vi %}{{ x.luong }}{% endfor %}"), "mau.docx", "Không có trường “x.luong”"),
        (word(*GOOD, "{{ trich_yeu|upper }}"), "mau.docx", "không được dùng bộ lọc (dấu |)"),
        (b"PK\x03\x04 broken", "mau.docx", "mau.docx"),
        (b"", "mau.docx", "mau.docx"),
        (word(*GOOD), "mau.docm", "mau.docm"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_its_field(client, office, data, name, words):
    answer = send(client, data, name)

    assert (answer.status_code, PaperTemplate.objects.count()) == (422, 0)
    assert words in answer.content.decode().replace("&quot;", '"') or (
        data == b"" and "trống" in answer.content.decode()
    )


def test_no_file_and_an_unknown_kind_are_told(client, office):
    assert client.post(f"{PAGE}summary/").status_code == 422
    assert client.get(f"{PAGE}paper_invitations/").status_code == 404


@pytest.mark.parametrize("role", ["reader", "reporter", "unit_head", "administrator"])
def test_only_the_office_keeps_templates(client, db, role):
    user = make_user()
    make_membership(user, make_unit(), role)
    client.force_login(user)

    assert [
        client.get(PAGE).status_code,
        client.get(f"{PAGE}summary/").status_code,
        send(client, word(*GOOD)).status_code,
    ] == [
        403,
        403,
        403,
    ]
