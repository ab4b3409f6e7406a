"""Templates of the office's own: read as a tree before they are filled, refused in words, filled without tricks."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.models import AuditEvent, Job
from tasks import paper_templates
from tasks.exports import templates
from tasks.exports.templates import Fields, TemplateRefused
from tasks.models import PaperTemplate
from tests.veterans.conftest import NOW
from tests.veterans.delegations.test_papers import lines_of, made
from veterans.papers import letters, make_templates

KNOWN = Fields(
    {"ho_ten": "họ và tên", "xa": "xã", "dot": "đợt"},
    required=frozenset({"ho_ten"}),
    common=frozenset({"dot"}),
    lists={"danh_sach": {"ten": "tên", "tien": "số tiền"}},
)
LIST = "/so-tri-an/mau-giay-to/"


def word(*lines: str, header: str = "", table: tuple[str, ...] = ()) -> bytes:
    """A Word file with these paragraphs."""
    paper = docx.Document()
    for text in lines:
        paper.add_paragraph(text)
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    if table:
        grid = paper.add_table(rows=0, cols=1)
        for text in table:
            grid.add_row().cells[0].text = text
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def problems_of(data: bytes) -> list[str]:
    with pytest.raises(TemplateRefused) as caught:
        templates.check(data, KNOWN)
    return caught.value.problems


def test_a_template_says_which_fields_it_uses():
    data = word("Gửi {{ ho_ten }}", "{% if xa %}ở {{ xa }}{% endif %}", header="{{ dot }}")
    assert templates.check(data, KNOWN) == {"ho_ten", "xa", "dot"}


def test_a_part_may_depend_on_whether_a_list_has_rows():
    data = word("{{ ho_ten }}", "{% if danh_sach %}Có{% else %}Không{% endif %}")
    assert templates.check(data, KNOWN) == {"ho_ten", "danh_sach"}
    copies = [{"ho_ten": "A", "danh_sach": []}, {"ho_ten": "B", "danh_sach": [{"ten": "C", "tien": "1"}]}]
    assert lines_of(templates.fill(data, copies, common={})) == ["A", "Không", "B", "Có"]


def test_a_field_that_word_cut_into_pieces_is_one_field():
    paper = docx.Document()
    paragraph = paper.add_paragraph()
    for part in ("Gửi {", "{ ho_", "ten }", "}."):
        paragraph.add_run(part).bold = len(part) % 2 == 0
    buffer = io.BytesIO()
    paper.save(buffer)
    assert templates.check(buffer.getvalue(), KNOWN) == {"ho_ten"}
    assert lines_of(templates.fill(buffer.getvalue(), [{"ho_ten": "A Thút"}], common={})) == ["Gửi A Thút."]


ONLY = "Mẫu chỉ được ghi tên trường, vòng lặp và “nếu có”; không được dùng"
LOOP = "Vòng lặp chỉ viết dạng {% for dong in danh_sach %}, không lồng nhau; danh sách: danh_sach."
UNKNOWN = "Các trường dùng được: ho_ten, xa, dot."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ ho_tn }}", f"Không có trường “ho_tn”. {UNKNOWN}"),
        ("{{ self }}", f"Không có trường “self”. {UNKNOWN}"),
        ("{{ ho_ten.__class__ }}", f"{ONLY} dấu chấm sau tên trường."),
        ("{{ ho_ten['__class__'] }}", f"{ONLY} dấu ngoặc vuông."),
        ("{{ ''.__class__.__mro__ }}", f"{ONLY} dấu chấm sau tên trường."),
        ("{{ ho_ten|upper }}", f"{ONLY} bộ lọc (dấu |)."),
        ("{{ ho_ten|attr('__class__') }}", f"{ONLY} bộ lọc (dấu |)."),
        ("{{ cycler() }}", f"{ONLY} lời gọi hàm."),
        ("{{ 9 * 9 }}", f"{ONLY} lệnh khác."),
        ("{{ 'x' }}", f"{ONLY} chữ hoặc số trong ngoặc."),
        ("{% set x = ho_ten %}", f"{ONLY} lệnh đặt giá trị."),
        ("{% include 'x' %}", f"{ONLY} tệp khác."),
        ("{% macro x() %}{% endmacro %}", f"{ONLY} lệnh tự đặt."),
        ("{% for x in ho_ten %}{% endfor %}", LOOP),
        ("{% for x in range(9) %}{% endfor %}", LOOP),
        ("{% for x in danh_sach if x %}{% endfor %}", LOOP),
        ("{% for x in danh_sach %}{% for y in danh_sach %}{% endfor %}{% endfor %}", LOOP),
        ("{% for x in danh_sach %}{{ x }}{% endfor %}", "Sau “x” cần dấu chấm và tên trường của dòng."),
        (
            "{% for x in danh_sach %}{{ x.nam }}{% endfor %}",
            "Không có trường “x.nam”. Các trường dùng được: ten, tien.",
        ),
        (
            "{% for x in danh_sach %}{{ x.__class__ }}{% endfor %}",
            "Không có trường “x.__class__”. Các trường dùng được: ten, tien.",
        ),
        (
            "{{r ho_ten }}",
            "Chỉ viết trường dạng {{ ten_truong }}, không thêm chữ trước tên và không dùng lệnh gộp ô.",
        ),
    ],
)
def test_what_is_unknown_or_computes_is_named(text, words):
    assert problems_of(word("{{ ho_ten }}", text)) == [words]


def test_what_is_missing_is_named():
    assert problems_of(word("Kính mời {{ xa }}")) == ["Mẫu thiếu trường: {{ ho_ten }} (họ và tên)."]


def test_a_field_of_one_copy_has_no_place_in_the_head_of_pages():
    assert problems_of(word("{{ ho_ten }}", header="{{ ho_ten }}")) == [
        "Trường {{ ho_ten }} khác nhau ở từng bản, không đặt ở đầu trang hoặc chân trang."
    ]


@pytest.mark.parametrize(
    "text", ["{{ ho_ten }", "{% if xa %}", "{{ ho_ten }} {{", "{% for %}{% endfor %}", "{{ họ tên }}"]
)
def test_brackets_that_do_not_close_are_told(text):
    [first, *_] = problems_of(word("{{ ho_ten }}", f"x {text} y"))
    assert first.startswith("Một trường hoặc một vòng lặp viết chưa đúng (")


def test_a_loop_from_a_paragraph_into_a_table_is_told_how_it_is_written():
    [told] = problems_of(word("{{ ho_ten }} {% for x in danh_sach %}", table=("{{ x.ten }}{% endfor %}",)))
    assert "{%p for … %}" in told


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no file", b"plain", b"\xd0\xcf\x11\xe0"])
def test_what_word_cannot_open_is_told(data):
    assert problems_of(data) == ["Không mở được tệp này bằng Word. Hãy lưu lại dạng .docx rồi gửi lại."]


def test_a_file_that_is_too_large_is_told():
    assert problems_of(b"0" * 2_000_001) == ["Tệp mẫu lớn nhất 2 MB."]


def test_rows_of_a_known_list_are_repeated():
    data = word("{{ ho_ten }}", table=("{%tr for x in danh_sach %}", "{{ x.ten }}: {{ x.tien }}", "{%tr endfor %}"))
    assert templates.check(data, KNOWN) == {"ho_ten", "danh_sach"}
    rows = [{"ten": "A", "tien": "1"}, {"ten": "B", "tien": "2"}]
    filled = docx.Document(io.BytesIO(templates.fill(data, [{"ho_ten": "C", "danh_sach": rows}], common={})))
    assert [row.cells[0].text for row in filled.tables[0].rows] == ["A: 1", "B: 2"]


@pytest.mark.parametrize(
    "name", ["A & <b>", "\"'", "{{ xa }}", "{% include 'x' %}", "]]>", "</w:t></w:r><w:r><w:t>x", "Nguyễn Văn Ổn"]
)
def test_a_name_is_a_name_whatever_stands_in_it(name):
    filled = templates.fill(word("Gửi {{ ho_ten }}."), [{"ho_ten": name}], common={})
    assert lines_of(filled) == [f"Gửi {name}."]


def test_signs_that_a_word_file_cannot_hold_fall_away():
    filled = templates.fill(word("{{ ho_ten }}"), [{"ho_ten": "A\x0b\x00B\ufffe"}], common={})
    assert lines_of(filled) == ["AB"]


def test_every_copy_begins_on_a_page_of_its_own_with_the_heads_of_the_first():
    data = word("{{ ho_ten }}", header="{{ dot }}")
    filled = templates.fill(data, [{"ho_ten": "A"}, {"ho_ten": "B"}], common={"dot": "Đợt 70 năm"}, banner="THỬ & XEM")
    paper = docx.Document(io.BytesIO(filled))
    assert lines_of(filled) == ["THỬ & XEM", "A", "THỬ & XEM", "B"]
    assert [section.start_type for section in paper.sections] == [docx.enum.section.WD_SECTION.NEW_PAGE] * 2
    assert [section.header.paragraphs[0].text for section in paper.sections] == ["Đợt 70 năm", "Đợt 70 năm"]


def test_a_field_in_a_footnote_would_stay_as_it_is_and_is_told():
    paper = docx.Document()
    paper.add_paragraph("{{ ho_ten }}")
    run = paper.paragraphs[0].runs[0]
    paper.add_comment(run, text="{{ xa }}")
    buffer = io.BytesIO()
    paper.save(buffer)
    assert problems_of(buffer.getvalue()) == [
        "Trường trong chú thích, nhận xét không được điền; hãy chuyển vào nội dung chính."
    ]


@pytest.mark.parametrize(
    ("kind", "name"), [("paper_invitations", "thu-moi.docx"), ("paper_envelopes", "phong-bi.docx")]
)
def test_the_programs_own_templates_are_good_and_are_what_the_script_makes(kind, name):
    own = paper_templates.kinds()[kind]
    assert own.default.name == name
    templates.check(own.default.read_bytes(), own.fields)
    buffer = io.BytesIO()
    make_templates.MADE[name]().save(buffer)
    assert lines_of(buffer.getvalue()) == lines_of(own.default.read_bytes())


# --- the pages -------------------------------------------------------------------------------------


@pytest.fixture
def keeper(client, land, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DEMO = False
    client.force_login(land.of_province)
    return client


def sent(client, data: bytes, name: str = "mau.docx", kind: str = "paper_invitations"):
    return client.post(f"{LIST}{kind}/", {f"{kind}-file": SimpleUploadedFile(name, data)})


GOOD = ("Mời {{ kinh_goi }} {{ ho_ten }}, {{ noi_o }}", "lúc {{ thoi_gian }} tại {{ dia_diem }}")


@pytest.mark.django_db
def test_an_own_template_counts_until_the_programs_own_is_called_back(keeper, land, plan, enter):
    enter("A & B", form="meeting", sex="female", hamlet="Thôn 1")
    assert sent(keeper, word(*GOOD)).status_code == 302
    row = PaperTemplate.objects.get()
    assert (row.kind, row.by_id, row.at, row.file.original_name) == (
        "paper_invitations",
        land.of_province.pk,
        NOW,
        "mau.docx",
    )
    assert (
        "Đang dùng mẫu riêng “mau.docx”, Nguyễn Văn Mttq thay lúc 09:00 15/4/2024." in keeper.get(LIST).content.decode()
    )
    meeting = {"thoi_gian": "8 giờ 00, ngày 05/5/2024", "dia_diem": "Hội trường huyện"}
    content = made(keeper, land.of_province, plan, "paper_invitations", "paper_for_meeting", **meeting)
    assert lines_of(content) == [
        "Mời bà A & B, Thôn 1, xã Đăk Hring, huyện Đăk Hà",
        "lúc 8 giờ 00, ngày 05/5/2024 tại Hội trường huyện",
    ]
    keeper.post(f"{LIST}paper_invitations/", {"do": "reset"})
    content = made(keeper, land.of_province, plan, "paper_invitations", "paper_for_meeting", **meeting)
    assert "GIẤY MỜI" in [text.upper() for text in lines_of(content)]
    verbs = (
        AuditEvent.objects.filter(verb__startswith="registry.template").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["registry.template_kept", "registry.template_reset"]


@pytest.mark.django_db
def test_letters_go_to_those_who_are_invited_alone_by_commune(keeper, land, plan, enter):
    enter("A Nhà")
    enter("A Mời", form="meeting", needs_vehicle=True)
    enter("Y Nữ", land.hamon, form="meeting", sex="male")
    meeting = {"thoi_gian": "8 giờ 00", "dia_diem": "Hội trường"}
    lines = lines_of(made(keeper, land.of_near, plan, "paper_invitations", "paper_for_meeting", **meeting))
    assert [text for text in lines if text.startswith("Kính gửi")] == ["Kính gửi: ông/bà A Mời", "Kính gửi: ông Y Nữ"]
    assert lines.count("Ban Tổ chức bố trí xe đưa đón tại nhà.") == 1
    lines = lines_of(made(keeper, land.of_near, plan, "paper_envelopes", "paper_for_meeting"))
    assert [text for text in lines if text.startswith("Kính gửi")] == ["Kính gửi: ông/bà A Mời", "Kính gửi: ông Y Nữ"]
    assert AuditEvent.objects.filter(verb="registry.paper_made").first().data == {
        "paper": "paper_envelopes",
        "count": 2,
        "purpose": "paper_for_meeting",
    }


@pytest.mark.django_db
def test_the_demos_letters_say_that_all_of_it_is_invented(keeper, land, plan, enter, settings):
    enter(form="meeting")
    settings.DEMO = True
    lines = lines_of(made(keeper, land.of_near, plan, "paper_envelopes", "paper_for_meeting"))
    assert lines[0] == "DỮ LIỆU THỬ – SỐ LIỆU GIẢ ĐỊNH"


@pytest.mark.django_db
def test_a_letter_without_time_and_place_is_not_made_and_what_was_typed_stays(keeper, land, plan, enter):
    enter(form="meeting")
    data = {"plan": plan.pk, "paper": "paper_invitations", "purpose": "paper_for_meeting", "dia_diem": "Hội trường"}
    answer = keeper.post("/so-tri-an/doan/giay-to/", data)
    seen = answer.content.decode()
    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert "Thư mời cần có thời gian gặp mặt." in seen and 'value="Hội trường"' in seen


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (word("{{ ho_ten }}"), "mau.docx", "Mẫu thiếu trường"),
        (word(*GOOD, "{{ luong }}"), "mau.docx", "Không có trường “luong”"),
        (b"PK\x03\x04 broken", "mau.docx", "mau.docx"),
        (word(*GOOD), "mau.docm", "mau.docm"),
        (b"%PDF-1.4", "mau.pdf", "mau.pdf"),
    ],
)
def test_a_file_that_is_no_good_is_refused_beside_its_field(keeper, data, name, words):
    answer = sent(keeper, data, name)
    assert (answer.status_code, PaperTemplate.objects.count()) == (422, 0)
    assert words in answer.content.decode().replace("&quot;", '"')


@pytest.mark.django_db
def test_the_template_that_counts_can_be_taken_and_another_kind_is_unknown(keeper):
    answer = keeper.get(f"{LIST}paper_invitations/")
    assert answer.content == (letters.OWN / "thu-moi.docx").read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="mau-invitations.docx"'
    assert keeper.get(f"{LIST}paper_press/").status_code == 404
    seen = keeper.post(f"{LIST}paper_invitations/", {"do": "reset"}, follow=True).content.decode()
    assert "Đang dùng mẫu chung." in seen


@pytest.mark.django_db
def test_only_the_office_and_the_province_keep_templates(client, land):
    answers = {}
    for user in (land.office, land.of_province, land.of_near, land.reader, land.reporter, land.administrator):
        client.force_login(user)
        answers[user.username] = client.get(LIST).status_code
    assert answers == {
        "vanphong": 200,
        "mttq": 200,
        "dakha": 403,
        "thuongtruc": 403,
        "tinhdoan": 403,
        "quantri": 403,
    }
